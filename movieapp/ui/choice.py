"""What somebody chose above a list, and how a URL holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from movieapp.serving.catalogue import Catalogue
from movieapp.serving.lists import Filters, Window
from movieapp.serving.presets import MINUTES, YEARS

NUMBERS = (12, 24, 48)
WINDOWS = {
    Window.ALL: "All time",
    Window.YEAR: "The last year",
    Window.MONTH: "The last month",
    Window.WEEK: "The last week",
    Window.DAY: "The last day",
}
# Of what makes no sense in a URL, so much is named.
MOST_NAMED, LONGEST_NAMED = 5, 40


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody set above a list; `passed_over` is what a URL asked for that is no filter here."""

    filters: Filters = field(default_factory=Filters)
    k: int = 24
    window: Window = Window.ALL
    is_unseen: bool = True
    passed_over: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether every film that was not seen passes."""
        return self.filters.is_empty and self.is_unseen

    @property
    def query(self) -> dict[str, object]:
        """The choice as the query of a URL; what is as usual is left out."""
        wanted = self.filters
        return {
            "genres": ",".join(wanted.genres),
            "without": ",".join(wanted.exclude_genres),
            "from": wanted.year_from,
            "to": wanted.year_to,
            "shortest": wanted.runtime_min,
            "longest": wanted.runtime_max,
            "seen": None if self.is_unseen else "1",
            "k": None if self.k == 24 else self.k,
            "window": None if self.window is Window.ALL else str(self.window),
        }


def choice_of(query: Mapping[str, str], catalogue: Catalogue) -> Choice:
    """Return the choice that a URL holds; what makes no sense is as usual, and passed over."""
    by_name = {genre.lower(): genre for genre in catalogue.genres}
    passed_over: list[str] = []

    def genres(name: str) -> tuple[str, ...]:
        asked = [part.strip() for part in query.get(name, "").split(",") if part.strip()]
        passed_over.extend(part for part in asked if part.lower() not in by_name)
        return tuple(dict.fromkeys(by_name[part.lower()] for part in asked if part.lower() in by_name))

    def number(name: str, low: int, high: int) -> int | None:
        text = query.get(name, "")
        found = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else low - 1
        return found if understood(name, low <= found <= high) else None

    def understood(name: str, holds: bool) -> bool:
        if query.get(name) and not holds:
            passed_over.append(f"{name}={query[name]}")
        return holds

    window, k = query.get("window", ""), query.get("k", "")
    return Choice(
        Filters(
            genres("genres"),
            genres("without"),
            number("from", *YEARS),
            number("to", *YEARS),
            number("shortest", *MINUTES),
            number("longest", *MINUTES),
        ),
        int(k) if understood("k", k in map(str, NUMBERS)) else 24,
        Window(window) if understood("window", window in list(Window)) else Window.ALL,
        is_unseen=query.get("seen") != "1",
        passed_over=tuple(passed_over),
    )


def not_understood(choice: Choice) -> str:
    """Say what of a URL was passed over; empty if nothing was."""
    if not choice.passed_over:
        return ""
    named = ", ".join(f"“{part[:LONGEST_NAMED]}”" for part in choice.passed_over[:MOST_NAMED])
    return f"The address asks for what is no filter here: {named}. Choose what you want instead."


def wrong_way_round(wanted: Filters) -> str:
    """Say which ends are the wrong way round, so that no film can lie between them; empty if none are."""
    said = []
    if wanted.year_from and wanted.year_to and wanted.year_from > wanted.year_to:
        said.append(f"“From year” {wanted.year_from} is after “To year” {wanted.year_to}.")
    if wanted.runtime_min and wanted.runtime_max and wanted.runtime_min > wanted.runtime_max:
        said.append(f"“From minutes” {wanted.runtime_min} is more than “To minutes” {wanted.runtime_max}.")
    return " ".join(said)
