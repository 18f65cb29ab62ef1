"""What one row of an export says, whichever service it comes from, and how its fields are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from movieapp.errors import Invalid

FIRST_YEAR, LAST_YEAR = 1870, 2100
# Nobody rated a film on the web before this.
FIRST_DAY, LAST_DAY = datetime(1900, 1, 1), datetime(2100, 1, 1)
LARGEST_ID = 2**31 - 1
NOTHING = "Nothing was imported."


class Kind(StrEnum):
    """What a row tells; services know the first three."""

    RATING = "rating"
    WATCHED = "watched"
    WATCHLIST = "watchlist"
    LIKE = "like"
    DISLIKE = "dislike"
    HIDE = "hide"
    NOTE = "note"
    UNLEARNED = "unlearned"


OPINIONS = (Kind.LIKE, Kind.DISLIKE, Kind.HIDE)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a person told of one film. `imdb_id` is without "tt"; `at` is UTC, without a zone.

    `stars` are 0.5 to 5 in halves. `is_film` is false for series, episodes and games. `number` counts the
    rows of the file as a spreadsheet does, or the entries of a list from 1.
    """

    kind: Kind
    file: str
    number: int
    title: str | None = None
    year: int | None = None
    imdb_id: int | None = None
    tmdb_id: int | None = None
    movie_id: int | None = None
    stars: float | None = None
    at: datetime | None = None
    watched_on: date | None = None
    is_rewatch: bool = False
    text: str | None = None
    is_film: bool = True


@dataclass(frozen=True, slots=True)
class KeptPreset:
    """The setting of a list, JSON, that a person keeps under a name since `at`, UTC, without a zone."""

    name: str
    setting: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Export:
    """All rows of an export; `n_skipped` entries are about no film. Only this app's own have more."""

    service: str
    rows: tuple[Row, ...]
    n_skipped: int = 0
    name: str | None = None
    color: str | None = None
    presets: tuple[KeptPreset, ...] = ()


class BadField(Exception):
    """A field that cannot be read; the text says why, without the place."""


def refused(file: str, number: int | None, reason: object) -> Invalid:
    """Return the error for a row of a file that cannot be used, or for the file as a whole."""
    place = file if number is None else f"{file}, row {number}"
    return Invalid(f"{place}: {reason}. {NOTHING} Export it again, or mend it.")


def whole(text: str, what: str, low: int, high: int) -> int | None:
    """Return the whole number, also where a spreadsheet made it "1999.0"; None for nothing."""
    text = text.strip()
    if not text:
        return None
    digits = text.removesuffix(".0")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10 and low <= int(digits) <= high):
        raise BadField(f"the {what} {shown(text)} is no whole number from {low} to {high}")
    return int(digits)


def year(text: str) -> int | None:
    """Return the year of a film, None for nothing."""
    return whole(text, "year", FIRST_YEAR, LAST_YEAR)


def imdb_id(text: str) -> int | None:
    """Return the number of an id such as "tt0114709" or "0114709", None for nothing."""
    return whole(text.strip().removeprefix("tt"), "IMDb id", 1, LARGEST_ID)


def tmdb_id(text: str) -> int | None:
    """Return a TMDB id, None for nothing."""
    return whole(text, "TMDB id", 1, LARGEST_ID)


def stars_of_5(text: str) -> float | None:
    """Return stars that are given as stars, None for nothing."""
    value = _number(text)
    if value is not None and (not 0.5 <= value <= 5 or value * 2 % 1):
        raise BadField(f"the rating {shown(text)} is not 0.5 to 5 in halves")
    return value


def stars_of_10(text: str) -> float | None:
    """Return stars that are given as 1 to 10 points, None for nothing."""
    value = _number(text)
    if value is not None and (not 1 <= value <= 10 or value % 1):
        raise BadField(f"the rating {shown(text)} is no whole number from 1 to 10")
    return None if value is None else value / 2


def instant(text: str) -> datetime | None:
    """Return a day or an instant, in UTC and without a zone; None for nothing."""
    text = text.strip()
    if not text:
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        try:
            value = datetime.strptime(text, "%a %b %d %H:%M:%S %Y")
        except ValueError:
            raise BadField(f"the date {shown(text)} is not written as 2024-12-31") from None
    try:
        value = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    except (ValueError, OverflowError):
        raise BadField(f"the date {shown(text)} is out of range") from None
    if not FIRST_DAY <= value <= LAST_DAY:
        raise BadField(f"the date {shown(text)} is out of range")
    return value


def day(text: str) -> date | None:
    """Return a day, None for nothing."""
    value = instant(text)
    return None if value is None else value.date()


def named(title: str | None, *ids: int | None) -> str | None:
    """Return the title on one line, None for an empty one; refuse what names no film at all."""
    title = " ".join((title or "").split()) or None
    if title is None and all(each is None for each in ids):
        raise BadField("there is no title and no id")
    return title


def shown(value: object) -> str:
    """Return a short form of what was in a file, fit for a sentence."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}...'"


def missing(columns: Sequence[str]) -> str:
    """Return the reason for a file without some columns."""
    return f"the column {' and '.join(columns)} is missing"


def _number(text: str) -> float | None:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        value = float(text) if len(text) <= 10 else float("nan")
    except ValueError:
        value = float("nan")
    if value != value:
        raise BadField(f"the rating {shown(text)} is no number")
    return value
