"""The csv file of ratings that movielens.org gives its members."""

from collections.abc import Iterator
from typing import Any

from movieapp.sources.exports.rows import LARGEST_ID, Kind, Row, imdb_id, named, stars_of_5, tmdb_id, whole
from movieapp.sources.exports.tables import Table
from movieapp.sources.years import release_year

SERVICE = "MovieLens"
NOT_RATED = ("", "-1", "-1.0", "0", "0.0")


def is_ours(table: Table) -> bool:
    """Whether movielens.org wrote it."""
    return table.has("movie_id", "imdb_id", "tmdb_id", "rating", "average_rating")


def rows(fields: dict[str, str], place: dict[str, Any]) -> Iterator[Row]:
    """Yield the rating of one row; the file has no dates."""
    if fields["rating"].strip() in NOT_RATED:
        return
    ids: dict[str, Any] = {
        "movie_id": whole(fields["movie_id"], "movie id", 1, LARGEST_ID),
        "imdb_id": imdb_id(fields["imdb_id"]),
        "tmdb_id": tmdb_id(fields["tmdb_id"]),
    }
    title = named(fields.get("title"), *ids.values())
    yield Row(
        Kind.RATING,
        **place,
        **ids,
        title=title,
        year=release_year(title or ""),
        stars=stars_of_5(fields["rating"]),
    )
