"""How the app is doing: the live version, how good it is, and what was asked of it in the last day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from nicegui import ui

from movieapp.monitoring.measures import Hour, Traffic, newest_evaluation, traffic
from movieapp.ui.evaluations import live_figures, model_name, show_evaluation
from movieapp.ui.figures import figure, ms, percent, table
from movieapp.ui.notices import empty, loaded, skeleton_lines, when_ready
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, heading, section
from movieapp.ui.viewer import viewer


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page reads from the database."""

    day: Traffic
    evaluations: pl.DataFrame
    dataset: pl.DataFrame


def register(services: Services) -> None:
    """Add the page."""

    @ui.page("/dashboard")
    async def dashboard_page(user: str | None = None) -> None:
        who = viewer(services, user)
        with frame(services, "Dashboard", who, active="/dashboard"):
            await when_ready(services, lambda: _content(services))


async def _content(services: Services) -> None:
    heading("Dashboard", "The version that serves, how good it is, and the last 24 hours.")
    now = datetime.now(UTC)

    def read() -> Figures:
        return Figures(
            traffic(services.database, since=now - timedelta(hours=24), now=now),
            newest_evaluation(services.database),
            services.database.read("catalog/dataset"),
        )

    _version(services)
    await loaded(read, lambda figures: _show(services, figures, now), skeleton=lambda: skeleton_lines(12))


def _version(services: Services) -> None:
    live = services.recommender.live
    with ui.element("dl").classes("figures"):
        if live is None:
            figure("Live version", "None yet", "Popular films are served meanwhile.")
            return
        figure("Live version", f"v{live.version}", model_name(live.algorithm))
        figure(
            "Trained",
            f"{live.trained_at.astimezone(UTC):%d %b %Y}",
            f"{live.trained_at.astimezone(UTC):%H:%M} UTC",
        )
        figure("Films it knows", f"{live.n_movies:,}", "with enough ratings to learn from")
        live_figures(live)


def _show(services: Services, figures: Figures, now: datetime) -> None:
    section("The last 24 hours")
    _traffic(figures.day, now)
    show_evaluation(figures.evaluations, services.recommender.live)
    section("Data set")
    _dataset(services, figures.dataset)


def _traffic(day: Traffic, now: datetime) -> None:
    if not day.n_requests:
        empty("Nothing was asked yet", "Open the recommendations or send a request, and look again.")
        return
    with ui.element("dl").classes("figures"):
        figure("Requests", f"{day.n_requests:,}", f"{day.n_users:,} people · {day.n_errors:,} errors")
        figure("Latency, median", ms(day.p50_ms), f"mean {ms(day.latency_mean_ms)}")
        figure("Latency, 95th percentile", ms(day.p95_ms), f"99th {ms(day.p99_ms)}")
        figure("Fallback rate", percent(day.fallback_rate), "answers that were popular films instead")
        figure("Catalogue shown", percent(day.coverage), "of all films, in some list")
    _hours(day.hourly, now)
    columns = ("Endpoint", "Requests", "Errors", "Median", "95th", "Fallback")
    rows = [
        (
            e.endpoint,
            f"{e.n_requests:,}",
            f"{e.n_errors:,}",
            ms(e.p50_ms),
            ms(e.p95_ms),
            percent(e.fallback_rate),
        )
        for e in day.by_endpoint
    ]
    table("Requests by endpoint", columns, rows)


def _hours(hourly: Sequence[Hour], now: datetime) -> None:
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
    counts = {hour.hour: hour.n_requests for hour in hourly}
    hours = [first + timedelta(hours=number) for number in range(24)]
    values = [counts.get(hour, 0) for hour in hours]
    with ui.element("figure").classes("chart panel"):
        with ui.element("figcaption").classes("panel-title"):
            ui.label("Requests per hour (UTC)")
        chart = ui.echart(_chart_options([f"{hour:%H:%M}" for hour in hours], values), renderer="svg")
        chart.classes("echart").props("role=img")
        chart.props["aria-label"] = f"Requests per hour; {max(values):,} in the busiest hour."


def _chart_options(hours: list[str], values: list[int]) -> dict[str, Any]:
    grey = "#8b8780"
    return {
        "animation": False,
        "grid": {"left": 8, "right": 8, "top": 12, "bottom": 4, "containLabel": True},
        "textStyle": {"fontFamily": "inherit"},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {
            "type": "category",
            "data": hours,
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": grey}},
            "axisLabel": {"color": grey, "interval": 5},
        },
        "yAxis": {
            "type": "value",
            "minInterval": 1,
            "axisLabel": {"color": grey},
            "splitLine": {"lineStyle": {"color": grey, "opacity": 0.22}},
        },
        "series": [
            {
                "type": "bar",
                "name": "Requests",
                "data": values,
                "barCategoryGap": "30%",
                "itemStyle": {"color": "#d08a1d", "borderRadius": [3, 3, 0, 0]},
            }
        ],
    }


def _dataset(services: Services, dataset: pl.DataFrame) -> None:
    catalogue = services.recommender.catalogue
    first, last = catalogue.year_range()
    with ui.element("dl").classes("figures"):
        if not dataset.is_empty():
            row = dataset.row(0, named=True)
            figure("Release", str(row["release"]), f"read on {row['ingested_at']:%d %b %Y}")
        figure("Films", f"{len(catalogue.films):,}", f"{first} to {last}")
        figure("Ratings", f"{services.profiles.n_ratings:,}", "with those given here")
        figure("People", f"{services.profiles.n_users:,}")
