"""Letterboxd's csv files: ratings, diary, watched and watchlist."""

from collections.abc import Iterator
from typing import Any

from movieapp.sources.exports.rows import Kind, Row, day, instant, named, refused, stars_of_5, year
from movieapp.sources.exports.tables import Table

SERVICE = "Letterboxd"
FILES = ("ratings.csv", "diary.csv", "watched.csv", "watchlist.csv")


def is_ours(table: Table) -> bool:
    """Whether Letterboxd wrote it."""
    return table.has("name", "year", "letterboxd uri")


def part(table: Table) -> str:
    """Return which of the files it is; two have the same columns and are told apart by their names."""
    if table.has("watched date"):
        return "diary"
    if table.has("rating"):
        return "ratings"
    name = table.file.rpartition("/")[2].lower()
    found = [each for each in ("watchlist", "watched") if each in name]
    if not found:
        raise refused(
            table.file,
            None,
            "it may be what you watched or what you want to watch, and only the name tells: call it "
            "watched.csv or watchlist.csv",
        )
    return found[0]


def rows(table: Table, fields: dict[str, str], place: dict[str, Any]) -> Iterator[Row]:
    """Yield what one row tells: a diary entry is a viewing, and often a rating."""
    which = part(table)
    film = {**place, "title": named(fields["name"]), "year": year(fields["year"])}
    at = instant(fields.get("date", ""))
    stars = stars_of_5(fields.get("rating", ""))
    if which == "watchlist":
        yield Row(Kind.WATCHLIST, **film, at=at)
    elif which == "watched":
        # The date is that of the click, not of the evening.
        yield Row(Kind.WATCHED, **film, at=at)
    elif which == "diary":
        is_rewatch = fields.get("rewatch", "").strip().lower() in ("yes", "true")
        yield Row(Kind.WATCHED, **film, at=at, watched_on=day(fields["watched date"]), is_rewatch=is_rewatch)
    if which in ("ratings", "diary") and stars is not None:
        yield Row(Kind.RATING, **film, stars=stars, at=at)
