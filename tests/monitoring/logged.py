"""A few films, and request logs of any kind about them."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from movieapp.database import Database
from tests.databases import copy_of

NOW = datetime(2026, 1, 2, 12, 30, tzinfo=UTC)
SINCE = NOW - timedelta(hours=24)
N_MOVIES = 8
COLUMNS = {
    "request_id": pl.String,
    "requested_at": pl.Datetime,
    "user_id": pl.Int32,
    "endpoint": pl.String,
    "model_version": pl.String,
    "recommendations": pl.List(pl.Int32),
    "latency_ms": pl.Float64,
    "is_fallback": pl.Boolean,
    "status": pl.Int16,
}


def a_request(**other: Any) -> dict[str, Any]:
    """Return a good answer within the period, but for what is said otherwise."""
    return {
        "request_id": str(uuid.uuid4()),
        "requested_at": datetime(2026, 1, 2, 11, 59),
        "user_id": 1,
        "endpoint": "recommend",
        "model_version": "1",
        "recommendations": [1, 2],
        "latency_ms": 2.0,
        "is_fallback": False,
        "status": 200,
    } | other


def frame_of(requests: list[dict[str, Any]]) -> pl.DataFrame:
    """Return the requests as rows."""
    return pl.DataFrame(requests, schema=COLUMNS)


def database_of(requests: list[dict[str, Any]], genres: list[list[str]] | None = None) -> Database:
    """Return a database with films 1 to 8, of these genres, and these requests."""
    database = copy_of()
    films = {
        "movie_id": range(1, N_MOVIES + 1),
        "title": [f"Film {number}" for number in range(1, N_MOVIES + 1)],
        "release_year": [2000] * N_MOVIES,
    }
    listed = pl.Series(genres or [[]] * N_MOVIES, dtype=pl.List(pl.String))
    database.append("ingest/movies", pl.DataFrame(films).with_columns(genres=listed))
    log(database, requests)
    return database


def log(database: Database, requests: list[dict[str, Any]]) -> None:
    """Add requests to the log."""
    scores = pl.col("recommendations").cast(pl.List(pl.Float32))
    rows = frame_of(requests).with_columns(scores=scores, asked=pl.lit("{}"))
    database.append("serving/log_requests", rows)


def rate(database: Database, ratings: list[tuple[int, int, float, datetime]]) -> None:
    """Add ratings: user, film, stars and when (UTC without a zone)."""
    for user_id, movie_id, rating, when in ratings:
        values = {"user_id": user_id, "movie_id": movie_id, "rating": rating, "source": "app"}
        database.write("serving/add_rating", rated_at=when, arrived_at=when, **values)
