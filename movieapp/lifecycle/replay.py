"""Replay: what was recommended, held against what the same people liked afterwards, by version and day."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from movieapp.database import Database, naive
from movieapp.evaluation.intervals import Estimate, estimates
from movieapp.progress import Progress, parts, silent

log = logging.getLogger(__name__)

K = 10
WINDOW_DAYS = 7
METRICS = ("precision", "hit_rate", "ctr")
# The bootstrap draws a number per person and resample; above this, the normal interval is all but the same.
MANY = 20_000
# Lists joined at once, of some of the people: bounds the memory to about a gigabyte.
LISTS_AT_ONCE = 250_000


@dataclass(frozen=True)
class Realized:
    """One version's figure over all days, and that of the popular list beside it; means over people.

    `control` is None where no popular list was known. "precision" is the share of the films that were liked
    within the window, "hit_rate" that of the people with such a film, "ctr" that of the films with any
    feedback or rating.
    """

    model_version: str
    is_fallback: bool
    metric: str
    figure: Estimate
    control: Estimate | None
    n_users: int
    n_requests: int
    n_days: int


@dataclass(frozen=True)
class Replayed:
    """What a replay did: the days that it worked out, and every version's figures over all days so far."""

    days: list[date]
    n_requests: int
    versions: list[Realized]

    @property
    def summary(self) -> str:
        """Return what was done as a sentence."""
        if not self.days:
            return "There was no list to replay: nobody was recommended anything since the last final day."
        return (
            f"Replayed {self.n_requests:,} lists of {len(self.days)} days, "
            f"from {self.days[0]} to {self.days[-1]}."
        )


def replay(
    database: Database,
    *,
    now: datetime,
    k: int = K,
    window_days: int = WINDOW_DAYS,
    since: date | None = None,
    progress: Progress = silent,
) -> Replayed:
    """Work out all days from `since` on, by default from the first that is not final, and store the figures.

    A day is final once the window of its last request is over by `now`; until then its figures count what
    has come in so far. A day's rows replace those that it had, all days together or not at all.
    """
    started = time.perf_counter()
    until = naive(now)
    asked: dict[str, Any] = {"k": k, "window_days": window_days}
    extent = database.read("replay/extent", now=until, **asked).row(0, named=True)
    first = since or extent["first_open_day"]
    joining, of_days, of_versions = parts(progress, (8, 1, 1))
    days: list[date] = []
    n_requests = 0
    if first is not None:
        begin = datetime(first.year, first.month, first.day)
        n_parts = extent["n_lists"] // LISTS_AT_ONCE + 1
        found = []
        for part in range(n_parts):
            joining("joining recommendations with what was liked", part / n_parts)
            one = {"part": part, "n_parts": n_parts}
            found.append(database.read("replay/outcomes", since=begin, now=until, **asked, **one))
        outcomes = pl.concat(found).sort("day", "model_version", "is_fallback", "user_id")
        of_days("working out the intervals of days", 0.0)
        _store_days(database, outcomes, replayed_at=until, **asked)
        days = outcomes["day"].unique().sort().to_list()
        n_requests = int(outcomes["n_requests"].sum())
    of_versions("working out the intervals of versions", 0.0)
    versions = _versions(database, **asked)
    _store_versions(database, versions, replayed_at=until)
    took = time.perf_counter() - started
    log.info("replayed days=%d requests=%d seconds=%.1f", len(days), n_requests, took)
    return Replayed(days, n_requests, versions)


def _store_days(
    database: Database, outcomes: pl.DataFrame, *, k: int, window_days: int, replayed_at: datetime
) -> None:
    days = outcomes.select("day").unique()
    people = outcomes.with_columns(
        _share("n_hits", "n_shown").alias("precision"),
        _any("n_hits", "n_shown").alias("hit_rate"),
        _share("n_touched", "n_shown").alias("ctr"),
        _share("n_popular_hits", "n_popular").alias("popular_precision"),
        _any("n_popular_hits", "n_popular").alias("popular_hit_rate"),
        _share("n_popular_touched", "n_popular").alias("popular_ctr"),
    )
    results = [
        {"day": key[0], "model_version": key[1], "is_fallback": key[2], "is_final": group["is_final"][0]}
        | row
        for key, group in people.group_by("day", "model_version", "is_fallback", maintain_order=True)
        for row in _figures(group)
    ]
    same = {"k": pl.lit(k, pl.Int32), "window_days": pl.lit(window_days, pl.Int32)}
    with database.transaction() as cursor:
        cursor.write("replay/delete_outcomes", incoming=days)
        cursor.write("replay/delete_results", incoming=days)
        cursor.write("replay/record_outcomes", incoming=outcomes.with_columns(**same))
        if results:
            frame = _frame(results).with_columns(**same, replayed_at=pl.lit(replayed_at))
            cursor.write("replay/record_results", incoming=frame)


def _versions(database: Database, *, k: int, window_days: int) -> list[Realized]:
    """Return the figures over all days that were ever replayed with these settings."""
    people = database.read("replay/people", k=k, window_days=window_days)
    counted = database.read("replay/days", k=k, window_days=window_days)
    n_days = {(version, is_fallback): n for version, is_fallback, n in counted.rows()}
    return [
        Realized(
            model_version=str(key[0]),
            is_fallback=bool(key[1]),
            metric=row["metric"],
            figure=Estimate(row["value"], row["low"], row["high"]),
            control=None
            if row["control"] is None
            else Estimate(row["control"], row["control_low"], row["control_high"]),
            n_users=row["n_users"],
            n_requests=row["n_requests"],
            n_days=n_days[key],
        )
        for key, group in people.group_by("model_version", "is_fallback", maintain_order=True)
        for row in _figures(group)
    ]


def _store_versions(database: Database, versions: list[Realized], *, replayed_at: datetime) -> None:
    rows = [
        {
            "model_version": one.model_version,
            "is_fallback": one.is_fallback,
            "metric": one.metric,
            **_ends(one.figure, ("value", "low", "high")),
            **_ends(one.control, ("control", "control_low", "control_high")),
            "n_users": one.n_users,
            "n_requests": one.n_requests,
            "n_days": one.n_days,
        }
        for one in versions
    ]
    with database.transaction() as cursor:
        cursor.write("replay/delete_versions")
        if rows:
            frame = _frame(rows).with_columns(replayed_at=pl.lit(replayed_at))
            cursor.write("replay/record_versions", incoming=frame)


def _figures(people: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Give one row per metric: means over people, ours and the popular list's; none where nothing counts."""
    ours, theirs = ([*METRICS], [f"popular_{metric}" for metric in METRICS])
    with_films, with_popular = people.drop_nulls(ours), people.drop_nulls(theirs)
    if with_films.is_empty():
        return
    controls: list[Estimate | None] = [None] * len(METRICS)
    if not with_popular.is_empty():
        controls = [*_means(with_popular.select(theirs).to_numpy())]
    for metric, figure, control in zip(
        METRICS, _means(with_films.select(ours).to_numpy()), controls, strict=True
    ):
        yield {
            "metric": metric,
            **_ends(figure, ("value", "low", "high")),
            **_ends(control, ("control", "control_low", "control_high")),
            "n_users": with_films.height,
            "n_requests": int(people["n_requests"].sum()),
        }


def _means(values: NDArray[np.float64]) -> list[Estimate]:
    """Return one estimate per column of (people x metrics)."""
    if len(values) <= MANY:
        return estimates(values)
    centre, spread = values.mean(axis=0), 1.96 * values.std(axis=0) / len(values) ** 0.5
    return [
        Estimate(float(at), float(at - by), float(at + by)) for at, by in zip(centre, spread, strict=True)
    ]


def _share(part: str, whole: str) -> pl.Expr:
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))


def _any(part: str, whole: str) -> pl.Expr:
    return pl.when(pl.col(whole) > 0).then((pl.col(part) > 0).cast(pl.Float64))


def _ends(estimate: Estimate | None, names: tuple[str, str, str]) -> dict[str, float | None]:
    ends = (None, None, None) if estimate is None else (estimate.value, estimate.low, estimate.high)
    return dict(zip(names, ends, strict=True))


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    controls = dict.fromkeys(("control", "control_low", "control_high"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=controls, infer_schema_length=None)
