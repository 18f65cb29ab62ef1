"""The leaderboard: the last comparison of all models on this instance's release, and of some since then."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import run, ui

from movieapp.evaluation.intervals import Estimate
from movieapp.lifecycle.comparison import KEPT_SOME
from movieapp.ui.aims import aim_name
from movieapp.ui.charts import GREY, INKS
from movieapp.ui.comparisons import COMMAND, Board, Line, last_comparison
from movieapp.ui.evaluations import METRICS, model_name
from movieapp.ui.figures import day, figure, percent, table
from movieapp.ui.notices import empty, when_ready
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, heading, section
from movieapp.ui.viewer import viewer

SECONDS = {"fit_s": "Fit", "recommend_all_s": "All lists"}
PROTOCOLS = {
    "time": "Ratings are cut at the same instants for everybody; what people liked later is to be found.",
    "replay": "Ratings are cut in time as in published replays of ML-1M.",
    "random": "Ratings are cut at random, as in many published comparisons: the future tells of the past.",
}
COMPARED = {
    "ndcg@10": METRICS["ndcg@10"],
    "recall@20": ("Recall@20", "Share of the films liked later that are among the first twenty."),
    "hit_rate@10": METRICS["hit_rate@10"],
    "mrr": METRICS["mrr"],
    "coverage@100": METRICS["coverage@100"],
    "served_coverage@100": METRICS["served_coverage@100"],
}
AIMED_AT = {
    "ndcg@10": METRICS["ndcg@10"],
    "recall@20": COMPARED["recall@20"],
    "coverage@100": METRICS["coverage@100"],
    "novelty@10": ("Novelty@10", "How few people know the films of the first ten, in bits."),
    "diversity@10": ("Diversity@10", "How unlike the genres of the first ten are; 1 shares none."),
    "popularity_share@10": (
        "Popular share@10",
        "Share of the first ten from the tenth that most people rated.",
    ),
    "new_to_you@10": (
        "New to you@10",
        "How likely the first ten are not known, going by how many people rated them.",
    ),
}


def register(services: Services) -> None:
    """Add the page."""

    @ui.page("/leaderboard")
    async def leaderboard_page(user: str | None = None) -> None:
        who = viewer(services, user)
        with frame(services, "Leaderboard", who, active="/leaderboard"):
            await when_ready(services, lambda: _content(services))


async def _content(services: Services) -> None:
    heading(
        "Leaderboard",
        "All models on the same release, asked about the same people, who liked what none of them had seen.",
    )
    if (found := await run.io_bound(last_comparison, services)) is None:
        empty(
            "No comparison of all models yet",
            f"It fits and measures every model, and leaves the outcome here: {COMMAND}",
        )
    else:
        _about(found)
        _models(found)
        _aims(found)
    if (some := await run.io_bound(last_comparison, services, KEPT_SOME)) is not None:
        section(
            "Some of the models",
            "They were compared alone, after what stands above, which is as it was."
            if found
            else "The others were not compared.",
        )
        _about(some)
        _figures(some, "These models")
        if some.aims:
            _lists(some, "These models’ lists by aim")


def _about(found: Board) -> None:
    with ui.element("dl").classes("figures figures-text"):
        figure("Release", found.release)
        figure("Protocol", found.protocol.capitalize(), PROTOCOLS.get(found.protocol, ""))
        figure("Window", found.window.capitalize(), f"from {day(found.cutoff)} on")
        counts = ", ".join(f"{n:,} {slice_}" for slice_, n in found.n_users.items())
        figure("People", counts, "each with films liked in the window")
        if found.compared_at is not None:
            figure("Compared", day(found.compared_at))


def _models(found: Board) -> None:
    best = found.models[0]
    section("Models", f"{model_name(best.name)} has the highest NDCG@10, {best.value('ndcg@10'):.3f}.")
    _figures(found, "Every model")


def _figures(found: Board, title: str) -> None:
    with ui.element("div").classes("board-plots"):
        _intervals(found.models)
        _scatter("Coverage against NDCG@10", found.models, model_name)
    minus = [f"Minus {model_name(name)}" for name in found.baselines]
    columns = (*(title for title, _ in COMPARED.values()), "NDCG@10, new people", *minus, *SECONDS.values())
    rows = [
        (
            model_name(line.name),
            *(_cell(line.figures.get(metric)) for metric in COMPARED),
            _cell(line.new),
            *(_cell(line.minus.get(name), sign="+") for name in found.baselines),
            *(f"{line.value(name):,.1f} s" if name in line.figures else "–" for name in SECONDS),
        )
        for line in found.models
    ]
    table(
        title,
        ("Model", *columns),
        rows,
        note="Returning people, where nothing else is said. A second line is the 95 % interval; a difference "
        "in NDCG@10 is of the same people, and beyond chance where its interval leaves out 0.",
        hints=dict(COMPARED.values()) | {"All lists": "Everybody’s first 100 films"},
    )


def _aims(found: Board) -> None:
    if not found.aims:
        section("List aims")
        ui.label(f"The lists’ other aims were not measured: {COMMAND} does.").classes("muted")
        return
    section(
        "List aims",
        f"What every setting of the sliders and discovery cost and bring: the lists of "
        f"{model_name(found.aimed_at)}, for returning people.",
    )
    _lists(found, "Lists by aim")


def _lists(found: Board, title: str) -> None:
    with ui.element("div").classes("board-plots"):
        _scatter("Coverage against NDCG@10, by aim", found.aims, aim_name)
    metrics = [name for name in AIMED_AT if any(name in line.figures for line in found.aims)]
    rows = [
        (aim_name(line.name), *(_cell(line.figures.get(metric)) for metric in metrics)) for line in found.aims
    ]
    columns = ("Aim", *(AIMED_AT[metric][0] for metric in metrics))
    table(title, columns, rows, hints=dict(AIMED_AT.values()))


def _cell(estimate: Estimate | None, *, sign: str = "") -> str:
    if estimate is None:
        return "–"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:{sign}.3f}"
    dash = "to" if sign else "–"
    return f"{estimate.value:{sign}.3f}\n{estimate.low:{sign}.3f} {dash} {estimate.high:{sign}.3f}"


def _chart(title: str, said: str, options: dict[str, Any], *, height: int) -> None:
    with ui.element("figure").classes("panel board-plot"):
        with ui.element("figcaption"):
            ui.label(title).classes("panel-title")
            ui.label(said).classes("muted small")
        chart = ui.echart(options, renderer="svg").classes("echart").style(f"height: {height}px")
        chart.props("role=img").props["aria-label"] = f"{title}: {said} The table has every figure."


def _intervals(lines: Sequence[Line]) -> None:
    """Draw each model's NDCG@10 as a point on its interval, the best at the top."""
    upwards = lines[::-1]
    ends = [(one := line.figures["ndcg@10"], one.low or one.value, one.high or one.value) for line in upwards]
    bar = {"type": "bar", "stack": "interval", "barWidth": 5, "silent": True, "tooltip": {"show": False}}
    options = _plot("NDCG@10", {"type": "category", "data": [model_name(line.name) for line in upwards]})
    options["yAxis"] |= {"axisLabel": {"color": GREY, "interval": 0}, "splitLine": {"show": False}}
    options["series"] = [
        bar | {"data": [round(low, 4) for _, low, _ in ends], "itemStyle": {"color": "transparent"}},
        bar
        | {
            "data": [round(high - low, 4) for _, low, high in ends],
            "itemStyle": {"color": INKS[0], "opacity": 0.45, "borderRadius": 3},
        },
        {
            "type": "scatter",
            "symbolSize": 10,
            "itemStyle": {"color": INKS[0]},
            "data": [[round(one.value, 4), place] for place, (one, _, _) in enumerate(ends)],
        },
    ]
    _chart("NDCG@10", "Bars are 95 % intervals over people.", options, height=60 + 24 * len(lines))


def _scatter(title: str, lines: Sequence[Line], named: Callable[[str], str]) -> None:
    """Draw what share of the films each one shows against how well it ranks."""
    widest = max(lines, key=lambda line: line.value("coverage@100"))
    options = _plot("Coverage@100", {"type": "value", "name": "NDCG@10", "scale": True})
    options["series"] = [
        {
            "type": "scatter",
            "symbolSize": 11,
            "itemStyle": {"color": INKS[1]},
            "label": {"show": True, "formatter": "{b}", "position": "top", "color": GREY, "fontSize": 11},
            "labelLayout": {"hideOverlap": True},
            "data": [
                {
                    "name": named(line.name),
                    "value": [round(line.value("coverage@100"), 4), round(line.value("ndcg@10"), 4)],
                }
                for line in lines
            ],
        }
    ]
    share = percent(widest.value("coverage@100"))
    said = f"{named(widest.name)} shows the most of the catalogue: {share} of the films it may."
    _chart(title, said, options, height=max(340, 24 * len(lines)))


def _plot(x: str, y: dict[str, Any]) -> dict[str, Any]:
    line = {"lineStyle": {"color": GREY, "opacity": 0.22}}
    axis = {"axisLabel": {"color": GREY}, "nameTextStyle": {"color": GREY}, "splitLine": line}
    return {
        "animation": False,
        "grid": {"left": 8, "right": 24, "top": 36, "bottom": 28, "containLabel": True},
        "textStyle": {"fontFamily": "inherit"},
        "tooltip": {"confine": True},
        "xAxis": axis | {"type": "value", "name": x, "nameLocation": "middle", "nameGap": 26, "min": 0},
        "yAxis": axis | {"axisTick": {"show": False}} | y,
    }
