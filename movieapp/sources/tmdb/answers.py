"""TMDB's JSON, taken apart with distrust: what has another type than it should is left out."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from movieapp.sources.metadata import FilmFacts, picture
from movieapp.sources.title_match import Titled
from movieapp.sources.tmdb.line import Refused

MOST_ACTORS = 10
MOST_KEYWORDS = 60
LARGEST = 2**31 - 1


def parsed(content: bytes) -> dict[str, Any]:
    """Return the JSON object; `Refused` where there is none."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise Refused("TMDB sent something that is not JSON, or only a part of it.") from None
    if not isinstance(value, dict):
        raise Refused("TMDB sent JSON that is no object.")
    return value


def film_facts(answer: dict[str, Any], *, tmdb_id: int) -> FilmFacts:
    """Return what the details of a film say; `Refused` where they are another film's or nobody's."""
    if _whole(answer.get("id")) != tmdb_id or not _text(answer.get("title")):
        raise Refused(f"TMDB sent something that is not the film {tmdb_id}.")
    votes = _whole(answer.get("vote_count"))
    credit = answer.get("credits")
    credit = credit if isinstance(credit, dict) else {}
    keywords = answer.get("keywords")
    crew = (each for each in _objects(credit.get("crew")) if each.get("job") == "Director")
    cast = sorted(_objects(credit.get("cast")), key=lambda each: _whole(each.get("order"), LARGEST))
    return FilmFacts(
        tmdb_id=tmdb_id,
        imdb_id=imdb_number(answer.get("imdb_id")),
        title=_text(answer.get("title")),
        original_title=_text(answer.get("original_title")),
        overview=_text(answer.get("overview")),
        runtime_min=_within(_whole(answer.get("runtime")), 1, 2000),
        released_on=_day(answer.get("release_date")),
        vote_average=_number(answer.get("vote_average"), 10.0) if votes else None,
        n_votes=votes,
        popularity=_number(answer.get("popularity"), 1e9),
        poster_path=picture(answer.get("poster_path")),
        backdrop_path=picture(answer.get("backdrop_path")),
        keywords=_names(keywords.get("keywords") if isinstance(keywords, dict) else None)[:MOST_KEYWORDS],
        directors=_names(list(crew)),
        actors=_names(cast)[:MOST_ACTORS],
    )


def found_ids(answer: dict[str, Any]) -> list[int]:
    """Return the TMDB ids of the films that a look-up of an IMDb id found."""
    ids = (_whole(each.get("id")) for each in _objects(answer.get("movie_results")))
    return [each for each in ids if each]


def search_results(answer: dict[str, Any]) -> Iterator[Titled]:
    """Yield the films that a search found, by TMDB id."""
    for each in _objects(answer.get("results")):
        titles = tuple(filter(None, (_text(each.get("title")), _text(each.get("original_title")))))
        day, tmdb_id = _day(each.get("release_date")), _whole(each.get("id"))
        if titles and tmdb_id:
            yield Titled(tmdb_id, titles, day.year if day else None, _whole(each.get("vote_count"), 0) or 0)


def imdb_number(value: object) -> int | None:
    """Return the number of an IMDb id such as "tt0114709"."""
    text = value.strip() if isinstance(value, str) else ""
    digits = text.removeprefix("tt")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None


def _whole(value: object, default: int | None = None) -> Any:
    is_whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST
    return value if is_whole else default


def _within(value: int | None, low: int, high: int) -> int | None:
    return value if value is not None and low <= value <= high else None


def _number(value: object, high: float) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= high else None  # type: ignore[operator, arg-type]


def _text(value: object) -> str | None:
    """Return the text; lone surrogates, which JSON can hold and no file can, are left out."""
    if not isinstance(value, str):
        return None
    return value.encode("utf-8", "ignore").decode().replace("\0", "").strip() or None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _names(value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in _objects(value) if (name := _text(each.get("name")))))
