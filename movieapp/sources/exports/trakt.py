"""Trakt's files: the JSON of its data export and of its API, and its csv form."""

import re
from collections.abc import Iterator
from typing import Any

from movieapp.sources.exports.rows import (
    BadField,
    Kind,
    Row,
    imdb_id,
    instant,
    named,
    shown,
    stars_of_10,
    tmdb_id,
    year,
)
from movieapp.sources.exports.tables import Table

SERVICE = "Trakt"
DATES = ("rated_at", "watched_at", "last_watched_at", "listed_at", "watchlisted_at")
# Files of the data export, flat or in folders. Others in it are about series, or only technical.
FILES = re.compile(
    r"(?:.*-)?(?:ratings-movies|history|watched-history|watched-movies|lists-watchlist|watchlist)(?:-\d+)?\.json"
)
HISTORY = re.compile(r"(?:.*-)?history(?:-\d+)?\.json")
NO_FILMS = ("show", "season", "episode", "person", "list")


def is_ours(table: Table) -> bool:
    """Whether it has the columns of Trakt's csv form."""
    has_id = any(table.has(each) for each in ("trakt_id", "imdb_id", "tmdb_id"))
    return has_id and any(table.has(each) for each in DATES)


def rows(fields: dict[str, str], place: dict[str, Any]) -> Iterator[Row]:
    """Yield what one csv row tells; nothing for a series or an episode."""
    if fields.get("type", "movie").strip().lower() in NO_FILMS:
        return
    ids = {"imdb_id": imdb_id(fields.get("imdb_id", "")), "tmdb_id": tmdb_id(fields.get("tmdb_id", ""))}
    title = named(fields.get("title"), *ids.values())
    yield from _told(fields, {**place, **ids, "title": title, "year": year(fields.get("year", ""))})


def entry_rows(entry: object, place: dict[str, Any]) -> Iterator[Row]:
    """Yield what one entry of a JSON list tells; nothing for a series or an episode."""
    if not isinstance(entry, dict):
        raise BadField(f"{shown(entry)} is no entry of Trakt's")
    movie = entry.get("movie")
    if entry.get("type") in NO_FILMS or (movie is None and "show" in entry):
        return
    if not isinstance(movie, dict):
        raise BadField("there is no movie in it")
    ids = movie.get("ids")
    ids = ids if isinstance(ids, dict) else {}
    numbers = {"imdb_id": imdb_id(_text(ids, "imdb")), "tmdb_id": tmdb_id(_text(ids, "tmdb"))}
    title = named(_text(movie, "title"), *numbers.values())
    film = {**place, **numbers, "title": title, "year": year(_text(movie, "year"))}
    told = {key: _text(entry, key) for key in (*DATES, "rating", "plays")}
    if not any(told[key] for key in DATES):
        raise BadField("it has no date of a rating, a viewing or the watchlist")
    yield from _told(told, film)


def _told(fields: dict[str, str], film: dict[str, Any]) -> Iterator[Row]:
    # A row of the csv form may tell all three.
    stars = stars_of_10(fields.get("rating", ""))
    if stars is not None:
        yield Row(Kind.RATING, **film, stars=stars, at=instant(fields.get("rated_at", "")))
    watched = instant(fields.get("watched_at", "") or fields.get("last_watched_at", ""))
    if watched is not None:
        is_rewatch = fields.get("plays", "").strip() not in ("", "0", "1")
        yield Row(Kind.WATCHED, **film, at=watched, watched_on=watched.date(), is_rewatch=is_rewatch)
    listed = instant(fields.get("listed_at", "") or fields.get("watchlisted_at", ""))
    if listed is not None:
        yield Row(Kind.WATCHLIST, **film, at=listed)


def _text(values: dict[str, Any], key: str) -> str:
    value = values.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadField(f"{key} is {shown(value)}, which makes no sense")
    try:
        return str(value).encode("utf-8", "replace").decode()
    except ValueError:
        raise BadField(f"{key} is a number without an end") from None
