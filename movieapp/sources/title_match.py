"""Finds the film that somebody else's title and year mean: of that name, or of one spelled otherwise."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from movieapp.sources.titles import names, normalised, without_article

# Services differ by a year about one film: the festival's or the cinemas'.
YEARS_APART = 1
# Of 100. Measured on the titles that TMDB has for the films of MovieLens releases: higher ones lose right
# films, lower ones find wrong ones.
CERTAIN, NEARLY, POSSIBLE = 88.0, 87.0, 78.0
# How much better than the next film the best has to be.
MARGIN = 6.0
MOST_CANDIDATES = 5
# Of two films of one name and year, the one that so many times more people know is meant.
MUCH_BETTER_KNOWN = 10
# Letters. "Ride" and "Pride" are two films, and so are "X2" and "X2: Again".
SHORTEST_ALIKE = 8
SHORTEST_PART = 4

_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_SUBTITLE = re.compile(r": | - | – ")


@dataclass(frozen=True, slots=True)
class Titled:
    """One film to be found: its titles as MovieLens or others write them, year if known, how many know it."""

    key: int
    titles: tuple[str, ...]
    year: int | None
    weight: int


@dataclass(frozen=True, slots=True)
class Found:
    """The film that is meant, if that is certain; else those that may be, the best first.

    `likeness` (0 to 100) is that of the film, else of the first candidate: 100 is the same name.
    """

    key: int | None
    candidates: tuple[int, ...] = ()
    likeness: float = 100.0


class TitleMatcher:
    """Titles of many films, indexed once."""

    def __init__(self, films: Iterable[Titled]) -> None:
        self._years: dict[int, int | None] = {}
        self._weights: dict[int, int] = {}
        self._by_name: dict[str, set[int]] = defaultdict(set)
        self._by_part: dict[str, set[int]] = defaultdict(set)
        self._by_year: dict[int | None, list[tuple[str, int]]] = defaultdict(list)
        for film in films:
            self._years[film.key], self._weights[film.key] = film.year, film.weight
            for called in _all_names(film.titles):
                for spelling in _spellings(called):
                    self._by_name[spelling].add(film.key)
                self._by_year[film.year].append((_words(called), film.key))
                for part in _parts(called):
                    self._by_part[_squeezed(part)].add(film.key)

    def match(self, titles: Collection[str], year: int | None) -> Found:
        """Return the film with one of these titles and about this year."""
        called = _all_names(titles)
        same = {key for each in called for word in _spellings(each) for key in self._by_name.get(word, ())}
        sure = self._of_year(same, year)
        if sure is not None:
            return Found(sure)
        near = self._near(called, year)
        candidates = self._ranked({**near, **dict.fromkeys(same, 100.0)}, year)
        if candidates and not same and self._is_clear(candidates[0], near, called, year):
            return Found(candidates[0], likeness=near[candidates[0]])
        likeness = 100.0 if same else max(near.values(), default=0.0)
        return Found(None, tuple(candidates[:MOST_CANDIDATES]), likeness)

    def _of_year(self, same: set[int], year: int | None) -> int | None:
        """Return the one film of that name and year, or of the year beside it, or of no year."""
        if year is None:
            return _only(same)
        exact = {key for key in same if self._years[key] == year}
        if exact:
            return _only(exact) or self._best_known(exact)
        beside = {key for key in same if self._is_near(key, year)}
        return _only(beside or {key for key in same if self._years[key] is None})

    def _best_known(self, keys: set[int]) -> int | None:
        first, second = sorted(keys, key=lambda key: (-self._weights[key], key))[:2]
        return first if self._weights[first] > MUCH_BETTER_KNOWN * self._weights[second] else None

    def _is_near(self, key: int, year: int | None) -> bool:
        known = self._years[key]
        return year is None or (known is not None and abs(known - year) <= YEARS_APART)

    def _near(self, called: list[str], year: int | None) -> dict[int, float]:
        """Return how alike (0 to 100) the names of films of about that year are, where they are at all."""
        pool = self._of_about(year)
        choices = [words for words, _ in pool]
        scores: dict[int, float] = defaultdict(float)
        for each in called:
            asked = _words(each)
            for _, score, place in process.extract(
                asked, choices, scorer=fuzz.ratio, score_cutoff=POSSIBLE, limit=2 * MOST_CANDIDATES
            ):
                key = pool[place][1]
                enough = score if len(asked) >= SHORTEST_ALIKE else min(score, NEARLY)
                scores[key] = max(enough, scores[key])
            # A longer title may be another film: "Thor: Tales of Asgard" is not "Thor".
            shorter = {key for key in self._by_part.get(_squeezed(asked), ()) if self._is_near(key, year)}
            shorter |= {key for words, key in pool if _is_part(asked, words)}
            longer = {key for part in _parts(each) for key in self._by_name.get(_squeezed(part), ())}
            for key in shorter:
                scores[key] = max(CERTAIN, scores[key])
            for key in (key for key in longer if self._is_near(key, year)):
                scores[key] = max(NEARLY, scores[key])
        return dict(scores)

    def _of_about(self, year: int | None) -> list[tuple[str, int]]:
        if year is None:
            return [pair for pairs in self._by_year.values() for pair in pairs]
        years = (*range(year - YEARS_APART, year + YEARS_APART + 1), None)
        return [pair for each in years for pair in self._by_year.get(each, ())]

    def _ranked(self, scores: dict[int, float], year: int | None) -> list[int]:
        def distance(key: int) -> int:
            known = self._years[key]
            return abs(known - year) if known is not None and year is not None else 0

        return sorted(scores, key=lambda key: (-scores[key], distance(key), -self._weights[key], key))

    def _is_clear(self, best: int, near: dict[int, float], called: list[str], year: int | None) -> bool:
        """Whether the best is like enough, of that very year, ahead of the others, and of the same number."""
        others = [score for key, score in near.items() if key != best]
        is_ahead = near[best] - max(others, default=0.0) >= MARGIN
        if near[best] < CERTAIN or not is_ahead or year is None or self._years[best] != year:
            return False
        theirs = {_numbers(words) for words, key in self._by_year[year] if key == best}
        ours = {_numbers(_words(each)) for each in called}
        # "Return of the Jedi" leaves the number of its episode out; "Rocky 2" is never "Rocky 3".
        return any(our <= their for our in ours for their in theirs)


def _all_names(titles: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(each for title in titles for each in (*names(title), title)))


# One name is asked for a few times in a row.
@lru_cache(maxsize=1024)
def _plain(called: str) -> str:
    return without_article(normalised(called.replace("½", " 1/2")))


def _words(called: str) -> str:
    """Return the words to compare: no article in front, every number in digits."""
    words = re.sub(r"\bpart i\b", "part 1", _plain(called))
    return " ".join(_ROMAN.get(word, word) for word in words.split())


def _spellings(called: str) -> set[str]:
    """Return keys that tell names apart but not "M*A*S*H" from "MASH", or "Rocky II" from "Rocky 2"."""
    return {_squeezed(_plain(called)), _squeezed(_words(called))} - {""}


def _squeezed(words: str) -> str:
    return words.replace(" ", "")


def _parts(called: str) -> list[str]:
    """Return what stands before the first colon and after the last, where that says enough."""
    parts = _SUBTITLE.split(called)
    if len(parts) == 1:
        return []
    words = (_words(part) for part in (parts[0], parts[-1]))
    return [each for each in words if len(each) >= SHORTEST_PART]


def _is_part(short: str, long: str) -> bool:
    """Whether a name ends with the words of the other; one word would be too few."""
    return " " in short and long.endswith(f" {short}")


def _numbers(words: str) -> frozenset[str]:
    return frozenset(word for word in words.split() if word.isdigit())


def _only(keys: set[int]) -> int | None:
    return next(iter(keys)) if len(keys) == 1 else None
