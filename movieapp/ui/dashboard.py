"""How the app is doing: the live version, how good it is, and what was asked of it in the last day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from nicegui import ui

from movieapp.monitoring.measures import Hour, Traffic, evaluation_table, traffic
from movieapp.ui.notices import empty, loaded, notice, skeleton_lines, when_ready
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, heading, section
from movieapp.ui.viewer import viewer

METRICS = {
    "ndcg@10": ("NDCG@10", "How high the films stand that people went on to like; 1 is perfect."),
    "recall@10": ("Recall@10", "Share of the films liked later that are among the first ten."),
    "precision@10": ("Precision@10", "Share of the first ten that were liked later."),
    "hit_rate@10": ("Hit rate@10", "Share of people with at least one film liked later among the first ten."),
    "mrr": ("MRR", "One over the place of the first film liked later, on average."),
    "coverage@10": ("Coverage@10", "Share of all films that appear in somebody's first ten."),
}
SLICES = {
    "returning": ("Returning users", "People with likes before the cut-off."),
    "new": ("New users", "People known by five likes only, given to the model as they are."),
}
MODELS = {"als": "ALS", "item_knn": "Item-KNN", "popularity": "Popularity", "ease": "EASE"}


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
            evaluation_table(services.database),
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


def _show(services: Services, figures: Figures, now: datetime) -> None:
    section("The last 24 hours")
    _traffic(figures.day, now)
    section("Evaluation", "Each model on people it was not fitted on, with 95 % intervals.")
    _evaluation(figures.evaluations)
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


def _evaluation(rows: pl.DataFrame) -> None:
    if rows.is_empty():
        notice("No model has been evaluated yet.")
        return
    windows = rows["window"].unique().to_list()
    window = "test" if "test" in windows else windows[0]
    rows = rows.filter(pl.col("window") == window)
    for name, (title, sentence) in SLICES.items():
        part = rows.filter(pl.col("slice") == name)
        if part.is_empty():
            continue
        n_users = int(part["n_users"].max() or 0)  # type: ignore[arg-type]
        _slice(f"{title} · {n_users:,} people in the {window} window", sentence, part)


def _slice(title: str, sentence: str, part: pl.DataFrame) -> None:
    values = {(row["model"], row["metric"]): row for row in part.iter_rows(named=True)}
    metrics = [
        metric for metric in METRICS if any((model, metric) in values for model in part["model"].unique())
    ]
    by_quality = sorted(
        part["model"].unique(),
        key=lambda model: -(values.get((model, "ndcg@10")) or {"value": 0.0})["value"],
    )
    rows = [
        (model_name(model), *(_estimate(values.get((model, metric))) for metric in metrics))
        for model in by_quality
    ]
    columns = ("Model", *(METRICS[metric][0] for metric in metrics))
    table(title, columns, rows, note=sentence, hints={METRICS[m][0]: METRICS[m][1] for m in metrics})


def _estimate(row: dict[str, Any] | None) -> str:
    if row is None:
        return "–"
    if row["low"] is None or row["high"] is None:
        return f"{row['value']:.3f}"
    return f"{row['value']:.3f}\n{row['low']:.3f} – {row['high']:.3f}"


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


def model_name(model: str) -> str:
    """Return a model's name as people write it; `popularity_7d` looks back seven days."""
    plain, _, days = model.partition("_")
    if plain == "popularity" and days.removesuffix("d").isdigit():
        return f"Popularity, {days.removesuffix('d')} days"
    return MODELS.get(model, model)


def figure(name: str, value: str, remark: str = "") -> None:
    """Show one figure with its name."""
    with ui.element("div").classes("figure"):
        with ui.element("dt"):
            ui.label(name)
        with ui.element("dd"):
            ui.label(value)
            if remark:
                ui.label(remark).classes("muted small")


def table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    note: str = "",
    hints: dict[str, str] | None = None,
) -> None:
    """Show a table; a second line in a cell is set smaller."""
    with ui.element("div").classes("table-box panel").props("tabindex=0 role=region") as box:
        box.props["aria-label"] = title
        with ui.element("table"):
            with ui.element("caption"):
                ui.label(title).classes("panel-title")
                if note:
                    ui.label(note).classes("muted small")
            with ui.element("thead"), ui.element("tr"):
                for column in columns:
                    with ui.element("th").props("scope=col") as head:
                        ui.label(column)
                    if hints and column in hints:
                        head.props["title"] = hints[column]
            with ui.element("tbody"):
                for row in rows:
                    with ui.element("tr"):
                        for number, cell in enumerate(row):
                            with ui.element("td" if number else "th").props("" if number else "scope=row"):
                                value, _, interval = cell.partition("\n")
                                ui.label(value)
                                if interval:
                                    ui.label(interval).classes("interval")


def ms(value: float | None) -> str:
    """Return a duration for reading."""
    return "–" if value is None else f"{value:.1f} ms" if value < 100 else f"{value:,.0f} ms"


def percent(value: float | None) -> str:
    """Return a share for reading."""
    return "–" if value is None else f"{100 * value:.1f} %"
