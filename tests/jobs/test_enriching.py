"""The job that fetches films, in the app that serves meanwhile, from a TMDB that misbehaves."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from movieapp.api.app import build_api
from movieapp.jobs.background import Jobs
from movieapp.jobs.table import JOBS
from movieapp.jobs.work import Terms, Workplace
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.serving.status import Status
from tests.databases import copy_of
from tests.jobs.held import wait_until
from tests.rows import rows
from tests.sources.four_films import add_three, four_films
from tests.sources.tmdb_server import JPEG, KEY, Answer, Server, at_once, details, running, said

# Each passes; None is an answer as it should be.
TROUBLE = [
    Answer(500),
    Answer(429, headers={"Retry-After": "1"}),
    Answer(stall=True),
    None,
    Answer(body=said(details(201, "Alpha", 1971)).body, cut=40),
    None,
    Answer(body=b"<html>Sign in to the hotel's network</html>"),
]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as server:
        add_three(server)
        yield server


@pytest.fixture
def place(server: Server, tmp_path: Path) -> Iterator[Workplace]:
    """An instance that serves popular films."""
    database = copy_of(four_films)
    profiles = Profiles(database)
    profiles.load()
    recommender = Recommender(database, profiles, RequestLog(database), clock=now)
    recommender.show(read_catalogue(database))
    yield Workplace(database, tmp_path, Terms(seed=3), recommender, at_once(server))
    database.close()


Serve = Callable[..., TestClient]


def now() -> datetime:
    """Runs are told apart by when they began."""
    return datetime.now(UTC)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return what serves a place with the one job; it is ended with the test."""
    opened: list[Jobs] = []

    def start(place: Workplace, **times: timedelta) -> TestClient:
        assert place.recommender is not None
        status = Status(started_at=now())
        table = {"enrich": JOBS["enrich"]}
        jobs = Jobs(place, status=status, times=times, clock=now, table=table)
        api = build_api(
            recommender=place.recommender,
            profiles=Profiles(place.database),
            status=status,
            log=RequestLog(place.database),
            database=place.database,
            jobs=jobs,
            clock=now,
        )
        jobs.open(lambda _progress, _was_interrupted: status.ready())
        opened.append(jobs)
        client = TestClient(api, base_url="http://127.0.0.1:8080", raise_server_exceptions=False)
        wait_until(lambda: client.get("/health").json()["status"] == "ok")
        return client

    yield start
    for jobs in opened:
        jobs.close()


def runs(client: TestClient) -> list[dict[str, Any]]:
    """Return the runs of the job, the newest first."""
    found: list[dict[str, Any]] = client.get("/jobs").json()["jobs"][0]["runs"]
    return found


def done(client: TestClient) -> dict[str, Any]:
    """Wait until the job has nothing to do any more, and return its newest run."""
    wait_until(lambda: runs(client) and all(run["outcome"] for run in runs(client)))
    return runs(client)[0]


def test_trouble_that_passes_is_not_seen_from_outside(place: Workplace, serve: Serve, server: Server) -> None:
    server.planned = list(TROUBLE)
    server.planned_pictures = [Answer(body=b"<svg/>"), Answer(body=b"<svg/>"), Answer(body=JPEG, cut=9)]
    client = serve(place)
    assert client.get("/movie/1").json()["overview"] is None
    assert client.get("/posters/1").status_code == 404
    assert client.post("/jobs/enrich").status_code == 202
    while runs(client)[0]["outcome"] is None:
        assert client.get("/health").json()["status"] == "ok"
        assert len(client.get("/popular").json()["results"]) == 4
    assert "3 films and 2 posters came from TMDB" in done(client)["summary"]
    # The one that was no picture is the first film's.
    assert [film["poster_url"] for film in client.get("/popular").json()["results"]] == [
        None,
        "/posters/2?v=poster00000202",
        "/posters/3?v=poster00000203",
        None,
    ]


def test_what_came_is_shown_without_a_restart(place: Workplace, serve: Serve) -> None:
    client = serve(place)
    client.post("/jobs/enrich")
    done(client)
    film = client.get("/movie/1").json()
    expected = {
        "overview": "The story of Alpha.",
        "runtime": 101,
        "released_on": "1971-06-07",
        "directors": ["Director"],
        "cast": ["First", "Second"],
        "keywords": ["space", "robot"],
        "tmdb_vote_avg": 7.25,
        "tmdb_popularity": 12.5,
        "tmdb_id": 201,
        "poster_url": "/posters/1?v=poster00000201",
    }
    assert {name: film[name] for name in expected} == expected
    # A film without links has them from where it was found.
    assert client.get("/movie/3").json()["tmdb_id"] == 203
    found = client.get("/movies/search", params={"q": "director"}).json()["results"]
    assert [one["movie_id"] for one in found] == [1, 2, 3]
    poster = client.get(film["poster_url"])
    assert (poster.status_code, poster.content, poster.headers["content-type"]) == (200, JPEG, "image/jpeg")
    assert "immutable" in poster.headers["cache-control"]
    assert "immutable" not in client.get("/posters/1").headers["cache-control"]


def test_a_poster_that_is_not_there_is_said_in_the_one_shape(place: Workplace, serve: Serve) -> None:
    client = serve(place)
    client.post("/jobs/enrich")
    done(client)
    for file in place.posters.files().values():
        file.unlink()
    for path in ("/posters/1", "/posters/4", "/posters/4711"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
        assert "MOVIEAPP_TMDB_KEY" in answer.json()["detail"]
    for path in ("/posters/..%2f..%2fmovieapp.duckdb", "/posters/0", "/posters/x"):
        assert client.get(path).status_code in (404, 422)


def test_trouble_that_stays_fails_the_run_and_keeps_what_came(
    place: Workplace, serve: Serve, server: Server
) -> None:
    server.down_after = 1
    client = serve(place)
    client.post("/jobs/enrich")
    run = done(client)
    assert run["outcome"] == "failed"
    assert "TMDB cannot be used now" in run["error"]
    assert "1 film was fetched and is kept; the next run goes on from there" in run["error"]
    assert client.get("/health").json()["status"] == "ok"
    assert client.get("/movie/1").json()["overview"] == "The story of Alpha."
    server.down_after = None
    client.post("/jobs/enrich")
    assert "2 films" in done(client)["summary"]
    assert server.questions.count("/movie/201") == 1


def test_it_ends_at_will_and_what_came_is_shown(place: Workplace, serve: Serve) -> None:
    assert place.tmdb is not None
    slow = replace(place.tmdb, per_second=4.0, pause=time.sleep)
    client = serve(replace(place, tmdb=slow))
    client.post("/jobs/enrich")
    wait_until(lambda: not rows(place.database, "from film_metadata").is_empty())
    assert client.delete("/jobs/enrich").status_code == 202
    assert done(client)["outcome"] == "cancelled"
    assert 1 <= rows(place.database, "from film_metadata").height < 3
    assert client.get("/movie/1").json()["runtime"] == 101


def test_it_gives_its_turn_to_others_and_asks_again_while_anything_is_left(
    place: Workplace, serve: Serve
) -> None:
    hasty = replace(place, terms=replace(place.terms, fetching_s=0.0))
    client = serve(hasty, enrich=timedelta(hours=6))
    # It began by itself, because films are missing.
    wait_until(lambda: rows(place.database, "from film_lookups").height == 4)
    done(client)
    found = rows(place.database, "from job_runs order by started_at")
    assert found["started_by"].unique().to_list() == ["schedule"]
    assert found.height >= 4
    assert "left for the next run" in found["summary"][0]
    assert "left for the next run" not in found["summary"][-1]
    assert len(place.posters.files()) == 3
    client.post("/jobs/enrich")
    assert done(client)["outcome"] == "skipped"


def test_without_a_key_it_does_not_begin(place: Workplace, serve: Serve, server: Server) -> None:
    client = serve(replace(place, tmdb=None))
    refused = client.post("/jobs/enrich")
    assert (refused.status_code, refused.json()["error"]) == (422, "invalid")
    assert "MOVIEAPP_TMDB_KEY" in refused.json()["detail"]
    (listed,) = client.get("/jobs").json()["jobs"]
    assert (listed["next_run_at"], listed["runs"]) == (None, [])
    assert server.asked == []


def test_the_key_is_told_to_nobody(
    place: Workplace, serve: Serve, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    other = "another-long-read-access-token"
    server.planned = [Answer(401, f'{{"status_message": "{other} is wrong"}}'.encode())]
    place = replace(place, tmdb=replace(at_once(server), key=SecretStr(other)))
    client = serve(place)
    client.post("/jobs/enrich")
    told = [str(done(client)), caplog.text, repr(place)]
    assert "refuses the key" in told[0]
    told += [client.get(path).text for path in ("/health", "/jobs", "/movie/1", "/openapi.json", "/docs")]
    for text in told:
        assert other not in text
        assert KEY not in text
