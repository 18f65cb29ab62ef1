"""The daily report: what the dashboard shows of a day, to keep and to pass on, as HTML and as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from movieapp.database import Database
from movieapp.monitoring import plots
from movieapp.monitoring.document import Document, Note, Plot, Section, Table, Tile, html, markdown, put
from movieapp.monitoring.drift import Drift, Shares, drift
from movieapp.monitoring.measures import Period
from movieapp.monitoring.overview import Decision, JobRun, Overview, Stretch, VersionFigures, overview
from movieapp.monitoring.plots import percent
from movieapp.monitoring.wording import (
    JOBS,
    MEASURES,
    VERSIONS,
    VERSIONS_SAID,
    check_value,
    days,
    decision_text,
    decision_title,
    drift_sentence,
    job_row,
    measures_row,
    ms,
    version_row,
)


@dataclass(frozen=True, slots=True)
class LiveModel:
    """What the report says of the version that serves."""

    version: str
    algorithm: str
    trained_at: datetime


def report(database: Database, folder: Path, *, now: datetime, live: LiveModel | None = None) -> Path:
    """Write the report on the 24 hours before `now` as `YYYY-MM-DD.html` and `.md`; return the HTML file.

    A second report of a day takes the place of the first.
    """
    document = daily(database, now=now, live=live)
    name = f"{now.astimezone(UTC):%Y-%m-%d}"
    put(folder / f"{name}.md", markdown(document))
    return put(folder / f"{name}.html", html(document))


def reports(folder: Path) -> list[Path]:
    """Return the daily reports of a folder, the newest first."""
    return sorted(folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].html"), reverse=True)


def daily(database: Database, *, now: datetime, live: LiveModel | None) -> Document:
    """Return the report on the 24 hours before `now`."""
    period = Period(now - timedelta(days=1), now)
    week = overview(database, Period(now - timedelta(days=14), now))
    found = overview(database, period)
    shares = drift(database, period, trained_at=live.trained_at if live else None)
    return Document(
        f"Daily report, {now.astimezone(UTC):%d %B %Y}",
        f"The 24 hours until {now.astimezone(UTC):%H:%M} UTC.",
        now,
        (
            _limits(found),
            _traffic(found),
            _weeks(week),
            _versions(found.versions, live),
            _decisions(found.decisions),
            drift_section(shares),
            _jobs(found.jobs),
            _data(found, shares),
        ),
    )


def _limits(found: Overview) -> Section:
    return Section("Measures against their limits", tiles=limit_tiles(found))


def limit_tiles(found: Overview) -> list[Tile]:
    """Return the measures that have limits."""
    return [
        Tile(check.title, check_value(check), check.sentence, str(check.verdict)) for check in found.checks
    ]


def traffic_tiles(found: Overview) -> list[Tile]:
    """Return the measures that have none."""
    total = found.summary.total
    return [
        Tile("Requests", f"{total.n_requests:,}", f"{total.requests_per_minute:.2f} a minute"),
        Tile("People", f"{total.n_users:,}", "with requests of their own"),
        Tile("Latency, mean", ms(total.latency_mean_ms), f"median {ms(total.p50_ms)}"),
        Tile("Latency, 95th percentile", ms(total.p95_ms), f"99th {ms(total.p99_ms)}"),
        Tile(
            "Refused or failed", f"{total.n_errors:,}", f"{total.n_failures:,} with a status of 500 or more"
        ),
    ]


def _traffic(found: Overview) -> Section:
    if not found.summary.total.n_requests:
        return Section("Requests", "Nothing was asked in these 24 hours.")
    rows = [(name, *measures_row(one)) for name, one in found.summary.by_endpoint.items()]
    table = Table("By endpoint", ("Endpoint", *MEASURES), rows)
    drawn = _over_time(found.stretches, "%H:%M", "hour")
    return Section("Requests", tiles=traffic_tiles(found), plots=drawn, tables=[table])


def _weeks(found: Overview) -> Section:
    title = "The last 14 days"
    if not found.stretches:
        return Section(title, "Nothing was asked in these 14 days.")
    drawn = list(_over_time(found.stretches, "%d %b", "day"))
    if not found.realized.is_empty():
        drawn.append(_realized_plot(found.realized))
    rows = [
        (f"{one.begins_at:%d %b %Y}", *measures_row(one.measures))
        for one in found.stretches
        if one.measures is not None
    ]
    return Section(title, plots=drawn, tables=[Table("By day", ("Day (UTC)", *MEASURES), rows)])


def _over_time(stretches: Sequence[Stretch], form: str, what: str) -> tuple[Plot, Plot]:
    labels = [f"{one.begins_at:{form}}" for one in stretches]
    counts = [one.measures.n_requests if one.measures else 0 for one in stretches]
    p95 = [one.measures.p95_ms if one.measures else None for one in stretches]
    p50 = [one.measures.p50_ms if one.measures else None for one in stretches]
    busiest = max(range(len(counts)), key=counts.__getitem__)
    many = f"The busiest {what} began {labels[busiest]} with {counts[busiest]:,} requests."
    slowest = max((value for value in p95 if value is not None), default=None)
    slow = f"19 of 20 answers took at most {ms(slowest)} in the slowest {what}."
    if slowest is None:
        slow = "Nothing was answered."
    series: dict[str, Sequence[float | None]] = {"95th percentile": p95, "median": p50}
    return (
        Plot(f"Requests by {what}", many, plots.bars(labels, counts, about=many, x="UTC")),
        Plot(f"Latency by {what}, ms", slow, plots.lines(labels, series, about=slow, x="UTC")),
    )


def _realized_plot(rows: pl.DataFrame) -> Plot:
    last = rows.row(-1, named=True)
    beside = f", {percent(last['control'])} of the popular list" if last["control"] is not None else ""
    people = f"{percent(last['value'])} of {last['n_users']:,} people"
    sentence = f"On {last['day']:%d %b %Y} {people} liked something of their lists afterwards{beside}."
    series = {"recommended": rows["value"].to_list(), "popular list": rows["control"].to_list()}
    labels = [f"{day:%d %b}" for day in rows["day"]]
    drawn = plots.lines(labels, series, about=sentence, form=percent)
    return Plot("People who liked something of their lists", sentence, drawn)


def _versions(versions: Sequence[VersionFigures], live: LiveModel | None) -> Section:
    said = "No version serves yet; answers are popular films."
    if live is not None:
        trained = f"{live.trained_at.astimezone(UTC):%d %b %Y, %H:%M}"
        said = f"Version {live.version} ({live.algorithm}) serves, trained on {trained} UTC."
    if not versions:
        return Section("Versions side by side", said)
    rows = [version_row(one) for one in versions]
    return Section("Versions side by side", said, tables=[Table("By version", VERSIONS, rows, VERSIONS_SAID)])


def _decisions(decisions: Sequence[Decision]) -> Section:
    if not decisions:
        return Section("Promotions", "No version has been decided on yet.")
    return Section(
        "Promotions", notes=[Note(decision_title(one), decision_text(one)) for one in decisions[:10]]
    )


def drift_section(found: Drift) -> Section:
    """Return what is shown beside what is liked, by genre and by popularity."""
    title = "What is shown and what is liked"
    if not found.n_shown:
        return Section(title, "No film was shown in this time.")
    likes = "1 like" if found.n_liked == 1 else f"{found.n_liked:,} likes"
    said = f"{found.n_shown:,} places in lists; {likes} in the same time, {found.n_liked_before:,} before."
    return Section(
        title,
        said,
        plots=(
            _shares("Genres", found.genres),
            _shares("Tenths of the films, 1 the most rated", found.popularity),
        ),
    )


def _shares(title: str, shares: Shares) -> Plot:
    before = {
        "shown": [g.shown for g in shares.groups],
        "liked before": [g.liked_before for g in shares.groups],
    }
    series: dict[str, Sequence[float | None]] = dict(before)
    if shares.from_taste is not None:
        series = {"shown": before["shown"], "liked": [g.liked for g in shares.groups]}
    sentence = drift_sentence(shares)
    drawn = plots.pairs([group.name for group in shares.groups], series, about=sentence)
    return Plot(title, sentence, drawn)


def _jobs(runs: Sequence[JobRun]) -> Section:
    if not runs:
        return Section("Jobs", "No job has run yet.")
    return Section("Jobs", tables=[Table("Newest runs", JOBS, [job_row(run) for run in runs], prose=True)])


def _data(found: Overview, shares: Drift) -> Section:
    if found.dataset is None:
        return Section("Data set", "No release has been read yet.")
    row, ages = found.dataset, shares.ages
    tiles = [
        Tile("Release", str(row["release"]), f"read on {row['ingested_at']:%d %b %Y}"),
        Tile(
            "Ratings", f"{row['n_ratings']:,}", f"by {row['n_users']:,} people of {row['n_movies']:,} films"
        ),
        Tile("Age of the data", days(ages.data_days), "since the newest rating"),
        Tile("Newest arrival", days(ages.arrival_days), "since this instance last learned of a rating"),
        Tile("Age of the model", days(ages.model_days), "since it was trained"),
    ]
    return Section("Data set", tiles=tiles)
