"""What a list is to be besides accurate: two sliders and a switch above it, with their measured price."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from nicegui import ui

from movieapp.models.rerank import ListAims
from movieapp.ui.filters import show_chip
from movieapp.ui.notices import text_button

if TYPE_CHECKING:
    from movieapp.ui.leaderboard import Board, Line

# Four steps from end to end of a half: each is seen in the list, and most of them are measured.
STEP = 0.25
VARIETY = "Spreads the list over films that are unlike each other."
LEANING = "Leans towards films that few people know, or that many do."
DISCOVER = "Keeps the first 20 films and orders those below for less known ones."


def aims_of(query: Mapping[str, str], usual: ListAims) -> ListAims:
    """Return the aims that a URL holds; what it leaves out, or makes no sense, is as usual."""

    def number(name: str, low: float, otherwise: float) -> float:
        try:
            value = float(query.get(name, ""))
        except ValueError:
            return otherwise
        return value if low <= value <= 1 else otherwise

    switch = {"1": True, "0": False}
    return ListAims(
        diversity=number("variety", 0, usual.diversity),
        popularity=number("mainstream", -1, usual.popularity),
        discover=switch.get(query.get("discover", ""), usual.discover),
    )


def aims_query(aims: ListAims, usual: ListAims) -> dict[str, object]:
    """Return the aims as the query of a URL; what is as usual is left out."""
    return {
        "variety": None if aims.diversity == usual.diversity else f"{aims.diversity:g}",
        "mainstream": None if aims.popularity == usual.popularity else f"{aims.popularity:g}",
        "discover": None if aims.discover == usual.discover else f"{aims.discover:d}",
    }


class AimBar:
    """The controls, folded away behind a button that counts those that are set; chips name them, to take off.

    Every change calls back with all aims.
    """

    def __init__(
        self, aims: ListAims, usual: ListAims, on_change: Callable[[ListAims], None], *, board: "Board | None"
    ) -> None:
        self._aims, self._usual, self._on_change, self._board = aims, usual, on_change, board
        self._toggle = text_button("List aims", self._fold, icon_name="similar").classes("aims-toggle")
        self._toggle.props("aria-expanded=false").mark("aims-toggle")
        self._chips = (
            ui.element("ul").classes("filter-chips aim-chips").props('aria-label="Aims that are set"')
        )
        self._panel = ui.element("div").classes("aims panel").props('role=group aria-label="List aims"')
        with self._panel:
            with ui.element("div").classes("aim"):
                self._variety = _slider("Variety", 0, aims.diversity, lambda v: self._change(diversity=v))
                _ends("by fit alone", "as different as can be")
                self._variety_price = _told(VARIETY)
            with ui.element("div").classes("aim"):
                self._leaning = _slider(
                    "Niche or mainstream", -1, aims.popularity, lambda v: self._change(popularity=v)
                )
                self._leaning.classes("leaning")
                _ends("niche", "mainstream")
                self._leaning_price = _told(LEANING)
            with ui.element("div").classes("aim"):
                self._discover = ui.switch(
                    "Discover further down",
                    value=aims.discover,
                    on_change=lambda event: self._change(discover=bool(event.value)),
                )
                self._discover.classes("aim-switch").mark("discover")
                self._discover_price = _told(DISCOVER)
        self._tell()

    def _set(self) -> list[tuple[str, Callable[[], object]]]:
        """Return each aim that is not as usual: its name, and what takes it off."""
        now, usual = self._aims, self._usual
        found: list[tuple[str, Callable[[], object]]] = []
        if now.diversity != usual.diversity:
            name = aim_name(f"diversity {now.diversity:g}")
            found.append((name, partial(self._variety.set_value, usual.diversity)))
        if now.popularity != usual.popularity:
            name = aim_name(f"popularity {now.popularity:+g}")
            found.append((name, partial(self._leaning.set_value, usual.popularity)))
        if now.discover != usual.discover:
            name = "Discover further down" if now.discover else "No discovery"
            found.append((name, partial(self._discover.set_value, usual.discover)))
        return found

    def _tell(self) -> None:
        """Count and name the aims that are set, and say what they cost."""
        found = self._set()
        label = self._toggle.default_slot.children[-1]
        assert isinstance(label, ui.label)
        label.set_text(f"List aims · {len(found)}" if found else "List aims")
        self._chips.clear()
        self._chips.set_visibility(bool(found))
        with self._chips:
            for name, take_off in found:
                show_chip(name, take_off, what="aim")
        self._variety_price.set_text(price(self._board, "diversity", self._aims.diversity))
        self._leaning_price.set_text(price(self._board, "popularity", self._aims.popularity))
        self._discover_price.set_text(price(self._board, "discover", float(self._aims.discover)))

    def _change(self, **changes: Any) -> None:
        aims = replace(self._aims, **changes)
        if aims != self._aims:
            self._aims = aims
            self._tell()
            self._on_change(aims)

    def _fold(self) -> None:
        is_open = "is-open" in self._panel.classes
        self._panel.classes(toggle="is-open")
        self._toggle.props(f"aria-expanded={str(not is_open).lower()}")


def aim_name(name: str) -> str:
    """Return an aim in the words of the recommendations page: `diversity 0.5` is `Variety 0.5`."""
    kind, _, value = name.partition(" ")
    if kind == "diversity":
        return f"Variety {value}"
    if kind == "popularity":
        return f"{'Niche' if value.startswith('-') else 'Mainstream'} {value.lstrip('+-')}"
    return "Discover further down" if name == "discover" else name.capitalize()


def price(board: "Board | None", aim: str, value: float) -> str:
    """Return what an aim cost and brought in the last comparison, at the nearest value measured there.

    Nothing is said without the aim, or where it was not measured.
    """
    if board is None or value == 0:
        return ""
    plain = next((line for line in board.aims if line.name == "accuracy alone"), None)
    measured = {found: line for line in board.aims if (found := _value(line.name, aim)) * value > 0}
    if plain is None or not measured:
        return ""
    line = measured[min(measured, key=lambda found: abs(found - value))]
    parts = [_changed(line, plain, metric, name) for metric, name in PRICED.items()]
    return f"{aim_name(line.name)}: {', '.join(parts)} in the last comparison."


PRICED = {"ndcg@10": "NDCG@10", "coverage@100": "coverage"}


def _value(name: str, aim: str) -> float:
    """Return the value at which a measured line has this aim; 0 without it."""
    kind, _, number = name.partition(" ")
    return 0.0 if kind != aim else float(number or 1)


def _changed(line: "Line", plain: "Line", metric: str, name: str) -> str:
    before, after = plain.value(metric), line.value(metric)
    share = round(100 * (after / before - 1)) if before else 0
    if share == 0:
        return f"the same {name}"
    more = "more" if metric == "coverage@100" else "higher"
    return f"{abs(share)} % {more if share > 0 else 'lower'} {name}"


def _slider(label: str, low: float, value: float, on_change: Callable[[float], None]) -> ui.slider:
    ui.label(label).classes("aim-name").props("aria-hidden=true")
    slider = ui.slider(
        min=low, max=1, step=STEP, value=value, on_change=lambda event: on_change(float(event.value))
    )
    slider.props("snap markers").props["aria-label"] = label
    return slider.mark(label.split()[0].lower())


def _ends(low: str, high: str) -> None:
    with ui.element("div").classes("aim-ends").props("aria-hidden=true"):
        ui.label(low)
        ui.label(high)


def _told(sentence: str) -> ui.label:
    """Say what an aim does; what is returned is where its price goes."""
    ui.label(sentence).classes("muted small")
    return ui.label().classes("aim-price small").props("role=status")
