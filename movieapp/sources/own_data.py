"""What people did in this app themselves, when another release takes the place of the one they did it on.

Ids mean other things in another release: user 17 is somebody else in each of them, and ML-100K numbers its
films by itself. So a rating or an event comes along only where it surely means the same: the film has the
same id and title, and the person was made by this app under an id that the new release does not use. All the
others are removed and kept on record in `rejected_rows`.
"""

from dataclasses import dataclass

import polars as pl

from movieapp.database import Cursor


@dataclass(frozen=True, slots=True)
class OwnData:
    """Whose data it is and what it is about, as it was before the replacement."""

    release: str | None
    users: pl.DataFrame
    pairs: pl.DataFrame


def read_own_data(cursor: Cursor) -> OwnData:
    there = cursor.read("ingest/dataset")
    return OwnData(
        release=there["release"][0] if there.height else None,
        users=cursor.read("ingest/own_users"),
        pairs=cursor.read("ingest/own_pairs"),
    )


def clear_release(cursor: Cursor) -> None:
    """Remove what the old release brought; people's own ratings and events wait for `keep_own_data`."""
    cursor.write("ingest/delete_ratings")
    cursor.write("ingest/delete_tags")
    cursor.write("ingest/delete_links")
    cursor.write("ingest/delete_movies")
    cursor.write("ingest/delete_users")
    cursor.write("ingest/delete_rejected")
    cursor.write("ingest/delete_dataset")


def keep_own_data(cursor: Cursor, own: OwnData, *, release: str) -> int:
    """Drop what means nothing in the new release, whose movies and ratings are in; return how many rows."""
    if not own.pairs.height:
        return 0
    stranded = cursor.read(
        "ingest/stranded_pairs",
        incoming=own.pairs,
        release=release,
        is_same_release=own.release == release,
    )
    cursor.write("ingest/reject_own_ratings", incoming=stranded)
    cursor.write("ingest/reject_own_feedback", incoming=stranded)
    n_dropped = cursor.write("ingest/delete_own_ratings", incoming=stranded)
    n_dropped += cursor.write("ingest/delete_own_feedback", incoming=stranded)
    cursor.write("ingest/delete_overruled")
    return n_dropped
