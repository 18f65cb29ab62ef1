"""An import that somebody looked at goes into their profile: all of it or nothing, and nothing twice."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from movieapp.database import Cursor, Database, naive
from movieapp.errors import NotFound
from movieapp.sources.exports.presets import put_presets
from movieapp.sources.exports.preview import Preview
from movieapp.sources.exports.rows import OPINIONS, KeptPreset, Kind, Row

log = logging.getLogger(__name__)

AT = pl.Datetime("us")

Pairs = list[tuple[int, Row]]


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import changed; `n_kept` ratings differ from the file's and stayed as they were."""

    n_ratings: int
    n_overwritten: int
    n_kept: int
    n_watches: int
    n_watchlist: int
    n_opinions: int
    n_notes: int
    n_unlearned: int
    n_presets: int

    @property
    def n_changes(self) -> int:
        """How many rows are new or other than before."""
        told = self.n_watches + self.n_watchlist + self.n_opinions + self.n_notes + self.n_unlearned
        return self.n_ratings + self.n_overwritten + told + self.n_presets


def name_user(cursor: Cursor, user_id: int, *, name: str, color: str | None, now: datetime) -> bool:
    """Give a person a name and color; say whether it took: it does not where either is taken."""
    return bool(
        cursor.write("catalog/add_profile", user_id=user_id, called=name, color=color, now=naive(now))
    )


def apply(
    database: Database,
    preview: Preview,
    *,
    user_id: int,
    choices: Mapping[int, int | None] | None = None,
    is_overwriting: bool = False,
    now: datetime,
) -> Applied:
    """Put what is certain, and what was chosen, into the person's profile, in one transaction.

    Ratings, notes, opinions and presets that are there stay unless `is_overwriting`. Nothing is from after
    `now`.
    """
    moment = naive(now)
    pairs = [(movie_id, row) for movie_id, row in preview.settled(choices or {})]
    if user_id < 1:
        raise NotFound(f"There is no profile {user_id}: choose one, or make one.")
    work = _Import(pairs, preview.export.presets, user_id, moment, is_overwriting)
    with database.transaction() as cursor:
        cursor.write("serving/add_user", user_id=user_id, now=moment)
        if preview.export.name:
            name_user(cursor, user_id, name=preview.export.name, color=preview.export.color, now=now)
        done = work.run(cursor)
    log.info("imported service=%s user=%d changes=%d", preview.export.service, user_id, done.n_changes)
    return done


@dataclass(frozen=True, slots=True)
class _Import:
    """Rows that are settled, and whose they become."""

    pairs: Pairs
    presets: tuple[KeptPreset, ...]
    user_id: int
    moment: datetime
    is_overwriting: bool

    def run(self, cursor: Cursor) -> Applied:
        n_ratings, n_overwritten, n_kept = self._ratings(cursor)
        return Applied(
            n_ratings=n_ratings,
            n_overwritten=n_overwritten,
            n_kept=n_kept,
            n_watches=self._watches(cursor),
            n_watchlist=self._listed(cursor, "catalog/add_to_watchlist", Kind.WATCHLIST),
            n_opinions=self._opinions(cursor),
            n_notes=self._notes(cursor),
            n_unlearned=self._listed(cursor, "catalog/add_unlearned", Kind.UNLEARNED),
            n_presets=put_presets(
                cursor,
                self.presets,
                user_id=self.user_id,
                is_overwriting=self.is_overwriting,
                now=self.moment,
            ),
        )

    def _ratings(self, cursor: Cursor) -> tuple[int, int, int]:
        """Add or replace ratings; return how many are new, replaced, and other than the file's."""
        latest = self._latest((Kind.RATING,))
        frame = self._frame(
            latest,
            {"stars": pl.Float32, "at": AT},
            lambda row: {"stars": row.stars, "at": None if row.at is None else self._until_now(row)},
        )
        n_overwritten = 0
        if self.is_overwriting:
            n_overwritten = cursor.write(
                "catalog/overwrite_ratings", incoming=frame, user_id=self.user_id, now=self.moment
            )
        n_new = cursor.write("catalog/add_ratings", incoming=frame, user_id=self.user_id, now=self.moment)
        n_other = cursor.read("catalog/differing_ratings", incoming=frame, user_id=self.user_id).item()
        return n_new, n_overwritten, int(n_other)

    def _watches(self, cursor: Cursor) -> int:
        """Add viewings; one of no known day counts only for a film without another."""
        watched = [(movie_id, row) for movie_id, row in self.pairs if row.kind is Kind.WATCHED]
        dated = [(movie_id, row) for movie_id, row in watched if row.watched_on is not None]
        known = {movie_id for movie_id, _ in dated}
        undated = {movie_id: row for movie_id, row in watched if movie_id not in known}
        frame = self._frame(
            [*dated, *undated.items()],
            {"watched_on": pl.Date, "is_rewatch": pl.Boolean, "at": AT},
            lambda row: {
                "watched_on": row.watched_on,
                "is_rewatch": row.is_rewatch,
                "at": self._until_now(row),
            },
        )
        nth = pl.int_range(1, pl.len() + 1, dtype=pl.Int16).over("movie_id", "watched_on")
        added = cursor.write(
            "catalog/add_watches", incoming=frame.with_columns(nth=nth), user_id=self.user_id
        )
        cursor.write("catalog/delete_undated_watches", user_id=self.user_id)
        return added

    def _opinions(self, cursor: Cursor) -> int:
        frame = self._frame(
            self._latest(OPINIONS),
            {"kind": pl.String, "at": AT},
            lambda row: {"kind": str(row.kind), "at": self._until_now(row)},
        )
        n_overwritten = 0
        if self.is_overwriting:
            n_overwritten = cursor.write("catalog/overwrite_opinions", incoming=frame, user_id=self.user_id)
        return n_overwritten + cursor.write("catalog/add_opinions", incoming=frame, user_id=self.user_id)

    def _notes(self, cursor: Cursor) -> int:
        frame = self._frame(
            self._latest((Kind.NOTE,)),
            {"note": pl.String, "at": AT},
            lambda row: {"note": row.text, "at": self._until_now(row)},
        )
        n_overwritten = 0
        if self.is_overwriting:
            n_overwritten = cursor.write("catalog/overwrite_notes", incoming=frame, user_id=self.user_id)
        return n_overwritten + cursor.write("catalog/add_notes", incoming=frame, user_id=self.user_id)

    def _listed(self, cursor: Cursor, statement: str, kind: Kind) -> int:
        frame = self._frame(self._latest((kind,)), {"at": AT}, lambda row: {"at": self._until_now(row)})
        return cursor.write(statement, incoming=frame, user_id=self.user_id)

    def _latest(self, kinds: Iterable[Kind]) -> Pairs:
        """Return the newest row of each film, of those without a time the last."""
        mine = [(movie_id, row) for movie_id, row in self.pairs if row.kind in kinds]
        return list(dict(sorted(mine, key=lambda pair: pair[1].at or datetime.min)).items())

    def _frame(
        self, pairs: Pairs, columns: dict[str, Any], values: Callable[[Row], dict[str, Any]]
    ) -> pl.DataFrame:
        rows = [{"movie_id": movie_id, **values(row)} for movie_id, row in pairs]
        return pl.DataFrame(rows, {"movie_id": pl.Int32, **columns})

    def _until_now(self, row: Row) -> datetime:
        return self.moment if row.at is None else min(row.at, self.moment)
