"""What people did in this app themselves, when another release takes the place of the one they did it on.

Ids mean other things in another release: user 17 is somebody else in each of them, and ML-100K numbers its
films by itself. So what was told of a film comes along only where it surely means the same: the film has the
same id and title, and the person was made by this app. Where the new release uses a person's id, they are
given another. All the rest is removed and kept on record in `rejected_rows`. The lists that people were shown
are removed as well; what replays made of them stays where it is final.
"""

from dataclasses import dataclass

import polars as pl

from movieapp.database import Cursor
from movieapp.sources.exports.rows import LARGEST_ID
from movieapp.sources.exports.stranded import drop_stranded

# Wherever a user id stands.
MOVES = (
    "ingest/move_ratings",
    "ingest/move_feedback",
    "ingest/move_opinions",
    "ingest/move_watches",
    "ingest/move_watchlist",
    "ingest/move_notes",
    "ingest/move_unlearned",
    "ingest/move_presets",
    "ingest/move_profiles",
    "ingest/move_requests",
    "ingest/move_outcomes",
)


@dataclass(frozen=True, slots=True)
class OwnData:
    """Whose data it is and what it is about, as it was before the replacement."""

    release: str | None
    users: pl.DataFrame
    pairs: pl.DataFrame

    def moved(self, moves: pl.DataFrame) -> "OwnData":
        """Return the same with the new ids of some people."""
        new_ids = dict(moves.rows())
        users, pairs = (
            frame.with_columns(pl.col("user_id").replace(new_ids)) for frame in (self.users, self.pairs)
        )
        return OwnData(self.release, users, pairs)


@dataclass(frozen=True, slots=True)
class KeptData:
    """What came along: with new ids for some people (`n_moved`), and without some rows (`n_dropped`)."""

    own: OwnData
    n_moved: int
    n_dropped: int


def read_own_data(cursor: Cursor) -> OwnData:
    there = cursor.read("ingest/dataset")
    return OwnData(
        release=there["release"][0] if there.height else None,
        users=cursor.read("ingest/own_users"),
        pairs=cursor.read("ingest/own_pairs"),
    )


def clear_release(cursor: Cursor) -> None:
    """Remove what the old release brought; what is people's own waits for `keep_own_data`."""
    cursor.write("ingest/delete_ratings")
    cursor.write("ingest/delete_tags")
    cursor.write("ingest/delete_links")
    cursor.write("ingest/delete_movies")
    cursor.write("ingest/delete_users")
    cursor.write("ingest/delete_rejected")
    cursor.write("ingest/delete_dataset")


def keep_own_data(cursor: Cursor, own: OwnData, *, release: str) -> KeptData:
    """Give new ids to those whose are taken, and drop what means nothing in the new release.

    The movies and ratings of the new release are in, its people not yet.
    """
    if own.release != release:
        made_here = own.users.filter(pl.col("source") == "app").select("user_id")
        cursor.write("ingest/delete_presets", incoming=made_here)
    if own.release not in (None, release):
        _forget_lists(cursor)
    moves = _moves(cursor, own.users)
    if moves.height:
        own = own.moved(moves)
        for statement in MOVES:
            cursor.write(statement, incoming=moves)
    if not own.pairs.height:
        return KeptData(own, moves.height, 0)
    stranded = cursor.read(
        "ingest/stranded_pairs",
        incoming=own.pairs,
        release=release,
        is_same_release=own.release == release,
    )
    cursor.write("ingest/reject_own_ratings", incoming=stranded)
    cursor.write("ingest/reject_own_feedback", incoming=stranded)
    cursor.write("ingest/reject_own_kept", incoming=stranded)
    n_dropped = cursor.write("ingest/delete_own_ratings", incoming=stranded)
    n_dropped += cursor.write("ingest/delete_own_feedback", incoming=stranded)
    n_dropped += drop_stranded(cursor, stranded)
    cursor.write("ingest/delete_overruled")
    return KeptData(own, moves.height, n_dropped)


def restore_people(cursor: Cursor, own: OwnData) -> None:
    """Add again who keeps something of their own; the people of the new release are in."""
    cursor.write("ingest/restore_users", incoming=own.users)


def _forget_lists(cursor: Cursor) -> None:
    """Remove what was recommended and asked for on another release, but for replays that are final."""
    cursor.write("ingest/delete_requests")
    cursor.write("ingest/delete_open_outcomes")
    cursor.write("ingest/delete_open_results")
    cursor.write("ingest/delete_unknown_movies")


def free_id(taken: set[int]) -> int:
    """Return a user id above all that are taken or, where there is none, the highest free one."""
    above = max(taken, default=0) + 1
    below = (user_id for user_id in range(LARGEST_ID, 0, -1) if user_id not in taken)
    return above if above <= LARGEST_ID else next(below)


def _moves(cursor: Cursor, users: pl.DataFrame) -> pl.DataFrame:
    """Return user_id and new_id of the people made here whose id the new release uses."""
    colliding = cursor.read("ingest/colliding_people", incoming=users.select("user_id", "source"))
    new_ids: list[int] = []
    if colliding.height:
        taken = {
            *users["user_id"].to_list(),
            *cursor.read("ingest/rating_people")["user_id"].to_list(),
            *cursor.read("serving/deleted_people")["user_id"].to_list(),
        }
        for _ in range(colliding.height):
            new_ids.append(free_id(taken))
            taken.add(new_ids[-1])
    return colliding.with_columns(new_id=pl.Series(new_ids, dtype=pl.Int32))
