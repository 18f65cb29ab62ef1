"""What people keep, read from the database and written to it."""

from datetime import datetime
from typing import Any

import polars as pl

from movieapp.database import Cursor, Database, aware, naive
from movieapp.serving.feedback import EventType
from movieapp.serving.kept import Kept, Note, Opinion, Person, Rating, Told, Watch, in_order

AT = pl.Datetime("us")


def read_kept(database: Database, user_id: int | None) -> dict[int, Person]:
    """Return what one person keeps, or for None everybody; who keeps nothing is not in it."""
    films: dict[int, dict[int, list[dict[str, Any]]]] = {}
    for row in database.read("serving/kept", user_id=user_id).iter_rows(named=True):
        films.setdefault(row["user_id"], {}).setdefault(row["movie_id"], []).append(row)
    return {
        person: Person.of({movie_id: _kept(rows) for movie_id, rows in of_person.items()})
        for person, of_person in films.items()
    }


def read_rating(cursor: Cursor, user_id: int, movie_id: int) -> Rating | None:
    """Return the rating of the pair as it is stored."""
    found = cursor.read("serving/rating", user_id=user_id, movie_id=movie_id).rows()
    if not found:
        return None
    stars, rated_at, arrived_at, source = found[0]
    return Rating(stars, aware(rated_at), aware(arrived_at), source)


def write_told(cursor: Cursor, user_id: int, movie_id: int, *, before: Told, after: Told) -> None:
    """Store what is told of a film after a change, given what is stored before it."""
    if after.rating != before.rating:
        _write_rating(cursor, user_id, movie_id, before.rating, after.rating)
    pair: dict[str, Any] = {"user_id": user_id, "movie_id": movie_id}
    old, new = before.kept, after.kept
    if new.opinion != old.opinion:
        if old.opinion:
            cursor.write("serving/remove_opinion", **pair)
        if new.opinion:
            one = _one(movie_id, kind=str(new.opinion.kind), at=new.opinion.since)
            cursor.write("catalog/add_opinions", incoming=one, user_id=user_id)
    if new.watches != old.watches:
        if old.watches:
            cursor.write("serving/remove_watches", **pair)
        if new.watches:
            cursor.write("catalog/add_watches", incoming=_watches(movie_id, new.watches), user_id=user_id)
    if new.listed_at != old.listed_at:
        if old.listed_at:
            cursor.write("serving/remove_from_watchlist", **pair)
        if new.listed_at:
            one = _one(movie_id, at=new.listed_at)
            cursor.write("catalog/add_to_watchlist", incoming=one, user_id=user_id)
    if new.note != old.note:
        if old.note:
            cursor.write("serving/remove_note", **pair)
        if new.note:
            one = _one(movie_id, note=new.note.text, at=new.note.noted_at)
            cursor.write("catalog/add_notes", incoming=one, user_id=user_id)
    if new.unlearned_at != old.unlearned_at:
        if old.unlearned_at:
            cursor.write("serving/remove_unlearned", **pair)
        if new.unlearned_at:
            one = _one(movie_id, at=new.unlearned_at)
            cursor.write("catalog/add_unlearned", incoming=one, user_id=user_id)


def _write_rating(
    cursor: Cursor, user_id: int, movie_id: int, before: Rating | None, after: Rating | None
) -> None:
    if after is None:
        cursor.write("serving/remove_rating", user_id=user_id, movie_id=movie_id)
        return
    cursor.write(
        "serving/add_rating" if before is None else "serving/change_rating",
        user_id=user_id,
        movie_id=movie_id,
        rating=after.stars,
        rated_at=naive(after.rated_at),
        arrived_at=naive(after.arrived_at),
        source=after.source,
    )


def _one(movie_id: int, *, at: datetime, **values: str) -> pl.DataFrame:
    row = {"movie_id": movie_id, **values, "at": naive(at)}
    return pl.DataFrame([row], {"movie_id": pl.Int32, **dict.fromkeys(values, pl.String), "at": AT})


def _watches(movie_id: int, watches: tuple[Watch, ...]) -> pl.DataFrame:
    rows = [(movie_id, one.watched_on, one.nth, one.is_rewatch, naive(one.added_at)) for one in watches]
    types: dict[str, Any] = {"watched_on": pl.Date, "nth": pl.Int16, "is_rewatch": pl.Boolean, "at": AT}
    return pl.DataFrame(rows, {"movie_id": pl.Int32, **types}, orient="row")


def _kept(rows: list[dict[str, Any]]) -> Kept:
    """Return what the rows about one film, one per thing, say together."""
    parts: dict[str, Any] = {}
    watches = []
    for row in rows:
        at = aware(row["at"])
        match row["kind"]:
            case "watched":
                watches.append(Watch(row["watched_on"], row["nth"], row["is_rewatch"], at))
            case "watchlist":
                parts["listed_at"] = at
            case "note":
                parts["note"] = Note(row["note"], at)
            case "unlearned":
                parts["unlearned_at"] = at
            case opinion:
                parts["opinion"] = Opinion(EventType(opinion), at)
    return Kept(watches=in_order(watches), **parts)
