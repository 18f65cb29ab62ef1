"""All that the dashboard and the daily report show of one period, read together."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from movieapp.database import Database, aware, naive
from movieapp.monitoring.limits import Check, checks
from movieapp.monitoring.measures import (
    DAY,
    HOUR,
    Measures,
    Period,
    Summary,
    by_day,
    by_hour,
    by_version,
    newest_evaluation,
    summary,
)

# Up to this long a period is shown by the hour, a longer one by the day.
BY_THE_HOUR = timedelta(days=3)
MONTH = timedelta(days=30)
OFFLINE = ("ndcg@10", "recall@10", "hit_rate@10", "mrr")
REALIZED = ("hit_rate", "precision", "ctr")


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % interval; `control` is what the popular list of the moment would have reached."""

    value: float
    low: float | None = None
    high: float | None = None
    control: float | None = None


@dataclass(frozen=True, slots=True)
class VersionFigures:
    """One version: as it was measured when it was decided on, as it was received, and what it answered.

    `other_release` is what it was trained on where that is not the release in the instance now.
    """

    version: str
    other_release: str | None
    model: str | None
    offline: dict[str, Figure]
    realized: dict[str, Figure]
    n_people: int
    traffic: Measures | None


@dataclass(frozen=True, slots=True)
class Decision:
    """Which version serves, and why; `changes` are metrics (before, after), `gain` is that of NDCG@10."""

    decided_at: datetime
    champion: str | None
    challenger: str
    is_promoted: bool
    made_by: str
    reasoning: str
    changes: dict[str, tuple[float | None, float]]
    gain: Figure | None
    probability: float | None


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job. `outcome` is None while it runs; `progress` is the share of the stage done."""

    job: str
    started_by: str
    started_at: datetime
    finished_at: datetime | None
    stage: str | None
    progress: float
    outcome: str | None
    summary: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """An hour or a day of the period; `measures` is None where nothing was asked in it."""

    begins_at: datetime
    measures: Measures | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A period, its measures and limits, and what the lifecycle left until its end."""

    period: Period
    summary: Summary
    checks: tuple[Check, ...]
    is_hourly: bool
    stretches: tuple[Stretch, ...]
    versions: tuple[VersionFigures, ...]
    decisions: tuple[Decision, ...]
    jobs: tuple[JobRun, ...]
    realized: pl.DataFrame
    evaluations: pl.DataFrame
    dataset: dict[str, Any] | None


def overview(database: Database, period: Period) -> Overview:
    """Read everything but the drift, which takes as long as the rest."""
    found = summary(database, period)
    is_hourly = period.until - period.since <= BY_THE_HOUR
    by_time = by_hour(database, period) if is_hourly else by_day(database, period)
    decided = decisions(database, until=period.until)
    dataset = database.read("catalog/dataset").to_dicts()
    return Overview(
        period=period,
        summary=found,
        checks=checks(found),
        is_hourly=is_hourly,
        stretches=_stretches(period, by_time, HOUR if is_hourly else DAY),
        versions=_versions(
            database,
            decided,
            by_version(database, period),
            release=dataset[0]["release"] if dataset else None,
        ),
        decisions=decided,
        jobs=job_runs(database, until=period.until),
        realized=database.read("monitoring/realized_by_day", **_month_before(period).params()),
        evaluations=newest_evaluation(database),
        dataset=dataset[0] if dataset else None,
    )


def decisions(database: Database, *, until: datetime) -> tuple[Decision, ...]:
    """Return the decisions made by then, the newest first."""
    rows = database.read("monitoring/decisions", until=naive(until))
    return tuple(_decision(row) for row in rows.iter_rows(named=True))


def job_runs(database: Database, *, until: datetime) -> tuple[JobRun, ...]:
    """Return the newest five runs of each job, the newest first."""
    rows = database.read("monitoring/job_runs", until=naive(until)).drop("run_id")
    return tuple(
        JobRun(**row | {name: aware(row[name]) for name in ("started_at", "finished_at") if row[name]})
        for row in rows.iter_rows(named=True)
    )


def _month_before(period: Period) -> Period:
    """Return at least a month: what was recommended is judged days later."""
    return Period(min(period.since, period.until - MONTH), period.until)


def _stretches(period: Period, found: dict[datetime, Measures], length: timedelta) -> tuple[Stretch, ...]:
    """Return the hours or days from the first with a request to the period's end, without gaps."""
    if not found:
        return ()
    first, last = min(found), period.until - timedelta(microseconds=1)
    count = (last - first) // length + 1
    return tuple(Stretch(first + i * length, found.get(first + i * length)) for i in range(count))


def _versions(
    database: Database,
    decided: tuple[Decision, ...],
    traffic: dict[str | None, Measures],
    *,
    release: str | None,
) -> tuple[VersionFigures, ...]:
    trained_on = dict(database.read("monitoring/version_releases").rows())
    others = {version: one for version, one in trained_on.items() if release not in (None, one)}
    measured = database.read("monitoring/decided_figures")
    realized = database.read("monitoring/realized_by_version").filter(~pl.col("is_fallback"))
    by_gate = {d.challenger: d for d in reversed(decided) if "ndcg@10" in d.changes}
    names = {*by_gate, *(name for name in traffic if name), *realized["model_version"]} - {"none"}
    ordered = sorted(
        names, key=lambda name: (name.isdigit(), int(name) if name.isdigit() else 0), reverse=True
    )
    return tuple(
        VersionFigures(
            name,
            others.get(name),
            *_offline(by_gate.get(name), measured),
            *_realized(realized.filter(pl.col("model_version") == name)),
            traffic.get(name),
        )
        for name in ordered
    )


def _offline(decision: Decision | None, measured: pl.DataFrame) -> tuple[str | None, dict[str, Figure]]:
    """Return the model that a decision was about, and its figures with their intervals.

    The decision holds values alone; the model measured at that instant with these very values has the rest.
    """
    if decision is None:
        return None, {}
    after = {name: after for name, (_, after) in decision.changes.items()}
    at = measured.filter(pl.col("evaluated_at") == naive(decision.decided_at))
    is_same = (pl.col("metric") == "ndcg@10") & ((pl.col("value") - after["ndcg@10"]).abs() < 1e-9)
    models = at.filter(is_same)["model"].to_list()
    rows = at.filter(pl.col("model") == models[0]) if models else at.clear()
    ends = {
        row["metric"]: Figure(row["value"], row["low"], row["high"]) for row in rows.iter_rows(named=True)
    }
    figures = {name: ends.get(name) or Figure(after[name]) for name in OFFLINE if name in after}
    return models[0] if models else None, figures


def _realized(rows: pl.DataFrame) -> tuple[dict[str, Figure], int]:
    figures = {
        row["metric"]: Figure(row["value"], row["low"], row["high"], row["control"])
        for row in rows.iter_rows(named=True)
    }
    people = rows["n_users"].max()
    return figures, people if isinstance(people, int) else 0


def _decision(row: dict[str, Any]) -> Decision:
    numbers = json.loads(row.pop("numbers") or "{}")
    metrics = numbers.get("metrics", {}) if isinstance(numbers, dict) else {}
    gain = numbers.get("gain") if isinstance(numbers, dict) else None
    changes = {
        name.removeprefix("returning/"): (one.get("before"), one["after"])
        for name, one in metrics.items()
        if not name.startswith("new/") and one.get("after") is not None
    }
    return Decision(
        **row | {"decided_at": aware(row["decided_at"])},
        changes=changes,
        gain=Figure(gain["value"], gain["low"], gain["high"]) if gain else None,
        probability=gain["probability_better"] if gain else None,
    )
