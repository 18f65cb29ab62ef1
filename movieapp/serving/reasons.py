"""Reasons: true statements about why a film stands where it does, from the figures that put it there."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from movieapp.serving.catalogue import Catalogue
from movieapp.serving.lists import Film, Reason, ReasonKind, Window

# A liked film is named when it carries at least this part of the score: with many likes, parts are small.
MIN_SHARE = 0.01
MAX_FILMS = 2
MAX_GENRES = 2
# A genre is somebody's when they liked three films of it, and it is a fifth more of their likes than of
# everybody's.
MIN_GENRE_LIKES = 3
MIN_GENRE_LIFT = 1.2
# "Liked by many": among the twentieth of the films that most people like.
HEAD = 0.95


def genre_shares(catalogue: Catalogue) -> NDArray[np.float64]:
    """Return (genres,): the share of everybody's likes that each genre has."""
    likes = catalogue.likes[Window.ALL].astype(np.float64)
    shares: NDArray[np.float64] = likes @ catalogue.genre_flags / max(float(likes.sum()), 1.0)
    return shares


def favourite_genres(
    catalogue: Catalogue, liked_rows: NDArray[np.integer], everybodys: NDArray[np.float64]
) -> tuple[str, ...]:
    """Return the genres that somebody likes more than people do, strongest first."""
    theirs = catalogue.genre_flags[liked_rows].sum(axis=0)
    lift = theirs / (max(len(liked_rows), 1) * np.maximum(everybodys, 1e-9))
    favourites = np.flatnonzero((theirs >= MIN_GENRE_LIKES) & (lift >= MIN_GENRE_LIFT))
    order = favourites[np.argsort(-lift[favourites], kind="stable")]
    return tuple(catalogue.genres[column] for column in order.tolist())


def head_likes(catalogue: Catalogue) -> float:
    """Return how many likes a film needs to be "liked by many"."""
    return max(float(np.quantile(catalogue.likes[Window.ALL], HEAD)), 1.0)


def films_behind(
    kind: ReasonKind,
    film_of: Callable[[int], Film],
    contributions: NDArray[np.floating],
    scores: NDArray[np.floating],
) -> list[list[Reason]]:
    """Name, for each listed film, the liked films or seeds that carry most of a positive score.

    `contributions` is (films x sources) and adds up to `scores`; `film_of` gives the film of a source.
    """
    strongest = _strongest(contributions)
    parts = np.take_along_axis(contributions, strongest, axis=1)
    positive = np.where(scores > 0, scores, np.inf)
    shares = parts / positive[:, None]
    return [
        [_reason(kind, film_of(source), share) for source, share in pairs if share >= MIN_SHARE]
        for pairs in map(zip, strongest.tolist(), shares.tolist())
    ]


def genre_match(film: Film, favourites: list[Reason]) -> list[Reason]:
    """Name the film's genres that the person likes more than others do."""
    return [reason for reason in favourites if reason.value in film.genres][:MAX_GENRES]


def popularity(likes: float, head: float) -> list[Reason]:
    """Say so when a film is liked by many."""
    return [LIKED_BY_MANY] if likes >= head else []


LIKED_BY_MANY = Reason(ReasonKind.HIGH_POPULARITY)


def _strongest(contributions: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return the places of the largest contributions of each row, largest first."""
    left = contributions.copy()
    rows = np.arange(len(left))
    places = []
    for _ in range(min(MAX_FILMS, left.shape[1])):
        places.append(left.argmax(axis=1))
        left[rows, places[-1]] = -np.inf
    return np.column_stack(places)


def _reason(kind: ReasonKind, film: Film, share: float) -> Reason:
    return Reason(kind, film.title, film.movie_id, share)
