"""Questions of analysts to the published file: some to begin with, and answers as CSV."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from movieapp.database import PUBLISHED, Answer, Database, Published, statement

BEGINNINGS = (
    "questions/contents",
    "questions/columns",
    "questions/traffic",
    "questions/latency",
    "questions/versions",
    "questions/decisions",
    "questions/top_movies",
    "questions/followed",
    "questions/genres",
    "questions/long_tail",
    "questions/people",
    "questions/wanted",
    "questions/jobs",
    "questions/rejected",
)
AGE = "publishing/published_at"
# As DuckDB names them.
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")


@dataclass(frozen=True, slots=True)
class Question:
    """What it asks, in words and in SQL."""

    title: str
    sql: str


@cache
def questions() -> tuple[Question, ...]:
    """Return the questions to begin with."""
    return tuple(_question(statement(name)) for name in BEGINNINGS)


def published_of(database: Database) -> Published | None:
    """Return the published file of an instance; None for a database in memory, which has no place for one."""
    return None if database.path is None else Published(database.path.with_name(PUBLISHED))


def published_at(published: Published) -> datetime | None:
    """Return when the file was published, as it says itself; None without a file or a release in it."""
    if not published.is_there:
        return None
    rows = published.ask(statement(AGE)).rows
    instant = rows[0][0] if rows else None
    return None if instant is None else datetime.fromisoformat(instant).replace(tzinfo=UTC)


def csv_of(answer: Answer) -> str:
    """Return an answer as CSV: a line of names, then the rows; null is an empty field."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(answer.columns)
    writer.writerows(answer.rows)
    return text.getvalue()


def is_number(kind: str) -> bool:
    """Whether values of a type of DuckDB's are numbers, which stand at the right."""
    return kind.removeprefix("U").startswith(NUMBERS) and not kind.endswith("]")


def _question(text: str) -> Question:
    title, _, sql = text.partition("\n")
    return Question(title.removeprefix("-- "), sql.rstrip())
