"""The database: statements by name, whole transactions, one process at a time."""

import os
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import duckdb
import polars as pl
import pytest

from movieapp.database import BrokenInput, Database, Turns, Unwritable
from movieapp.errors import Conflict

REPOSITORY = Path(__file__).resolve().parent.parent
LINKS = pl.DataFrame({"movie_id": [1, 2], "imdb_id": [11, 22], "tmdb_id": [111, None]})


def n_movies_linked(database: Database) -> int:
    with database.transaction() as cursor:
        return int(cursor._cursor.sql("select count(*) from links").fetchall()[0][0])


def test_migrations_are_applied_once_and_in_order() -> None:
    database = Database()
    names = database.migrate()
    assert names == sorted(names)
    assert names[0] == "schema/0001_releases"
    assert database.migrate() == []
    database.close()


def test_what_is_appended_can_be_read(database: Database) -> None:
    assert database.append("ingest/links", LINKS) == 2
    assert n_movies_linked(database) == 2


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    def stop_half_way() -> None:
        with database.transaction() as cursor:
            cursor.write("ingest/links", incoming=LINKS)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_half_way()
    assert n_movies_linked(database) == 0


def test_a_reader_sees_nothing_of_an_open_transaction(database: Database) -> None:
    dataset = {"release": "ml-1m", "origin": "", "checksum": "", "now": datetime(2026, 1, 2), "n_rejected": 0}
    with database.transaction() as cursor:
        cursor.write("ingest/record_dataset", **dataset)
        assert cursor.read("ingest/dataset").height == 1
        assert database.read("ingest/dataset").height == 0
    assert database.read("ingest/dataset").height == 1


def test_writers_take_turns(database: Database) -> None:
    frames = [
        pl.DataFrame({"movie_id": [start + i for i in range(5)], "imdb_id": [1] * 5, "tmdb_id": [1] * 5})
        for start in range(0, 100, 5)
    ]
    threads = [threading.Thread(target=database.append, args=("ingest/links", frame)) for frame in frames]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert n_movies_linked(database) == 100


def test_writers_get_their_turn_in_the_order_in_which_they_asked(database: Database) -> None:
    order: list[int] = []

    def write(number: int) -> None:
        with database.transaction():
            order.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    with database.transaction():
        for number, thread in enumerate(threads):
            thread.start()
            while len(database._writer._waiting) <= number:
                pass
    # The one that had it asks again at once, and stands behind all that wait.
    write(5)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4, 5]


def test_a_writer_may_write_within_its_own_transaction() -> None:
    turns = Turns()
    order: list[str] = []

    def follow() -> None:
        with turns:
            order.append("other")

    other = threading.Thread(target=follow)
    with turns:
        with turns:
            other.start()
            while not turns._waiting:
                pass
        order.append("owner")
    other.join()
    assert order == ["owner", "other"]


def test_what_was_written_is_there_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "movieapp.duckdb"
    database = Database(path)
    database.migrate()
    database.append("ingest/links", LINKS)
    database.reconnect()
    assert n_movies_linked(database) == 2
    database.close()
    again = Database(path)
    assert again.migrate() == []
    assert n_movies_linked(again) == 2
    again.close()


def test_a_value_that_cannot_be_is_broken_input(database: Database) -> None:
    frame = pl.DataFrame({"movie_id": ["one"], "imdb_id": [1], "tmdb_id": [1]})
    with pytest.raises(BrokenInput, match="one"):
        database.append("ingest/links", frame)


def test_a_file_held_by_another_process_is_a_conflict(tmp_path: Path) -> None:
    path = tmp_path / "movieapp.duckdb"
    code = f"import duckdb; c = duckdb.connect({str(path)!r}); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(Conflict, match=rf"in use by another program \(.*process {holder.pid}\)"):
            Database(path)
        holder.communicate("\n")


def test_a_file_that_is_no_database_is_a_conflict(tmp_path: Path) -> None:
    path = tmp_path / "movieapp.duckdb"
    path.write_text("a shopping list, and a long one, so that it is no empty file " * 100)
    with pytest.raises(Conflict, match=r"is not a database|cannot be opened"):
        Database(path)


def test_a_folder_that_is_not_there_is_a_conflict(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="cannot be opened"):
        Database(tmp_path / "nowhere" / "movieapp.duckdb")


NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def release(database: Database) -> None:
    """Store that a release is in."""
    database.write(
        "ingest/record_dataset",
        release="ml-1m",
        origin="-",
        checksum="0",
        now=NOW.replace(tzinfo=None),
        n_rejected=0,
    )


def rows_of(file: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask a published file as an analyst does, in a connection of one's own."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_what_is_published_is_everything_with_the_views_and_says_of_when_it_is(tmp_path: Path) -> None:
    database = Database(tmp_path / "movieapp.duckdb")
    database.migrate()
    release(database)
    database.append("ingest/links", LINKS)
    target = tmp_path / "analytics.duckdb"
    database.publish(target, now=NOW)
    tables = "select table_name from duckdb_tables() order by 1"
    with database.transaction() as cursor:
        assert rows_of(target, tables) == cursor._cursor.execute(tables).fetchall()
    assert rows_of(target, "from links order by movie_id") == [(1, 11, 111), (2, 22, None)]
    assert rows_of(target, "select published_at from dataset") == [(datetime(2026, 1, 2, 3, 4),)]
    assert rows_of(target, "from daily_traffic") == []
    storage = "select tags['storage_version'] from duckdb_databases() where not internal"
    assert rows_of(target, storage) == [("v1.2.0+",)]
    # The live file knows nothing of it.
    assert database.read("ingest/dataset").height == 1
    with database.transaction() as cursor:
        assert cursor._cursor.execute("select published_at from dataset").fetchall() == [(None,)]
        assert cursor._cursor.execute(
            "select count(*) from duckdb_views() where not internal"
        ).fetchall() == [(0,)]
        assert cursor._cursor.execute(
            "select count(*) from duckdb_databases() where not internal"
        ).fetchall() == [(1,)]
    database.close()


def test_publishing_again_replaces_the_file_whole_and_its_readers_go_on(
    database: Database, tmp_path: Path
) -> None:
    target = tmp_path / "analytics.duckdb"
    database.publish(target, now=NOW)
    with duckdb.connect(str(target), read_only=True) as reader:
        database.append("ingest/links", LINKS)
        database.publish(target, now=NOW)
        assert reader.execute("select count(*) from links").fetchall() == [(0,)]
    assert rows_of(target, "select count(*) from links") == [(2,)]
    assert [file.name for file in tmp_path.iterdir()] == ["analytics.duckdb"]


def test_publishing_waits_for_no_writer_and_shows_nothing_of_what_is_not_committed(
    database: Database, tmp_path: Path
) -> None:
    target = tmp_path / "analytics.duckdb"
    publisher = threading.Thread(target=database.publish, args=(target,), kwargs={"now": NOW})
    with database.transaction() as cursor:
        cursor.write("ingest/links", incoming=LINKS)
        publisher.start()
        publisher.join(30)
        assert not publisher.is_alive()
    assert rows_of(target, "select count(*) from links") == [(0,)]
    assert n_movies_linked(database) == 2


def test_what_a_killed_publication_left_is_gone_with_the_next(database: Database, tmp_path: Path) -> None:
    for name in ("analytics.duckdb.new", "analytics.duckdb.new.wal", "analytics.duckdb.wal"):
        (tmp_path / name).write_bytes(b"half a file")
    database.publish(tmp_path / "analytics.duckdb", now=NOW)
    assert [file.name for file in tmp_path.iterdir()] == ["analytics.duckdb"]
    assert rows_of(tmp_path / "analytics.duckdb", "select count(*) from links") == [(0,)]


def test_a_publication_that_fails_leaves_the_old_file_and_no_debris_and_a_later_one_works(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "analytics.duckdb"
    database.publish(target, now=NOW)
    database.append("ingest/links", LINKS)

    def refuse(_from: Path, _to: Path) -> None:
        raise PermissionError(13, "The process cannot access the file")

    with monkeypatch.context() as windows:
        windows.setattr(os, "replace", refuse)
        with pytest.raises(Conflict, match="another program may hold it open"):
            database.publish(target, now=NOW)
    assert [file.name for file in tmp_path.iterdir()] == ["analytics.duckdb"]
    assert rows_of(target, "select count(*) from links") == [(0,)]
    database.publish(target, now=NOW)
    assert rows_of(target, "select count(*) from links") == [(2,)]


def test_publishing_where_there_is_no_folder_is_a_conflict(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="cannot be written"):
        database.publish(tmp_path / "nowhere" / "analytics.duckdb", now=NOW)
    assert n_movies_linked(database) == 0


def test_a_full_disk_leaves_what_was_published_before(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "analytics.duckdb"
    database.publish(target, now=NOW)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(Unwritable, match="no room to publish"):
        database.publish(target, now=NOW)
    assert rows_of(target, "select count(*) from links") == [(0,)]


PUBLISHING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from movieapp.database import Database
database = Database(Path(sys.argv[1]) / "movieapp.duckdb")
print("ready", flush=True)
while True:
    database.publish(Path(sys.argv[1]) / "analytics.duckdb", now=datetime.now(UTC))
"""


def test_a_process_killed_while_it_publishes_leaves_a_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "analytics.duckdb"
    database = Database(tmp_path / "movieapp.duckdb")
    database.migrate()
    links = pl.DataFrame({"movie_id": range(50_000), "imdb_id": [1] * 50_000, "tmdb_id": [1] * 50_000})
    database.append("ingest/links", links)
    database.publish(target, now=NOW)
    database.close()
    for seconds in (0.01, 0.05, 0.1, 0.2):
        with subprocess.Popen(
            [sys.executable, "-c", PUBLISHING, str(tmp_path)], stdout=subprocess.PIPE, cwd=REPOSITORY
        ) as publisher:
            assert publisher.stdout is not None
            publisher.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                publisher.wait(seconds)
            publisher.kill()
        assert rows_of(target, "select count(*) from links") == [(50_000,)]
    database = Database(tmp_path / "movieapp.duckdb")
    database.publish(target, now=NOW)
    database.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["analytics.duckdb", "movieapp.duckdb"]


READING = """
import sys, duckdb
n = 0
print("ready", flush=True)
while n < 20:
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        ((n_links,),) = connection.execute("select count(*) from links").fetchall()
        assert n_links % 2 == 0, n_links
        connection.execute("from daily_traffic").fetchall()
    n += 1
print(n)
"""


def test_nobody_is_refused_while_it_is_published_over_and_over_and_written_to(
    database: Database, tmp_path: Path
) -> None:
    target = tmp_path / "analytics.duckdb"
    database.publish(target, now=NOW)
    with subprocess.Popen(
        [sys.executable, "-c", READING, str(target)], stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        number = 0
        while reader.poll() is None:
            number += 2
            pair = {"movie_id": [number, number + 1], "imdb_id": [1, 1], "tmdb_id": [1, 1]}
            database.append("ingest/links", pl.DataFrame(pair))
            database.publish(target, now=NOW)
        assert reader.stdout.read() == "20\n"
    assert rows_of(target, "select count(*) from links") == [(number,)]


class Interrupted:
    """A frame that somebody ends the program at by Ctrl+C while DuckDB reads it."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        raise KeyboardInterrupt


def test_an_interruption_while_a_frame_is_read_stays_one(database: Database) -> None:
    with pytest.raises(KeyboardInterrupt):
        database.append("ingest/movies", Interrupted())  # type: ignore[arg-type]
    assert database.read("catalog/dataset").is_empty()
