"""Live charts over time, in colours that read on light and on dark."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

GREY = "#8b8780"
INKS = ("#d08a1d", "#4a90b8", "#a08fc9")
RED = "#d0554a"
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
            return common | stack | {"barCategoryGap": "30%", "itemStyle": {"color": ink}}
        line = {"width": 2, "color": INKS[place]}
        is_short = len(values) < 3
        return common | {"lineStyle": line, "itemStyle": {"color": INKS[place]}, "showSymbol": is_short}
