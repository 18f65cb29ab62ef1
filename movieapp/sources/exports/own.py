"""This app's own export of a profile, csv and JSON: everything that a person keeps here, there and back."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from movieapp.database import Database
from movieapp.errors import NotFound
from movieapp.sources.exports.presets import check_number, presets_of, read_line, read_preset
from movieapp.sources.exports.rows import (
    LARGEST_ID,
    BadField,
    KeptPreset,
    Kind,
    Row,
    day,
    imdb_id,
    instant,
    named,
    refused,
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
NAME, COLOR, PRESET = "profile name", "profile color", "preset"


@dataclass(frozen=True, slots=True)
class Head:
    """What an export says of the person, beside films."""

    name: str | None
    color: str | None
    presets: tuple[KeptPreset, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """All that a person keeps, as an export has it."""

    name: str | None
    color: str | None
    presets: list[dict[str, Any]]
    records: pl.DataFrame


def profile_json(database: Database, user_id: int) -> str:
    """Return everything that a person keeps, as JSON; `NotFound` for somebody who keeps nothing."""
    kept = _kept(database, user_id)
    profile = {"format": FORMAT, "version": VERSION, "name": kept.name, "color": kept.color}
    told = {"presets": kept.presets, "records": kept.records.to_dicts()}
    return json.dumps({**profile, **told}, ensure_ascii=False, indent=1)


def profile_csv(database: Database, user_id: int) -> str:
    """Return everything that a person keeps, as csv; `NotFound` for somebody who keeps nothing."""
    kept = _kept(database, user_id)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for kind, value in ((NAME, kept.name), (COLOR, kept.color)):
        if value is not None:
            writer.writerow({"kind": kind, "text": value})
    for one in kept.presets:
        setting = json.dumps(one["setting"], ensure_ascii=False)
        writer.writerow({"kind": PRESET, "title": one["name"], "at": one["at"], "text": setting})
    writer.writerows(kept.records.to_dicts())
    return text.getvalue()


def is_ours(table: Table) -> bool:
    """Whether this app wrote the csv file."""
    return table.has(*COLUMNS)


def head_of_table(table: Table) -> Head:
    """Return what a csv file says of the person."""
    said = {fields["kind"]: fields["text"] for _, fields in table.rows if fields["kind"] in (NAME, COLOR)}
    presets = []
    for number, fields in table.rows:
        if fields["kind"] == PRESET:
            try:
                presets.append(read_line(fields))
            except BadField as problem:
                raise refused(table.file, number, problem) from None
    try:
        check_number(presets)
    except BadField as problem:
        raise refused(table.file, None, problem) from None
    return Head(said.get(NAME), said.get(COLOR), tuple(presets))


def head_of_json(file: str, value: dict[str, Any]) -> Head:
    """Return what a JSON file says of the person; exports of before there were presets have none."""
    name, color = (value.get(key) if isinstance(value.get(key), str) else None for key in ("name", "color"))
    entries = value.get("presets", [])
    try:
        if not isinstance(entries, list):
            raise BadField(f"the presets are {shown(entries)}")
        presets = tuple(read_preset(entry) for entry in entries)
        check_number(presets)
        return Head(name, color, presets)
    except BadField as problem:
        raise refused(file, None, problem) from None


def rows(fields: dict[str, str], place: dict[str, Any]) -> Iterator[Row]:
    """Yield what one row tells of a film."""
    if fields["kind"] in (NAME, COLOR, PRESET):
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


def _kept(database: Database, user_id: int) -> _Kept:
    profile = database.read("catalog/profile", user_id=user_id).rows()
    records = database.read("catalog/profile_records", user_id=user_id)
    presets = presets_of(database, user_id)
    if not profile and not presets and records.is_empty():
        raise NotFound(f"User {user_id} keeps nothing here, so there is nothing to export.")
    name, color = profile[0] if profile else (None, None)
    instants = pl.col("at").dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
    days = pl.col("watched_on").dt.strftime("%Y-%m-%d")
    return _Kept(name, color, presets, records.with_columns(at=instants, watched_on=days).select(COLUMNS))
