"""Finding films by what people type: titles, directors and actors, with typing mistakes if need be."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from movieapp.serving.titles import Postings, Rows, TitleIndex

# Mistakes are looked for in so many of the words typed: each costs about a millisecond.
MOST_WORDS = 8


def found(
    titles: TitleIndex, people: Postings, n_ratings: NDArray[np.int64], typed: list[str], limit: int
) -> list[int]:
    """Return at most `limit` rows for some normalised words, the best first.

    Whole names come before beginnings of names, these before beginnings of words, these before people;
    mistakes count only where nothing is spelled as it was typed. Among equals, the most rated come first.
    """
    for tiers in (_as_typed, _begun, _mistyped):
        rows = _first(tiers(titles, people, len(n_ratings), typed), n_ratings, limit)
        if rows:
            return rows
    return []


def titled_alike(titles: TitleIndex, n_films: int, typed: Iterable[str]) -> NDArray[np.float64]:
    """Return (films,): the part of the words typed that is in each title, if spelled otherwise.

    A rare word says more of a title than a frequent one.
    """
    shared, total = np.zeros(n_films), 0.0
    for place, word in enumerate(sorted(set(typed), key=lambda word: (-len(word), word))):
        rows = titles.by_word.of_key(word)
        if not len(rows) and place < MOST_WORDS:
            rows = titles.by_word.of_alike(word)
        unique = np.unique(rows)
        weight = np.log1p(n_films / max(len(unique), 1))
        shared[unique] += weight
        total += weight
    return shared / total if total else shared


def _as_typed(titles: TitleIndex, people: Postings, n_films: int, typed: list[str]) -> Iterator[Rows]:
    letters = "".join(typed)
    yield titles.by_name.of_key(letters)
    yield titles.by_name.of_prefix(letters)
    yield _all_begun([titles.by_word], n_films, typed)
    yield people.of_key(" ".join(typed))


def _begun(titles: TitleIndex, people: Postings, n_films: int, typed: list[str]) -> Iterator[Rows]:
    """A name that is being typed, or words of a title and of names together."""
    yield people.of_prefix(" ".join(typed))
    yield _all_begun([titles.by_word, people], n_films, typed)


def _mistyped(titles: TitleIndex, people: Postings, n_films: int, typed: list[str]) -> Iterator[Rows]:
    alike = titled_alike(titles, n_films, typed)
    yield np.flatnonzero(alike > 1 - 1e-9)
    yield people.of_alike(" ".join(typed))
    for share in np.unique(alike[alike > 0.5])[::-1]:
        yield np.flatnonzero(alike == share)


def _all_begun(indexes: list[Postings], n_films: int, typed: list[str]) -> Rows:
    """Return the rows that have, in any of the indexes, a key beginning with each of the words."""
    has_all = np.ones(n_films, bool)
    for word in typed:
        has_it = np.zeros(n_films, bool)
        has_it[np.concatenate([index.of_prefix(word) for index in indexes])] = True
        has_all &= has_it
    return np.flatnonzero(has_all)


def _first(tiers: Iterable[Rows], n_ratings: NDArray[np.int64], limit: int) -> list[int]:
    """Return the first rows of all tiers, each once; within a tier the most rated first."""
    chosen: dict[int, None] = {}
    for rows in tiers:
        unique = np.unique(rows)
        chosen |= dict.fromkeys(unique[np.argsort(-n_ratings[unique], kind="stable")].tolist())
        if len(chosen) >= limit:
            break
    return list(chosen)[:limit]
