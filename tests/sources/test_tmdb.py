"""Films and posters from a server that speaks TMDB's shape, and misbehaves."""

import logging
import socket
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from movieapp.database import Database
from movieapp.errors import Invalid, MovieAppError
from movieapp.sources.metadata import AGAIN_AFTER, FRESH_FOR
from movieapp.sources.tmdb import ATTRIBUTION
from movieapp.sources.tmdb.access import Access
from movieapp.sources.tmdb.films import MOST_REFUSED, Fetched, fetch
from movieapp.sources.tmdb.line import LONGEST_PAUSE_S, PAUSES, SLICE_S, Unreachable
from movieapp.sources.tmdb.pictures import PosterCache, media_type
from movieapp.sources.tmdb.posters import MOST_BYTES
from tests.databases import copy_of
from tests.rows import rows
from tests.sources.four_films import NOW, add_three, four_films
from tests.sources.tmdb_server import JPEG, KEY, Answer, Server, at_once, details, running, said

DATED = {"Date": "Tue, 03 Feb 2026 10:00:00 GMT", "Retry-After": "Tue, 03 Feb 2026 10:00:09 GMT"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as server:
        add_three(server)
        yield server


@pytest.fixture
def release() -> Iterator[Database]:
    database = copy_of(four_films)
    yield database
    database.close()


@pytest.fixture
def posters(tmp_path: Path) -> PosterCache:
    return PosterCache(tmp_path / "posters")


@pytest.fixture
def run(server: Server, release: Database, posters: PosterCache) -> Callable[..., Fetched]:
    def call(**changed: Any) -> Fetched:
        reached = {name: changed.pop(name) for name in Access.__slots__ if name in changed}
        access = replace(at_once(server), **reached)
        return fetch(release, access, **({"folder": posters.folder, "now": NOW} | changed))

    return call


def known(database: Database) -> dict[int, dict]:
    found = rows(database, "from film_metadata order by movie_id").to_dicts()
    return {row["movie_id"]: row for row in found}


def test_films_are_found_by_each_of_the_ways(run, server: Server, release: Database) -> None:
    assert run() == Fetched(n_found=3, n_unknown=1, n_failed=0, n_posters=3, n_posters_failed=0)
    films = known(release)
    assert {movie_id: (row["tmdb_id"], row["matched_by"]) for movie_id, row in films.items()} == {
        1: (201, "tmdb id"),
        2: (202, "imdb id"),
        3: (203, "title"),
    }
    assert films[1] | {"fetched_at": None} == {
        "movie_id": 1,
        "tmdb_id": 201,
        "imdb_id": 101,
        "title": "Alpha",
        "original_title": "Alpha",
        "overview": "The story of Alpha.",
        "runtime_min": 101,
        "released_on": date(1971, 6, 7),
        "vote_average": 7.25,
        "n_votes": 321,
        "popularity": 12.5,
        "poster_path": "/poster00000201.jpg",
        "backdrop_path": "/backdrop00000201.jpg",
        "keywords": ["space", "robot"],
        "directors": ["Director"],
        "actors": ["First", "Second"],
        "origin": "tmdb",
        "matched_by": "tmdb id",
        "fetched_at": None,
    }


def test_one_question_brings_credits_and_keywords_too(run, server: Server) -> None:
    run()
    assert server.asked[0] == "/3/movie/201?append_to_response=credits%2Ckeywords&language=en-US"
    assert server.questions[1:4] == ["/find/tt0000102", "/movie/202", "/search/movie"]


def test_posters_are_kept_on_the_disk(run, server: Server, posters: PosterCache, tmp_path: Path) -> None:
    server.pictures["/poster00000202.jpg"] = b"\x89PNG\r\n\x1a\n" + bytes(40)
    run()
    files = posters.files()
    assert sorted(files) == [f"/poster0000020{n}.jpg" for n in (1, 2, 3)]
    assert files["/poster00000201.jpg"].read_bytes() == JPEG
    assert posters.has("/poster00000201.jpg")
    assert not posters.has("/poster00000299.jpg")
    (tmp_path / "films.duckdb").touch()
    assert not posters.has("/../../films.duckdb")


def test_the_key_goes_to_the_api_alone(run, server: Server) -> None:
    run()
    for path, key in zip(server.asked, server.keys, strict=True):
        assert key == (f"Bearer {KEY}" if path.startswith("/3/") else None)
        assert KEY not in path


def test_what_is_there_and_fresh_is_not_asked_for_again(run, server: Server, release: Database) -> None:
    run()
    n_asked = len(server.asked)
    assert run() == Fetched(0, 0, 0, 0, 0)
    assert len(server.asked) == n_asked
    later = NOW + FRESH_FOR + timedelta(days=1)
    server.films[201]["overview"] = "Another story."
    assert run(now=later).n_found == 3
    assert known(release)[1]["overview"] == "Another story."


def test_the_most_rated_films_come_first_and_it_stops_at_will(run, server: Server, release: Database) -> None:
    class Stop(Exception):
        pass

    def progress(stage: str, share: float) -> None:
        if share >= 0.5:
            raise Stop

    with pytest.raises(Stop):
        run(progress=progress)
    assert list(known(release)) == [1, 2]
    assert run().n_found == 1
    assert server.questions.count("/movie/201") == 1


def test_it_stops_at_will_in_the_middle_of_a_long_wait(run, server: Server) -> None:
    server.planned = [Answer(429, headers={"Retry-After": "100"})]
    waited: list[float] = []

    class Stop(Exception):
        pass

    def progress(stage: str, share: float) -> None:
        if len(waited) == 3:
            raise Stop

    with pytest.raises(Stop):
        run(pause=waited.append, progress=progress)
    assert waited == [SLICE_S] * 3


@pytest.mark.parametrize(
    ("headers", "waits_s"),
    [({"Retry-After": "7"}, 7.0), ({}, PAUSES[0]), ({"Retry-After": "soon"}, PAUSES[0]), (DATED, 9.0)],
)
def test_asked_too_often_it_waits_as_long_as_it_is_told(
    run, server: Server, headers: dict[str, str], waits_s: float
) -> None:
    server.planned = [Answer(429, headers=headers)]
    waited: list[float] = []
    assert run(pause=waited.append).n_found == 3
    # Between requests it waits next to nothing here.
    assert sum(waited) == pytest.approx(waits_s, abs=0.01)


def test_a_wait_of_hours_is_left_to_the_next_run(run, server: Server) -> None:
    server.planned = [Answer(429, headers={"Retry-After": str(int(LONGEST_PAUSE_S) + 1)})]
    waited: list[float] = []
    with pytest.raises(Unreachable, match=r"asked too often.*0 films .* kept; the next run"):
        run(pause=waited.append)
    assert sum(waited) == 0


def test_it_keeps_to_its_pace(run) -> None:
    waited: list[float] = []
    run(per_second=0.1, pause=waited.append)
    # Six questions and three posters, ten seconds apart on either line, less the time that passes by itself.
    assert sum(waited) == pytest.approx(10 * (5 + 2), abs=9)


TROUBLE = {
    "500": Answer(500),
    "503 with a wait": Answer(503, headers={"Retry-After": "1"}),
    "429": Answer(429),
    "silence": Answer(stall=True),
    "a cut body": Answer(body=said(details(201, "Alpha", 1971)).body, cut=40),
    "half of the JSON": Answer(body=b'{"id": 201, "title": "Al'),
    "no JSON": Answer(body=b"<html>Sign in to the hotel's network</html>"),
    "a list": said([1, 2, 3]),
}


@pytest.mark.parametrize("name", TROUBLE)
def test_trouble_that_passes_costs_nothing(run, server: Server, release: Database, name: str) -> None:
    server.planned = [TROUBLE[name]]
    assert run().n_found == 3
    assert list(known(release)) == [1, 2, 3]


@pytest.mark.parametrize("name", ["500", "429", "silence", "a cut body"])
def test_trouble_that_stays_ends_the_run_with_a_sentence(
    run, server: Server, release: Database, name: str
) -> None:
    run(progress=lambda stage, share: None)
    n_asked = len(server.questions)
    server.planned = [TROUBLE[name]] * 50
    with pytest.raises(Unreachable, match=r"TMDB cannot be used now: .*0 films .* goes on from there"):
        run(now=NOW + 2 * FRESH_FOR)
    assert len(server.questions) == n_asked + 1 + len(PAUSES)
    assert list(known(release)) == [1, 2, 3]


@pytest.mark.parametrize(
    "answer",
    [
        said(details(999, "Another", 1971)),
        said({"id": 201}),
        said({"success": False}),
        Answer(400, b"{}"),
        Answer(body=b"9" * 5_000_000),
        Answer(body=b"[" * 100_000),
    ],
)
def test_a_senseless_answer_about_one_film_leaves_the_others(
    run, server: Server, release: Database, answer: Answer
) -> None:
    server.planned = [answer, answer]
    done = run()
    # A wrong film is known by its number alone, so that it is not asked for a second time.
    assert (done.n_found, done.n_failed) in ((2, 1), (1, 2))
    server.planned = []
    # Such a film waits, or it would come first in every run.
    assert run() == Fetched(0, 0, 0, 0, 0)
    assert run(now=NOW + AGAIN_AFTER + timedelta(minutes=1)).n_failed == 0
    assert list(known(release)) == [1, 2, 3]


def test_senseless_answers_about_all_films_end_the_run_and_count_against_none(
    run, server: Server, tiny_copy: Database, posters: PosterCache
) -> None:
    server.planned = [Answer(body=b"<html>")] * 100
    with pytest.raises(Unreachable, match="not JSON"):
        fetch(tiny_copy, at_once(server), folder=posters.folder, now=NOW)
    assert len(server.asked) == 2 * MOST_REFUSED
    assert rows(tiny_copy, "from film_lookups").is_empty()


def test_a_run_that_is_out_of_time_leaves_the_rest_to_the_next_ones(
    run, server: Server, release: Database, posters: PosterCache
) -> None:
    server.planned_pictures = [Answer(503)] * 4
    found = []
    for n_left in (3, 2, 1):
        done = run(most_s=0)
        assert done.n_left == n_left
        found.append(done.n_found)
    assert found == [1, 1, 1]
    # The films are done with this one, and posters are begun; one is here already.
    last = run(most_s=0)
    assert (last.n_unknown, last.n_posters, last.n_left) == (1, 1, 0)
    assert run(most_s=0) == Fetched(0, 0, 0, 0, 0)
    assert len(posters.files()) == 3


def test_wrong_types_are_left_out_one_by_one(run, server: Server, release: Database) -> None:
    server.films[201] = details(
        201,
        "Alpha",
        1971,
        overview=5,
        runtime="long",
        release_date="soon",
        vote_average=[],
        popularity=-1,
        poster_path="/../../etc/passwd",
        credits=[],
        keywords={"keywords": [None, {"name": 7}, {"name": "kept\ud800"}]},
        imdb_id="nm0000001",
    )
    run()
    first = known(release)[1]
    names = ("overview", "runtime_min", "released_on", "vote_average", "popularity", "poster_path", "imdb_id")
    assert [first[name] for name in names] == [None] * len(names)
    assert (first["keywords"], first["actors"], first["directors"]) == (["kept"], [], [])


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(body=b"<svg onload=alert(1)>" + bytes(40)), "no picture"),
        (Answer(404), "does not have it"),
        (Answer(body=JPEG + bytes(MOST_BYTES)), "more than"),
        (Answer(body=JPEG, has_length=False), "may be cut short"),
        (Answer(400), "status 400"),
    ],
)
def test_a_poster_that_is_none_is_noted_and_not_asked_for_again(
    run, server: Server, release: Database, posters: PosterCache, answer: Answer, problem: str
) -> None:
    server.planned_pictures = [answer] * 2 if answer.status != 404 else [answer]
    done = run()
    assert (done.n_found, done.n_posters) == (3, 2)
    assert not posters.has("/poster00000201.jpg")
    assert list(posters.folder.rglob("*.part")) == []
    assert problem in rows(release, "select reason from poster_lookups").item()
    n_asked = len(server.asked)
    run()
    assert len(server.asked) == n_asked
    assert run(now=NOW + timedelta(days=31)).n_posters == 1


def test_a_cut_poster_is_fetched_again(run, server: Server, posters: PosterCache) -> None:
    server.planned_pictures = [Answer(body=JPEG, cut=100)]
    assert run().n_posters == 3
    assert posters.files()["/poster00000201.jpg"].read_bytes() == JPEG


def test_facts_come_without_posters_when_pictures_are_out_of_reach(
    run, server: Server, release: Database
) -> None:
    server.planned_pictures = [Answer(503)] * 100
    with pytest.raises(Unreachable, match=r"picture server cannot be used now.*3 films were fetched"):
        run()
    assert list(known(release)) == [1, 2, 3]
    server.planned_pictures = []
    assert run() == Fetched(0, 0, 0, n_posters=3, n_posters_failed=0)


def test_nobody_there_is_said(run, release: Database) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(Unreachable, match="cannot be connected to"):
            run(address=address)
    assert known(release) == {}


@pytest.mark.parametrize(
    ("answer", "words"),
    [(Answer(302, headers={"Location": "http://hotel.lan/"}), "from this network"), (Answer(403), "refuses")],
)
def test_a_blocked_network_is_said_at_once(run, server: Server, answer: Answer, words: str) -> None:
    server.planned = [answer]
    with pytest.raises(Unreachable, match=words):
        run()
    assert len(server.asked) == 1


def test_the_key_is_in_no_message_and_no_log(run, server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    other = SecretStr("another-long-read-access-token")
    with pytest.raises(Unreachable, match=r"refuses the key.*API Read Access Token") as refused:
        run(key=other)
    assert len(server.asked) == 1
    told = "".join(traceback.format_exception(refused.value)) + caplog.text + repr(refused.value)
    assert other.get_secret_value() not in told
    server.planned = [Answer(500)] * 50
    with pytest.raises(Unreachable) as failed:
        run()
    told = "".join(traceback.format_exception(failed.value)) + caplog.text
    assert KEY not in told


@pytest.mark.parametrize("key", ["", "two\nlines-of-it", "ключ-ключ-ключ", "0123456789abcdef" * 2])
def test_what_cannot_be_the_key_is_refused_unsaid(run, server: Server, key: str) -> None:
    with pytest.raises(Invalid, match="API Read Access Token") as refused:
        run(key=SecretStr(key))
    assert not key or key not in str(refused.value)
    assert server.asked == []


def test_a_folder_that_cannot_be_written_is_said(run, tmp_path: Path, release: Database) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MovieAppError, match="Posters cannot be saved"):
        run(folder=tmp_path / "file")
    assert list(known(release)) == [1]


def test_kinds_of_pictures_are_told_by_their_bytes() -> None:
    assert media_type(JPEG) == "image/jpeg"
    assert media_type(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"
    assert media_type(b"GIF89a") is None
    assert media_type(b"") is None


def test_the_attribution_is_what_tmdb_asks_for() -> None:
    assert ATTRIBUTION == "This product uses the TMDB API but is not endorsed or certified by TMDB."
