"""This app's own export of a profile, csv and JSON: everything that a person keeps here, there and back."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from movieapp.database import Database
from movieapp.errors import NotFound
from movieapp.sources.exports.rows import (
    LARGEST_ID,
    BadField,
    Kind,
    Row,
    day,
    imdb_id,
    instant,
    named,
    shown,
    stars_of_5,
    tmdb_id,
    whole,
    year,
)
from movieapp.sources.exports.tables import Table

SERVICE = "movieapp"
FORMAT = "movieapp profile"
VERSION = 1
COLUMNS = (
    *("kind", "movie_id", "title", "year", "imdb_id", "tmdb_id"),
    *("stars", "at", "watched_on", "is_rewatch", "text"),
)
# A csv file has no place for these but rows of their own.
NAME, COLOR = "profile name", "profile color"


def profile_json(database: Database, user_id: int) -> str:
    """Return everything that a person keeps, as JSON; `NotFound` for somebody who keeps nothing."""
    name, color, records = _kept(database, user_id)
    profile = {"format": FORMAT, "version": VERSION, "name": name, "color": color}
    return json.dumps({**profile, "records": records.to_dicts()}, ensure_ascii=False, indent=1)


def profile_csv(database: Database, user_id: int) -> str:
    """Return everything that a person keeps, as csv; `NotFound` for somebody who keeps nothing."""
    name, color, records = _kept(database, user_id)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for kind, value in ((NAME, name), (COLOR, color)):
        if value is not None:
            writer.writerow([kind, *[""] * (len(COLUMNS) - 2), value])
    writer.writerows(["" if value is None else value for value in row] for row in records.rows())
    return text.getvalue()


def is_ours(table: Table) -> bool:
    """Whether this app wrote the csv file."""
    return table.has(*COLUMNS)


def head(table: Table) -> tuple[str | None, str | None]:
    """Return the name and color of the profile in a csv file."""
    said = {fields["kind"]: fields["text"] for _, fields in table.rows if fields["kind"] in (NAME, COLOR)}
    return said.get(NAME), said.get(COLOR)


def rows(fields: dict[str, str], place: dict[str, Any]) -> Iterator[Row]:
    """Yield what one row tells; nothing for the profile's own name and color."""
    if fields["kind"] in (NAME, COLOR):
        return
    try:
        kind = Kind(fields["kind"])
    except ValueError:
        raise BadField(f"the kind {shown(fields['kind'])} is unknown") from None
    ids: dict[str, Any] = {
        "movie_id": whole(fields["movie_id"], "movie id", 1, LARGEST_ID),
        "imdb_id": imdb_id(fields["imdb_id"]),
        "tmdb_id": tmdb_id(fields["tmdb_id"]),
    }
    stars = stars_of_5(fields["stars"])
    text = fields["text"] or None
    if (kind is Kind.RATING and stars is None) or (kind is Kind.NOTE and text is None):
        raise BadField(f"a {kind} has to say something")
    yield Row(
        kind,
        **place,
        **ids,
        title=named(fields["title"], *ids.values()),
        year=year(fields["year"]),
        stars=stars,
        at=instant(fields["at"]),
        watched_on=day(fields["watched_on"]),
        is_rewatch=fields["is_rewatch"].strip().lower() in ("true", "1"),
        text=text,
    )


def entry_rows(entry: object, place: dict[str, Any]) -> Iterator[Row]:
    """Yield what one record of the JSON form tells."""
    if not isinstance(entry, dict):
        raise BadField(f"{shown(entry)} is no record")
    fields = {column: entry.get(column) for column in COLUMNS}
    odd = [column for column, value in fields.items() if not isinstance(value, str | int | float | None)]
    if odd:
        raise BadField(f"{odd[0]} is {shown(fields[odd[0]])}, which makes no sense")
    try:
        texts = {key: "" if value is None else str(value) for key, value in fields.items()}
    except ValueError:
        raise BadField("it has a number without an end") from None
    yield from rows(texts, place)


def _kept(database: Database, user_id: int) -> tuple[str | None, str | None, pl.DataFrame]:
    profile = database.read("catalog/profile", user_id=user_id).rows()
    records = database.read("catalog/profile_records", user_id=user_id)
    if not profile and records.is_empty():
        raise NotFound(f"User {user_id} keeps nothing here, so there is nothing to export.")
    name, color = profile[0] if profile else (None, None)
    instants = pl.col("at").dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
    days = pl.col("watched_on").dt.strftime("%Y-%m-%d")
    return name, color, records.with_columns(at=instants, watched_on=days).select(COLUMNS)
