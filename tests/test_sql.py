"""Every SQL file keeps the rules: a header that is true, a name that the code uses, and it binds."""

import re
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from movieapp.database import SQL, Database

FILES = sorted(path.relative_to(SQL).with_suffix("").as_posix() for path in SQL.rglob("*.sql"))
STATEMENTS = [name for name in FILES if not name.startswith("schema/")]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (SQL.parent / "movieapp").rglob("*.py"))

# One example per name: a parameter or an incoming column means the same in all of sql/.
MOMENT = datetime(2020, 1, 1)
UUID = "00000000-0000-0000-0000-000000000001"
EXAMPLES: dict[str, object] = {
    **dict.fromkeys(("movie_id", "user_id", "line", "n_header", "n_rejected", "n_users", "n_asked"), 1),
    **dict.fromkeys(("imdb_id", "tmdb_id", "age", "release_year", "seconds", "latest", "status"), 1),
    **dict.fromkeys(("age_field", "gender_field"), 2),
    **dict.fromkeys(("rating", "value", "low", "high", "latency_ms"), 1.0),
    **dict.fromkeys(("now", "since", "until", "decided_at", "evaluated_at", "created_at"), MOMENT),
    **dict.fromkeys(("requested_at", "first_asked_at", "last_asked_at"), MOMENT),
    **dict.fromkeys(("is_csv", "is_promoted", "is_fallback", "is_same_release", "is_app_user"), True),
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
    assert re.fullmatch(r"-- [A-Z].*[.:)]", first), first


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_file_is_one_statement_and_its_header_lists_its_parameters(name: str) -> None:
    (statement,) = duckdb.extract_statements(text(name))
    assert statement.named_parameters == set(header(name, "params"))
    assert bool(header(name, "incoming")) == bool(re.search(r"\bincoming\b", _code_of(name)))


@pytest.mark.parametrize("name", STATEMENTS)
def test_it_binds_against_the_migrated_schema(name: str, database: Database, tmp_path: Path) -> None:
    params = {key: example(key, tmp_path) for key in header(name, "params")}
    incoming = pl.DataFrame({key: [example(key, tmp_path)] for key in header(name, "incoming")})
    with database.transaction() as cursor:
        connection = cursor._cursor
        if header(name, "incoming"):
            connection.register("incoming", incoming)
        connection.execute(f"explain {text(name)}", params or None)


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_code_uses_it_by_its_name(name: str) -> None:
    assert f'"{name}"' in CODE


def test_the_code_names_no_file_that_is_not_there() -> None:
    named = set(re.findall(r'\.(?:read|write|append)\(\s*"([a-z_]+/[a-z_0-9]+)"', CODE))
    assert named <= set(STATEMENTS)
    assert len(named) > 20


def _code_of(name: str) -> str:
    return "\n".join(line for line in text(name).splitlines() if not line.strip().startswith("--"))


def test_migrating_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    database = Database(tmp_path / "movieapp.duckdb")
    assert database.migrate() == [name for name in FILES if name.startswith("schema/")]
    assert database.migrate() == []
    database.close()
