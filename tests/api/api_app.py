"""The whole API in one process, over a release with two tastes: odd people like Action, even people Drama."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import polars as pl
from fastapi import FastAPI
from starlette.testclient import TestClient

from movieapp.api.app import build_api
from movieapp.database import Database
from movieapp.models.als import ALS
from movieapp.models.bundle import Bundle
from movieapp.preparation.interactions import Interactions, read_ratings
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.serving.status import Status
from tests.databases import copy_of, nothing

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
STARTED = datetime(2026, 1, 2, 3, 4, 0, tzinfo=UTC)
N = 20


def fill(database: Database) -> None:
    """Put the release into an empty database. Movie 21 has no rating: no model knows it."""
    movie_ids = range(1, N + 2)
    movies = pl.DataFrame(
        {
            "movie_id": movie_ids,
            "title": [f"{'Action' if i <= N // 2 else 'Drama'} {i}, The ({1980 + i})" for i in movie_ids],
            "release_year": [1980 + i for i in movie_ids],
            "genres": [["Action" if i <= N // 2 else "Drama"] for i in movie_ids],
        }
    )
    rows = [
        (user, movie, 5.0 if (user % 2 == 1) == (movie <= N // 2) else 1.5, 1000 * user + movie)
        for user in range(1, N + 1)
        for movie in range(1, N + 1)
        if (user + movie) % 4
    ]
    ratings = pl.DataFrame(rows, schema=["user_id", "movie_id", "rating", "seconds"], orient="row")
    people = pl.DataFrame(
        {"user_id": [1], "gender": ["F"], "age": [25], "occupation": ["writer"], "zip_code": ["1"]}
    )
    database.append("ingest/movies", movies)
    database.write("ingest/ratings", incoming=ratings, now=NOW.replace(tzinfo=None))
    database.append("ingest/users", people)
    origin = {"release": "two-tastes", "origin": "made up", "checksum": "0"}
    database.write("ingest/record_dataset", **origin, now=NOW.replace(tzinfo=None), n_rejected=0)


@cache
def bundle() -> Bundle:
    """Train on everything, once for all apps."""
    database = copy_of(fill)
    ratings = Interactions.of(read_ratings(database))
    database.close()
    als = ALS(factors=4, iterations=5).fit(ratings)
    facts = {"algorithm": "als", "trained_at": NOW.isoformat(), "metrics": {}}
    return Bundle.of(als, als, ratings, facts=facts)


@dataclass
class App:
    """Everything that serves, and a client of it."""

    database: Database
    profiles: Profiles
    recommender: Recommender
    log: RequestLog
    status: Status
    api: FastAPI
    client: TestClient


def build(filled: Callable[[Database], None] = nothing) -> App:
    """Build the app over an empty database, or over what the function puts in."""
    database = copy_of(filled)
    profiles = Profiles(database)
    log = RequestLog(database)
    recommender = Recommender(database, profiles, log, clock=lambda: NOW)
    status = Status(started_at=STARTED)
    api = build_api(
        recommender=recommender,
        profiles=profiles,
        status=status,
        log=log,
        database=database,
        allowed_hosts=(),
        clock=lambda: NOW,
    )
    client = TestClient(api, base_url="http://127.0.0.1:8080", raise_server_exceptions=False)
    return App(database, profiles, recommender, log, status, api, client)


def build_serving() -> App:
    """Build the app over the release, with a version that serves."""
    app = build(fill)
    app.profiles.load()
    app.recommender.show(read_catalogue(app.database))
    app.recommender.swap(bundle(), version="3")
    app.status.ready()
    return app
