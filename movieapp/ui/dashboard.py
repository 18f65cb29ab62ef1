"""How the app is doing: what was asked of it against the limits, its versions, its jobs and its data."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, timedelta

from nicegui import run, ui

from movieapp.errors import MovieAppError
from movieapp.monitoring.document import Tile
from movieapp.monitoring.drift import drift
from movieapp.monitoring.measures import Period
from movieapp.monitoring.overview import Overview
from movieapp.monitoring.report import drift_section, limit_tiles, traffic_tiles
from movieapp.monitoring.wording import MEASURES, measures_row, ms
from movieapp.ui import explore
from movieapp.ui.charts import TimeChart
from movieapp.ui.documents import show_section, show_tiles
from movieapp.ui.evaluations import live_figures, model_name, show_evaluation
from movieapp.ui.figures import day, figure, table
from movieapp.ui.files import style_sheet
from movieapp.ui.lifecycle import JobsPart, show_decisions, show_versions
from movieapp.ui.notices import empty, loaded, notice, problem, skeleton_lines, when_ready
from movieapp.ui.reading import PERIODS, Found, Reader
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, heading, section
from movieapp.ui.viewer import link, viewer

log = logging.getLogger(__name__)

# The page looks again so often, or as seldom as makes reading a twentieth of the time.
EVERY_S = 10.0
REST = 20


def register(services: Services) -> None:
    """Add the page, and those that it leads to."""
    explore.register(services)
    reader = Reader(services)

    @ui.page("/dashboard")
    async def dashboard_page(user: str | None = None, period: str = "24h") -> None:
        who = viewer(services, user)
        chosen = period if period in PERIODS else "24h"
        with frame(services, "Dashboard", who, active="/dashboard"):
            style_sheet("dashboard.css")
            await when_ready(services, lambda: _content(services, reader, chosen))


async def _content(services: Services, reader: Reader, period: str) -> None:
    heading("Dashboard", "The version that serves, how it answers, and how it came about.")
    explore.report_links(services)
    _version(services)
    _periods(period)
    kept = reader.kept(period)
    if kept is not None:
        _show(services, reader, period, kept, is_old=True)
        return
    await loaded(
        lambda: reader.read(period),
        lambda found: _show(services, reader, period, found, is_old=False),
        skeleton=lambda: skeleton_lines(12),
    )


def _version(services: Services) -> None:
    live = services.recommender.live
    with ui.element("dl").classes("figures"):
        if live is None:
            figure("Live version", "None yet", "Popular films are served meanwhile.")
            return
        figure("Live version", f"v{live.version}", model_name(live.algorithm))
        trained_at = live.trained_at.astimezone(UTC)
        figure("Trained", f"{trained_at:%d %b %Y}", f"{trained_at:%H:%M} UTC")
        figure("Films it knows", f"{live.n_movies:,}", "with enough ratings to learn from")
        live_figures(live)


def _show(services: Services, reader: Reader, period: str, found: Found, *, is_old: bool) -> None:
    if found.overview.dataset is not None and (ended_at := found.overview.dataset["simulated_until"]):
        notice(
            f"A past period was lived again in this instance. Its time ended on {day(ended_at)}, and goes on "
            "from there while the app runs. Jobs run only when they are asked for."
        )
    traffic = _Traffic(found)
    versions = _Part(found, _tell_versions, of=lambda one: (one.versions, one.realized.rows()))
    decisions = _Part(found, lambda one: show_decisions(one.decisions), of=lambda one: one.decisions)
    JobsPart(services, found.overview.jobs)
    evaluation = _Part(
        found,
        lambda one: show_evaluation(one.evaluations, services.recommender.live),
        of=lambda one: one.evaluations.rows(),
    )
    _drift_later(services, found.overview.period)
    section("Data set")
    _dataset(services, found.overview)

    async def look() -> None:
        began = time.perf_counter()
        try:
            again = await run.io_bound(reader.read, period)
        except MovieAppError as error:
            log.warning("the dashboard cannot look again: %s", error)
            return
        timer.interval = max(EVERY_S, REST * (time.perf_counter() - began))
        if again is None:
            # The app is being stopped: what looks again and again must not keep it waiting.
            raise asyncio.CancelledError
        traffic.show(again)
        for part in (versions, decisions, evaluation):
            part.show(again)

    timer = ui.timer(EVERY_S, look, immediate=is_old)


def _periods(chosen: str) -> None:
    with ui.element("nav").classes("periods").props('aria-label="Period"'):
        for name, (text, _) in PERIODS.items():
            with ui.link(target=link("/dashboard", period=name)).classes("period") as item:
                ui.label(text).classes("as-text")
            if name == chosen:
                item.props("aria-current=true")


class _Part:
    """A part of the page that is built anew when what it shows, which is `of`, has changed."""

    def __init__(
        self, found: Found, build: Callable[[Overview], None], *, of: Callable[[Overview], object]
    ) -> None:
        self._build, self._of = build, of
        self._box = ui.element("div").classes("part")
        self._shown: object = None
        self.show(found)

    def show(self, found: Found) -> None:
        """Show this."""
        shown = self._of(found.overview)
        if shown != self._shown:
            self._shown = shown
            self._box.clear()
            with self._box:
                self._build(found.overview)


def _tell_versions(one: Overview) -> None:
    show_versions(one.versions)
    if not one.realized.is_empty():
        chart = TimeChart("People who liked something of their lists", kind="line", unit="%")
        rows = one.realized
        series = {
            name: [None if share is None else 100 * share for share in rows[column]]
            for name, column in (("recommended", "value"), ("popular list", "control"))
        }
        days = [f"{when:%d %b}" for when in rows["day"]]
        chart.show(days, series, "Within the replay's window after the day of the recommendation.")


class _Traffic:
    """What was asked in the period: tiles, charts and the table by endpoint; kept up to date."""

    def __init__(self, found: Found) -> None:
        self._box = ui.element("div").classes("part")
        self._built: tuple[bool, bool] | None = None
        self.show(found)

    def show(self, found: Found) -> None:
        """Show this."""
        one = found.overview
        is_empty = not one.summary.total.n_requests
        if (is_empty, found.is_past) != self._built:
            self._built = (is_empty, found.is_past)
            self._box.clear()
            with self._box:
                self._build(found)
        if is_empty:
            return
        self._tell_tiles(self._limits, limit_tiles(one))
        self._tell_tiles(self._figures, traffic_tiles(one))
        self._charts(one)
        self._endpoints([(name, *measures_row(m)) for name, m in one.summary.by_endpoint.items()])

    def _build(self, found: Found) -> None:
        if not found.overview.summary.total.n_requests:
            section("Requests")
            empty("Nothing was asked yet", "Open the recommendations or send a request, and look again.")
            return
        if found.is_past:
            until = found.overview.period.until
            notice(f"Nothing was asked after {until:%d %B %Y, %H:%M} UTC: this is the time before that.")
        section("Measures against their limits", "Amber from 80 % of a limit, red beyond it.")
        self._limits = ui.element("div").classes("part")
        self._figures = ui.element("div").classes("part")
        step = "hour" if found.overview.is_hourly else "day"
        with ui.element("div").classes("charts"):
            self._requests = TimeChart(f"Requests per {step} (UTC)", kind="bar", stacked=True)
            self._latency = TimeChart(f"Latency per {step} (UTC)", kind="line", unit="ms")
        self._endpoints = table("Requests by endpoint", ("Endpoint", *MEASURES), [])

    def _tell_tiles(self, box: ui.element, tiles: list[Tile]) -> None:
        box.clear()
        with box:
            show_tiles(tiles)

    def _charts(self, one: Overview) -> None:
        form = "%H:%M" if one.period.until - one.period.since <= timedelta(days=1) else "%d %b"
        labels = [f"{stretch.begins_at:{form}}" for stretch in one.stretches]
        found = [stretch.measures for stretch in one.stretches]
        errors = [m.n_errors if m else 0 for m in found]
        counts = [m.n_requests - m.n_errors if m else 0 for m in found]
        busiest = max(m.n_requests for m in found if m)
        served = {"answered": counts, "refused or failed": errors} if any(errors) else {"answered": counts}
        self._requests.show(
            labels, served, f"{busiest:,} in the busiest {'hour' if one.is_hourly else 'day'}."
        )
        latencies = {
            "99th percentile": [m.p99_ms if m else None for m in found],
            "95th": [m.p95_ms if m else None for m in found],
            "median": [m.p50_ms if m else None for m in found],
        }
        self._latency.show(
            labels, latencies, f"In all, 19 of 20 answers took at most {ms(one.summary.total.p95_ms)}."
        )


def _drift_later(services: Services, period: Period) -> None:
    """Show what is shown and liked once it is read, without keeping the page waiting."""
    box = ui.element("div").classes("part")
    live = services.recommender.live

    async def read() -> None:
        trained_at = live.trained_at if live else None
        with box:
            try:
                found = await run.io_bound(drift, services.database, period, trained_at=trained_at)
            except MovieAppError as error:
                problem(error)
                return
            if found is not None:
                show_section(drift_section(found))

    ui.timer(0.1, read, once=True)


def _dataset(services: Services, one: Overview) -> None:
    catalogue = services.recommender.catalogue
    first, last = catalogue.year_range()
    with ui.element("dl").classes("figures"):
        if one.dataset is not None:
            row = one.dataset
            figure("Release", str(row["release"]), f"read on {day(row['ingested_at'])}")
            first_rated, last_rated = row["first_rated_at"], row["last_rated_at"]
            if first_rated is not None:
                years = f"{first_rated.year} to {last_rated.year}"
                figure("Its ratings are of", years, f"{day(first_rated)} – {day(last_rated)}")
        figure("Films", f"{len(catalogue.films):,}", f"{first} to {last}")
        figure("Ratings", f"{services.profiles.n_ratings:,}", "with those given here")
        figure("People", f"{services.profiles.n_users:,}")
    ui.link("Explore the release in plots", "/explore").classes("page-link")
