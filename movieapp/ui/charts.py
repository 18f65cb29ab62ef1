"""Live charts over time, in colours that read on light and on dark."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

GREY = "#8b8780"
INKS = ("#d08a1d", "#4a90b8", "#a08fc9")
RED = "#d0554a"
# A bar that stands alone is no wall.
WIDEST = 56
Values = Sequence[float | None]


class TimeChart:
    """One chart with its title; `show` brings in other data without building it anew."""

    def __init__(self, title: str, *, kind: str, unit: str = "", stacked: bool = False) -> None:
        self._title, self._kind, self._unit, self._stacked = title, kind, unit, stacked
        with ui.element("figure").classes("chart panel"):
            with ui.element("figcaption").classes("panel-title"):
                ui.label(title)
            self._sentence = ui.label().classes("muted small")
            self._chart = ui.echart(self._options([], {}), renderer="svg").classes("echart").props("role=img")

    def show(self, labels: Sequence[str], series: Mapping[str, Values], sentence: str) -> None:
        """Show these series over these labels; the sentence says what they tell."""
        self._sentence.text = sentence
        self._chart.props["aria-label"] = f"{self._title}: {sentence}"
        self._chart.options.clear()
        self._chart.options.update(self._options(labels, series))
        self._chart.update()

    def _options(self, labels: Sequence[str], series: Mapping[str, Values]) -> dict[str, Any]:
        has_legend = len(series) > 1
        return {
            "animation": False,
            "grid": {
                "left": 8,
                "right": 8,
                "top": 34 if has_legend else 12,
                "bottom": 4,
                "containLabel": True,
            },
            "textStyle": {"fontFamily": "inherit"},
            "legend": {
                "show": has_legend,
                "top": 0,
                "left": 0,
                "itemWidth": 14,
                "itemHeight": 10,
                "textStyle": {"color": GREY},
            },
            "tooltip": {"trigger": "axis", "confine": True, "axisPointer": {"type": "shadow"}},
            "xAxis": {
                "type": "category",
                "data": list(labels),
                "axisTick": {"show": False},
                "axisLine": {"lineStyle": {"color": GREY}},
                "axisLabel": {"color": GREY, "hideOverlap": True},
            },
            "yAxis": {
                "type": "value",
                "min": 0,
                "minInterval": 0 if self._unit else 1,
                "axisLabel": {
                    "color": GREY,
                    "formatter": "{value}" + (f" {self._unit}" if self._unit else ""),
                },
                "splitLine": {"lineStyle": {"color": GREY, "opacity": 0.22}},
            },
            "series": [
                self._series(place, name, values) for place, (name, values) in enumerate(series.items())
            ],
        }

    def _series(self, place: int, name: str, values: Values) -> dict[str, Any]:
        rounded = [None if value is None else round(value, 2) for value in values]
        common = {"type": self._kind, "name": name, "data": rounded}
        if self._kind == "bar":
            ink = RED if place else INKS[0]
            stack = {"stack": "all"} if self._stacked else {}
            return (
                common | stack | {"barCategoryGap": "30%", "barMaxWidth": WIDEST, "itemStyle": {"color": ink}}
            )
        line = {"width": 2, "color": INKS[place]}
        is_short = len(values) < 3
        return common | {"lineStyle": line, "itemStyle": {"color": INKS[place]}, "showSymbol": is_short}


def bar_chart(
    title: str,
    names: Sequence[str],
    series: Mapping[str, Values],
    sentence: str,
    *,
    unit: str = "",
    is_lying: bool = False,
) -> None:
    """Show bars beside each other by name; lying ones, with the names at their left, suit long names."""
    kinds = {"type": "category", "data": list(names), "axisTick": {"show": False}}
    lines = {"axisLine": {"lineStyle": {"color": GREY}}, "axisLabel": {"color": GREY, "hideOverlap": True}}
    numbers = {
        "type": "value",
        "minInterval": 0 if unit else 1,
        "axisLabel": {"color": GREY, "formatter": "{value}" + (f" {unit}" if unit else "")},
        "splitLine": {"lineStyle": {"color": GREY, "opacity": 0.22}},
    }
    bars = [
        {
            "type": "bar",
            "name": name,
            "data": [None if value is None else round(value, 2) for value in values],
            "barCategoryGap": "28%",
            "barMaxWidth": WIDEST,
            "barGap": "8%",
            "itemStyle": {"color": INKS[place]},
        }
        for place, (name, values) in enumerate(series.items())
    ]
    # Lying bars grow from the bottom: the first name belongs at the top.
    axes = {"xAxis": numbers, "yAxis": kinds | lines | {"inverse": True}} if is_lying else {}
    options = _frame(has_legend=len(series) > 1) | (axes or {"xAxis": kinds | lines, "yAxis": numbers})
    options |= {"tooltip": {"trigger": "axis", "confine": True, "axisPointer": {"type": "shadow"}}}
    _figure(title, sentence, options | {"series": bars}, height=60 + 30 * len(names) if is_lying else None)


def scatter_chart(
    title: str,
    points: Sequence[tuple[float, float, str]],
    sentence: str,
    *,
    across: str,
    up: str,
    ends: tuple[float, float],
) -> None:
    """Show named points between the same ends on both axes, and the line on which both are equal."""
    axis = {
        "type": "value",
        "min": ends[0],
        "max": ends[1],
        "nameLocation": "middle",
        "nameTextStyle": {"color": GREY},
        "interval": 1,
        "axisLabel": {"color": GREY, "showMaxLabel": False},
        "splitLine": {"lineStyle": {"color": GREY, "opacity": 0.22}},
    }
    equal = {
        "type": "line",
        "data": [[ends[0]] * 2, [ends[1]] * 2],
        "showSymbol": False,
        "silent": True,
        "tooltip": {"show": False},
        "lineStyle": {"color": GREY, "type": "dashed", "width": 1},
    }
    dots = {
        "type": "scatter",
        "data": [[round(x, 2), round(y, 2), name] for x, y, name in points],
        "symbolSize": 7,
        "itemStyle": {"color": INKS[0], "opacity": 0.5},
    }
    options = _frame(has_legend=False) | {
        "xAxis": axis | {"name": across, "nameGap": 26},
        "yAxis": axis | {"name": up, "nameGap": 28},
        # Names are data: drawn as text, they cannot be markup.
        "tooltip": {"confine": True, "renderMode": "richText", ":formatter": "point => point.data[2]"},
        "series": [equal, dots],
    }
    options["grid"] |= {"left": 24, "bottom": 24, "right": 14}
    _figure(title, sentence, options, height=340)


def _frame(*, has_legend: bool) -> dict[str, Any]:
    return {
        "animation": False,
        "grid": {"left": 8, "right": 12, "top": 34 if has_legend else 12, "bottom": 4, "containLabel": True},
        "textStyle": {"fontFamily": "inherit"},
        "legend": {
            "show": has_legend,
            "top": 0,
            "left": 0,
            "itemWidth": 14,
            "itemHeight": 10,
            "textStyle": {"color": GREY},
        },
    }


def _figure(title: str, sentence: str, options: dict[str, Any], *, height: int | None = None) -> None:
    """Show a chart with its title and the sentence that says the same in words."""
    with ui.element("figure").classes("chart panel"):
        with ui.element("figcaption").classes("panel-title"):
            ui.label(title)
        ui.label(sentence).classes("muted small")
        chart = ui.echart(options, renderer="svg").classes("echart").props("role=img")
        chart.props["aria-label"] = f"{title}: {sentence}"
        if height is not None:
            chart.style(f"height: {height}px")
