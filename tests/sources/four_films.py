"""A release of four films: one with both ids, one with an IMDb id, one without, and one that TMDB lacks."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from movieapp.database import Database
from movieapp.sources.movielens import ingest
from tests.sources.tmdb_server import Server, details

NOW = datetime(2026, 2, 3, tzinfo=UTC)
MOVIES = [
    "1,Alpha (1971),Drama",
    "2,Beta (1972),Drama",
    '3,"Gamma, The (1973)",Drama',
    "4,Delta (1974),Drama",
]
LINKS = ["1,0000101,201", "2,0000102,"]
# The first has the most.
RATINGS = [f"{user},{movie},4.0,1000000000" for movie in range(1, 5) for user in range(1, 7 - movie)]


def four_films(database: Database) -> None:
    """Ingest the release."""
    with TemporaryDirectory() as folder:
        for name, header, lines in (
            ("movies", "movieId,title,genres", MOVIES),
            ("ratings", "userId,movieId,rating,timestamp", RATINGS),
            ("links", "movieId,imdbId,tmdbId", LINKS),
        ):
            text = "\n".join([header, *lines]) + "\n"
            (Path(folder) / f"{name}.csv").write_text(text, encoding="utf-8")
        ingest(database, origin=Path(folder), replace=False, now=NOW)


def add_three(server: Server) -> None:
    """Let a server know the first three."""
    server.films = {
        201: details(201, "Alpha", 1971),
        202: details(202, "Beta", 1972),
        203: details(203, "The Gamma", 1973, imdb_id=None),
    }
