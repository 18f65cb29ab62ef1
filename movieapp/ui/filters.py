"""The filters above a list: genres wanted and unwanted, years, runtimes, films not seen, and how many."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from nicegui import ui

from movieapp.serving.catalogue import Catalogue
from movieapp.serving.lists import Filters, Window
from movieapp.serving.presets import MINUTES, YEARS
from movieapp.ui.choice import NUMBERS, WINDOWS, Choice, not_understood, wrong_way_round
from movieapp.ui.icons import icon
from movieapp.ui.notices import safely, text_button

# What a number that is set is called on its chip.
ENDS = {
    "year_from": "From {}",
    "year_to": "To {}",
    "runtime_min": "From {} minutes",
    "runtime_max": "To {} minutes",
}


class FilterBar:
    """The filters; every change calls back with the whole choice.

    On a phone they fold away behind a button that counts those that are set; chips name them, to take off.
    What a URL asks for in vain is said until something is chosen.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        choice: Choice,
        on_change: Callable[[Choice], None],
        *,
        with_window: bool = False,
        with_seen: bool = False,
    ) -> None:
        self._choice = choice
        self._on_change = on_change
        self._window: ui.select | None = None
        self._unseen: ui.switch | None = None
        # By the names that the filters have in `Filters`.
        self._numbers: dict[str, ui.number] = {}
        self._toggle = text_button("Filters", self._fold, icon_name="filter").classes("filters-toggle")
        self._toggle.props("aria-expanded=false").mark("filters-toggle")
        self._chips = ui.element("ul").classes("filter-chips").props('aria-label="Filters that are set"')
        self._bar = ui.element("div").classes("filters")
        with self._bar.props("role=group aria-label=Filters"):
            if with_window:
                self._window = _select(
                    "Popular in", dict(WINDOWS), choice.window, lambda window: self._change(window=window)
                ).classes("field-window")
            self._fields(catalogue, choice.filters)
            numbers = {n: f"{n} films" for n in NUMBERS}
            _select("Show", numbers, choice.k, lambda k: self._change(k=k)).classes("field-narrow")
            if with_seen:
                self._unseen = ui.switch(
                    "Only films I have not seen",
                    value=choice.is_unseen,
                    on_change=lambda event: self._change(is_unseen=bool(event.value)),
                )
                self._unseen.classes("filter-switch").mark("unseen")
            self._clear = text_button("Clear filters", self._reset, icon_name="close").mark("clear-filters")
            self._told = ui.label().classes("muted small filters-told").props("role=status")
        # Below what folds away, so that it is seen on a phone, too.
        self._wrong = ui.label().classes("notice notice-problem filters-wrong").props("role=status")
        self._tell()

    def _fields(self, catalogue: Catalogue, now: Filters) -> None:
        first, last = catalogue.year_range()
        self._genres = _genres("Genres", catalogue, now.genres, lambda names: self._narrow(genres=names))
        self._without = _genres(
            "Without", catalogue, now.exclude_genres, lambda names: self._narrow(exclude_genres=names)
        )
        self._number("year_from", "From year", now, *YEARS, usual=first)
        self._number("year_to", "To year", now, *YEARS, usual=last)
        if catalogue.has_runtimes:
            self._number("runtime_min", "From minutes", now, *MINUTES)
            self._number("runtime_max", "To minutes", now, *MINUTES)
        self._has_runtimes = catalogue.has_runtimes

    def _number(
        self, name: str, label: str, now: Filters, low: int, high: int, *, usual: int | str = ""
    ) -> None:
        def fits(number: float | None) -> bool:
            return number is None or low <= number <= high

        def changed(event: Any) -> None:
            if fits(event.value):
                self._narrow(**{name: None if event.value is None else int(event.value)})

        field = ui.number(
            label=label,
            value=getattr(now, name),
            placeholder=str(usual),
            step=1,
            format="%d",
            on_change=changed,
            validation={f"{low} to {high}": fits},
        )
        field.props("outlined dense stack-label debounce=400 inputmode=numeric").classes("field field-narrow")
        self._numbers[name] = field.mark(label.lower().replace(" ", "-"))

    def _set(self) -> list[tuple[str, Callable[[], object]]]:
        """Return each filter that is set: its name, and what takes it off."""
        now = self._choice.filters
        found: list[tuple[str, Callable[[], object]]] = []
        if self._window is not None and self._choice.window is not Window.ALL:
            found.append((WINDOWS[self._choice.window], partial(self._window.set_value, Window.ALL)))
        for name in now.genres:
            found.append((name, partial(_take, self._genres, name)))
        for name in now.exclude_genres:
            found.append((f"Without {name}", partial(_take, self._without, name)))
        for end, words in ENDS.items():
            value = getattr(now, end)
            if value is not None and end in self._numbers:
                found.append((words.format(value), partial(self._numbers[end].set_value, None)))
        if self._unseen is not None and not self._choice.is_unseen:
            found.append(("Seen films too", partial(self._unseen.set_value, True)))
        return found

    def _tell(self) -> None:
        """Count and name the filters that are set."""
        found = self._set()
        label = self._toggle.default_slot.children[-1]
        assert isinstance(label, ui.label)
        label.set_text(f"Filters · {len(found)}" if found else "Filters")
        self._clear.set_visibility(not self._choice.is_empty)
        self._told.set_text(self._of_runtimes())
        wrong = wrong_way_round(self._choice.filters) or not_understood(self._choice)
        self._wrong.set_text(wrong)
        self._wrong.set_visibility(bool(wrong))
        show_chips(self._chips, found, what="filter", beside=self._toggle)

    def _of_runtimes(self) -> str:
        """Say what holds of films whose runtime is not known, where a runtime is asked for."""
        now = self._choice.filters
        if now.runtime_min is None and now.runtime_max is None:
            return ""
        if not self._has_runtimes:
            return (
                "No film’s length is known here: launcher.py enrich adds it, and films can be chosen by it."
            )
        return "A film whose length is not known is left out."

    def _narrow(self, **changes: Any) -> None:
        self._change(filters=replace(self._choice.filters, **changes))

    def _change(self, **changes: Any) -> None:
        choice = replace(self._choice, **changes, passed_over=())
        if choice != self._choice:
            self._choice = choice
            self._tell()
            self._on_change(choice)

    def _reset(self) -> None:
        self._change(filters=Filters(), is_unseen=True)
        for genre_field in (self._genres, self._without):
            genre_field.set_value([])
        for number in self._numbers.values():
            number.set_value(None)
        if self._unseen is not None:
            self._unseen.set_value(True)
        # The button that has the keyboard is gone now.
        self._genres.run_method("focus")

    def _fold(self) -> None:
        is_open = "is-open" in self._bar.classes
        self._bar.classes(toggle="is-open")
        self._toggle.props(f"aria-expanded={str(not is_open).lower()}")


def show_chips(
    place: ui.element,
    found: Sequence[tuple[str, Callable[[], object]]],
    *,
    what: str,
    beside: ui.element,
) -> None:
    """Show what is set above a list, each a filter or an aim as `what` says, as items that take it off.

    The keyboard, whose chip is gone then, goes to the first that stays, or to the button `beside` them.
    """
    place.clear()
    place.set_visibility(bool(found))

    def taken_off(take_off: Callable[[], object]) -> None:
        take_off()
        left = [chip for item in place.default_slot.children for chip in item.default_slot.children]
        (left[0] if left else beside).run_method("focus")

    for name, take_off in found:
        with (
            place,
            ui.element("li"),
            ui.element("button").classes("filter-chip").props("type=button") as chip,
        ):
            ui.label(name)
            icon("close")
        chip.props["aria-label"] = f"Take the {what} off: {name}"
        chip.mark(f"{what}-{name}").on("click", safely(partial(taken_off, take_off)), args=[])


def _take(field: ui.select, name: str) -> None:
    field.set_value([other for other in field.value or () if other != name])


def _select(label: str, options: dict[Any, str], value: Any, on_change: Callable[[Any], None]) -> ui.select:
    field = ui.select(options, label=label, value=value, on_change=lambda event: on_change(event.value))
    return field.props("outlined dense options-dense").classes("field").mark(label.lower().replace(" ", "-"))


def _genres(
    label: str, catalogue: Catalogue, value: tuple[str, ...], on_change: Callable[[tuple[str, ...]], None]
) -> ui.select:
    field = ui.select(
        list(catalogue.genres),
        label=label,
        value=list(value),
        multiple=True,
        on_change=lambda event: on_change(tuple(event.value or ())),
    )
    field.props("outlined dense options-dense use-chips").classes("field field-wide").mark(label.lower())
    return field
