"""Every SQL file keeps the rules: a header that is true, a name that the code uses, and it binds."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from movieapp.database import SQL, Database

FILES = sorted(path.relative_to(SQL).with_suffix("").as_posix() for path in SQL.rglob("*.sql"))
VIEWS = [name for name in FILES if name.startswith("views/")]
QUESTIONS = [name for name in FILES if name.startswith("questions/")]
STATEMENTS = [name for name in FILES if not name.startswith(("schema/", "views/"))]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (SQL.parent / "movieapp").rglob("*.py"))

# One example per name: a parameter or an incoming column means the same in all of sql/.
MOMENT = datetime(2020, 1, 1)
UUID = "00000000-0000-0000-0000-000000000001"
EXAMPLES: dict[str, object] = {
    **dict.fromkeys(("movie_id", "user_id", "line", "n_header", "n_rejected", "n_users", "n_asked"), 1),
    **dict.fromkeys(("imdb_id", "tmdb_id", "age", "release_year", "seconds", "latest", "status"), 1),
    **dict.fromkeys(("age_field", "gender_field"), 2),
    **dict.fromkeys(("k", "window_days", "part", "n_parts", "new_id"), 1),
    **dict.fromkeys(("rating", "value", "low", "high", "latency_ms"), 1.0),
    **dict.fromkeys(("now", "since", "until", "decided_at", "evaluated_at", "created_at"), MOMENT),
    **dict.fromkeys(("day", "replayed_at", "failed_since", "rated_at", "arrived_at", "at"), MOMENT),
    **dict.fromkeys(("requested_at", "first_asked_at", "last_asked_at"), MOMENT),
    **dict.fromkeys(
        ("is_csv", "is_promoted", "is_fallback", "is_same_release", "is_app_user", "is_final"), True
    ),
    **dict.fromkeys(("request_id", "event_id"), UUID),
    "encoding": "utf-8",
    "delimiter": ",",
    "pattern": "(.)(.)(.)(.)",
    "genres": ["Drama"],
    "recommendations": [1],
    "scores": [1.0],
}


def example(name: str, folder: Path) -> object:
    """Return a value for a parameter or a column; words for everything that is not listed above."""
    if name == "file":
        (folder / "file.csv").write_text("1,2,3\n", encoding="utf-8")
        return str(folder / "file.csv")
    return EXAMPLES.get(name, "words")


def text(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def header(name: str, key: str) -> list[str]:
    """Return what line 2 or 3 lists after `-- params:` or `-- incoming:`."""
    for line in text(name).splitlines()[1:3]:
        if line.startswith(f"-- {key}: "):
            return [part.strip().lstrip("$") for part in line.removeprefix(f"-- {key}: ").split(",")]
    return []


@pytest.mark.parametrize("name", FILES)
def test_line_one_is_a_sentence(name: str) -> None:
    first = text(name).splitlines()[0]
    ending = "[?]" if name in QUESTIONS else "[.:)]"
    assert re.fullmatch(rf"-- [A-Z].*{ending}", first), first


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_file_is_one_statement_and_its_header_lists_its_parameters(name: str) -> None:
    (statement,) = duckdb.extract_statements(text(name))
    assert statement.named_parameters == set(header(name, "params"))
    assert bool(header(name, "incoming")) == bool(re.search(r"\bincoming\b", _code_of(name)))


@pytest.fixture(scope="module")
def migrated() -> Iterator[Database]:
    """A migrated database in memory; nothing is executed in it."""
    database = Database()
    database.migrate()
    yield database
    database.close()


@pytest.fixture(scope="module")
def with_views() -> Iterator[Database]:
    """The same with the views for analysts."""
    database = Database()
    database.migrate()
    with database.transaction() as cursor:
        for view in VIEWS:
            cursor._cursor.execute(text(view))
    yield database
    database.close()


@pytest.mark.parametrize("name", STATEMENTS)
def test_it_binds_against_the_migrated_schema(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    params = {key: example(key, tmp_path) for key in header(name, "params")}
    incoming = pl.DataFrame({key: [example(key, tmp_path)] for key in header(name, "incoming")})
    database = request.getfixturevalue("with_views" if name in QUESTIONS else "migrated")
    with database.transaction() as cursor:
        connection = cursor._cursor
        if header(name, "incoming"):
            connection.register("incoming", incoming)
        connection.execute(f"explain {text(name)}", params or None)
        connection.unregister("incoming")


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_code_uses_it_by_its_name(name: str) -> None:
    assert f'"{name}"' in CODE


def test_the_code_names_no_file_that_is_not_there() -> None:
    named = set(re.findall(r'\.(?:read|write|append)\(\s*"([a-z_]+/[a-z_0-9]+)"', CODE))
    assert named <= set(STATEMENTS)
    assert len(named) > 20


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """What an instance without data publishes."""
    file = tmp_path_factory.mktemp("published") / "analytics.duckdb"
    database = Database()
    database.migrate()
    database.publish(file, now=datetime(2026, 1, 1, tzinfo=UTC))
    database.close()
    with duckdb.connect(str(file), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_says_what_its_rows_and_each_of_its_columns_are(
    name: str, published: duckdb.DuckDBPyConnection
) -> None:
    view = name.removeprefix("views/")
    about = published.execute("select comment from duckdb_views() where view_name = ?", [view]).fetchall()
    columns = published.execute(
        "select column_name, comment from duckdb_columns() where table_name = ?", [view]
    ).fetchall()
    assert about == [(text(name).splitlines()[0].removeprefix("-- "),)]
    assert about[0][0].startswith("One row per ")
    assert columns
    assert [column for column, comment in columns if not re.fullmatch(r"(?s)[\w\"].*\.", comment or "")] == []
    assert published.sql(f'from "{view}"').fetchall() == []


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_stands_on_tables_alone(name: str) -> None:
    others = {view.removeprefix("views/") for view in VIEWS} - {name.removeprefix("views/")}
    assert others.isdisjoint(re.findall(r"(?:from|join) (\w+)", _code_of(name)))


def _code_of(name: str) -> str:
    return "\n".join(line for line in text(name).splitlines() if not line.strip().startswith("--"))


def test_migrating_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    database = Database(tmp_path / "movieapp.duckdb")
    assert database.migrate() == [name for name in FILES if name.startswith("schema/")]
    assert database.migrate() == []
    database.close()
