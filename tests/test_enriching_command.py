"""`launcher.py enrich`: metadata from a file or, with a key, from TMDB."""

import _thread
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from movieapp import instance
from movieapp.cli import main
from movieapp.database import open_database
from movieapp.sources.tmdb.access import Access
from tests.rows import rows
from tests.sources.tmdb_server import KEY, Server, details, running
from tests.tiny_release import write_release

LINES = [
    "id,imdb_id,title,release_date,overview",
    "201,tt0000101,The Number 1,1971-01-01,A plot.",
    "999,,The Number 2,1972-01-01,",
    "no id,,,,",
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the tiny release."""
    data = tmp_path / "data"
    assert main(["ingest", "--data", str(data), "--from", str(write_release(tmp_path))]) == 0
    return data


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A TMDB that knows two films, in the place of the real one."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("MOVIEAPP_TMDB_KEY", KEY)
    with running() as server:
        there = partial(Access, address=f"{server.address}/3", images=f"{server.address}/t/p", per_second=1e4)
        monkeypatch.setattr(instance, "Access", there)
        server.films = {201: details(201, "Number 1", 1971), 202: details(202, "Number 2", 1972)}
        yield server


def test_a_file_is_read_and_what_it_covers_is_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "movies_metadata.csv"
    file.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    assert main(["enrich", "--data", str(data), "--from", str(file)]) == 0
    told = capsys.readouterr().out
    assert "Matched by TMDB id: 1, by IMDb id: 0, by title and year: 1." in told
    assert "Rejected rows: 1:" in told
    assert "row 4: the id 'no id' is no TMDB id" in told
    assert "2 of 26 films (7.7%) have metadata" in told


def test_without_a_file_and_a_key_the_ways_out_are_told(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["enrich", "--data", str(data)]) == 2
    told = capsys.readouterr().err
    assert "MOVIEAPP_TMDB_KEY" in told
    assert "enrich --from" in told


def test_with_a_key_everything_is_fetched_at_once(
    data: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["enrich", "--data", str(data), "--verbose"]) == 0
    told = capsys.readouterr()
    assert "2 films and 2 posters came from TMDB; 24 are not known there." in told.out
    assert "2 of 26 films" in told.out
    assert KEY not in told.out + told.err
    assert len(list((data / "posters").rglob("*.jpg"))) == 2


def test_interrupted_it_keeps_what_came(
    data: Path, server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Server.answer

    def interrupt(self: Server, path: str, key: str | None) -> object:
        if len(self.questions) == 1:
            _thread.interrupt_main()
        return answer(self, path, key)

    monkeypatch.setattr(Server, "answer", interrupt)
    assert main(["enrich", "--data", str(data)]) == 130
    assert "what came is kept" in capsys.readouterr().err
    monkeypatch.undo()
    database = open_database(data)
    assert rows(database, "from film_lookups").height <= 1
    database.close()
