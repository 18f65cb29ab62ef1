"""The database: statements by name, whole transactions, one process at a time."""

import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from movieapp.database import BrokenInput, Database
from movieapp.errors import Conflict

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
