"""What a list is to be besides accurate: sliders and a switch above it, each with its measured price."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from nicegui import ui

from movieapp.lifecycle.prices import Prices
from movieapp.models.rerank import ListAims
from movieapp.ui.filters import show_chips
from movieapp.ui.notices import text_button
from movieapp.ui.slider import WordedSlider


@dataclass(frozen=True, slots=True)
class Slider:
    """One aim as a slider: its name in `ListAims` and in a URL, its ends, and what it does.

    `below` and `above` name it in chips and prices, on either side of 0.
    """

    aim: str
    query: str
    label: str
    low: float
    ends: tuple[str, str]
    does: str
    below: str
    above: str


SLIDERS = (
    Slider(
        "diversity",
        "variety",
        "Variety",
        0,
        ("by fit alone", "as different as can be"),
        "Spreads the list over films that are unlike each other.",
        "Variety",
        "Variety",
    ),
    Slider(
        "popularity",
        "mainstream",
        "Niche or mainstream",
        -1,
        ("niche", "mainstream"),
        "Leans towards films that few people know, or that many do.",
        "Niche",
        "Mainstream",
    ),
    Slider(
        "adventure",
        "adventure",
        "Safe or adventurous",
        -1,
        ("safe", "adventurous"),
        "Leans towards films close to those that you like, or unlike all of them.",
        "Safe",
        "Adventurous",
    ),
    Slider(
        "age",
        "new",
        "Old or new",
        -1,
        ("old", "new"),
        "Leans towards films from earlier years, or from later ones.",
        "Old",
        "New",
    ),
)
# The steps from the middle on; the last one is as far as can be.
DEGREES = ("a little", "fairly", "very")
DISCOVER = "Keeps the first 20 films and orders those below for less known ones."


def aims_of(query: Mapping[str, str], usual: ListAims) -> ListAims:
    """Return the aims that a URL holds; what it leaves out, or makes no sense, is as usual."""

    def number(slider: Slider) -> float:
        otherwise: float = getattr(usual, slider.aim)
        try:
            value = float(query.get(slider.query, ""))
        except ValueError:
            return otherwise
        return value if slider.low <= value <= 1 else otherwise

    switch = {"1": True, "0": False}
    values = {slider.aim: number(slider) for slider in SLIDERS}
    return ListAims(**values, discover=switch.get(query.get("discover", ""), usual.discover))


def aims_query(aims: ListAims, usual: ListAims) -> dict[str, object]:
    """Return the aims as the query of a URL; what is as usual is left out."""
    query: dict[str, object] = {
        slider.query: None if _value(aims, slider) == _value(usual, slider) else f"{_value(aims, slider):g}"
        for slider in SLIDERS
    }
    return query | {"discover": None if aims.discover == usual.discover else f"{aims.discover:d}"}


class AimBar:
    """The controls, folded away behind a button that counts those that are set; chips name them, to take off.

    Every change calls back with all aims.
    """

    def __init__(
        self, aims: ListAims, usual: ListAims, on_change: Callable[[ListAims], None], *, prices: Prices
    ) -> None:
        self._aims, self._usual, self._on_change, self._prices = aims, usual, on_change, prices
        self._toggle = text_button("List aims", self._fold, icon_name="similar").classes("aims-toggle")
        self._toggle.props("aria-expanded=false").mark("aims-toggle")
        self._chips = (
            ui.element("ul").classes("filter-chips aim-chips").props('aria-label="Aims that are set"')
        )
        self._panel = ui.element("div").classes("aims panel").props('role=group aria-label="List aims"')
        # Empty until somebody opens it: all that stands on a page takes part in each of its changes.
        self._fields: dict[str, WordedSlider | ui.switch] = {}
        self._told: dict[str, ui.label] = {}
        self._tell()

    def _fill(self) -> None:
        for slider in SLIDERS:
            with ui.element("div").classes("aim"):
                self._slide(slider)
        with ui.element("div").classes("aim"):
            discover = ui.switch(
                "Discover further down",
                value=self._aims.discover,
                on_change=lambda event: self._change(discover=bool(event.value)),
            )
            self._fields["discover"] = discover.classes("aim-switch").mark("discover")
            self._told["discover"] = _told(DISCOVER)
        ui.label(source(self._prices)).classes("muted small aim-source")

    def _slide(self, slider: Slider) -> None:
        ui.label(slider.label).classes("aim-name").props("aria-hidden=true")
        field = WordedSlider(
            slider.label,
            low=slider.low,
            high=1,
            words=step_words(slider),
            value=_value(self._aims, slider),
            on_change=lambda value: self._change(**{slider.aim: value}),
        )
        self._fields[slider.aim] = field.mark(slider.query)
        if slider.low < 0:
            field.classes("leaning")
        with ui.element("div").classes("aim-ends").props("aria-hidden=true"):
            for end in slider.ends:
                ui.label(end)
        self._told[slider.aim] = _told(slider.does)

    def _set(self) -> list[tuple[str, Callable[[], object]]]:
        """Return each aim that is not as usual: its name, and what takes it off."""
        now, usual = self._aims, self._usual
        found: list[tuple[str, Callable[[], object]]] = []
        for slider in SLIDERS:
            if _value(now, slider) != _value(usual, slider):
                name = aim_name(f"{slider.aim} {_value(now, slider):g}")
                found.append((name, partial(self._take_off, slider.aim)))
        if now.discover != usual.discover:
            name = "Discover further down" if now.discover else "No discovery"
            found.append((name, partial(self._take_off, "discover")))
        return found

    def _take_off(self, aim: str) -> None:
        usual = getattr(self._usual, aim)
        # The chip that was clicked goes with the change.
        with self._panel:
            self._change(**{aim: usual})
        if aim in self._fields:
            self._fields[aim].set_value(usual)

    def _tell(self) -> None:
        """Count and name the aims that are set, and say what they cost."""
        found = self._set()
        label = self._toggle.default_slot.children[-1]
        assert isinstance(label, ui.label)
        label.set_text(f"List aims · {len(found)}" if found else "List aims")
        show_chips(self._chips, found, what="aim", beside=self._toggle)
        for aim, told in self._told.items():
            told.set_text(price(self._prices, aim, float(getattr(self._aims, aim))))

    def _change(self, **changes: Any) -> None:
        aims = replace(self._aims, **changes)
        if aims != self._aims:
            self._aims = aims
            self._tell()
            self._on_change(aims)

    def _fold(self) -> None:
        is_open = "is-open" in self._panel.classes
        if not self._fields:
            with self._panel:
                self._fill()
            self._tell()
        self._panel.classes(toggle="is-open")
        self._toggle.props(f"aria-expanded={str(not is_open).lower()}")


def step_words(slider: Slider) -> list[str]:
    """Return what each step of a slider is in words, from its low end on."""
    below, above = slider.ends
    if slider.low == 0:
        return [below, *(f"{degree} different" for degree in DEGREES), above]
    return [
        f"as {below} as can be",
        *(f"{degree} {below}" for degree in reversed(DEGREES)),
        f"neither {below} nor {above}",
        *(f"{degree} {above}" for degree in DEGREES),
        f"as {above} as can be",
    ]


def aim_name(name: str) -> str:
    """Return an aim in the words of the sliders: `diversity 0.5` is `Variety 0.5`."""
    kind, _, value = name.partition(" ")
    for slider in SLIDERS:
        if kind == slider.aim:
            return f"{slider.below if value.startswith('-') else slider.above} {value.lstrip('+-')}"
    return "Discover further down" if name == "discover" else name.capitalize()


def price(prices: Prices, aim: str, value: float) -> str:
    """Return what an aim costs and brings, as measured at the nearest value; without the aim, nothing."""
    if value == 0:
        return ""
    measured = [one for one in prices.prices if _measured_at(one.aim, aim) * value > 0]
    nearest = min(measured, key=lambda one: abs(_measured_at(one.aim, aim) - value), default=None)
    if nearest is None:
        return ""
    brings = "diversity" if aim == "diversity" else "coverage"
    parts = [_changed(nearest.changes[figure], figure) for figure in ("hits", "new_to_you", brings)]
    return f"{aim_name(nearest.aim)}: {', '.join(parts)}."


def source(prices: Prices) -> str:
    """Return where the prices are from, and what their words mean."""
    whose = "here, on" if prices.is_own else "on"
    return (
        f"Prices were measured {whose} {prices.release}, in the {prices.window} window: the {prices.model}’s "
        f"lists for {prices.n_users:,} people, against lists by fit alone. Hits are films among the first "
        "ten that they went on to like; new to you is how likely the first ten are not known, going by how "
        "many people rated them."
    )


# What more of a figure is, and less of it.
WORDS = {
    "hits": ("more hits", "fewer hits", "as many hits"),
    "new_to_you": ("more new to you", "less new to you", "as new to you"),
    "diversity": ("more varied", "less varied", "as varied"),
    "coverage": ("more of the catalogue", "less of the catalogue", "as much of the catalogue"),
}


def _changed(change: float, figure: str) -> str:
    more, less, same = WORDS[figure]
    percent = round(100 * change)
    # The sign of the percent stays with its number.
    return f"{abs(percent)}\N{NO-BREAK SPACE}% {more if percent > 0 else less}" if percent else same


def _measured_at(name: str, aim: str) -> float:
    """Return the value at which a measured list has this aim; 0 without it."""
    kind, _, number = name.partition(" ")
    return 0.0 if kind != aim else float(number or 1)


def _value(aims: ListAims, slider: Slider) -> float:
    value: float = getattr(aims, slider.aim)
    return value


def _told(sentence: str) -> ui.label:
    """Say what an aim does; what is returned is where its price goes."""
    ui.label(sentence).classes("muted small")
    return ui.label().classes("aim-price small").props("role=status")
