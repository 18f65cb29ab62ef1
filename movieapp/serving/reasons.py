"""Reasons: true statements about why a film stands where it does, from the figures that put it there."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from movieapp.models.heads import strongest
from movieapp.serving.catalogue import Catalogue
from movieapp.serving.lists import Film, Reason, ReasonKind, Window

# A liked film is named when it carries at least this part of the score: with many likes, parts are small.
MIN_SHARE = 0.01
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


def head_likes(catalogue: Catalogue, window: Window) -> float:
    """Return how many likes a film needs in a window to be "liked by many"."""
    return max(float(np.quantile(catalogue.likes[window], HEAD)), 1.0)


def films_behind(
    kind: ReasonKind,
    film_of: Callable[[int], Film],
    contributions: NDArray[np.floating],
    scores: NDArray[np.floating],
) -> list[list[Reason]]:
    """Name, for each listed film, the liked films or seeds that carry most of a positive score.

    `contributions` is (films x sources) and adds up to `scores`; `film_of` gives the film of a source.
    """
    sources, shares = strongest(contributions, scores)
    return [
        [
            _reason(kind, film_of(source), share)
            for source, share in zip(*pairs, strict=True)
            if source >= 0 and share >= MIN_SHARE
        ]
        for pairs in zip(sources.tolist(), shares.tolist(), strict=True)
    ]


def because(
    films: tuple[Film, ...], sources: list[int], rows: list[int], shares: list[float]
) -> list[Reason]:
    """Name the liked films behind a listed one: `rows` of `films`; a source of -1 is none."""
    return [
        _reason(ReasonKind.BECAUSE_YOU_LIKED, films[row], share)
        for source, row, share in zip(sources, rows, shares, strict=True)
        if source >= 0 and share >= MIN_SHARE
    ]


# What a ranker's group of quantities says to a person; the groups not named here say nothing by themselves.
SAYS = {
    "taste": ReasonKind.BECAUSE_YOU_LIKED,
    "people": ReasonKind.PEOPLE_LIKE_YOU,
    "lately": ReasonKind.TRENDING,
    "popular": ReasonKind.HIGH_POPULARITY,
    "genres": ReasonKind.GENRE_MATCH,
    "years": ReasonKind.YOUR_YEARS,
    "peers": ReasonKind.YOUR_PEERS,
}
# A group is named when it carries at least this part of all that speaks for the film.
MIN_PART = 0.1


def moved_by(names: Sequence[str], grounds: Sequence[float]) -> list[ReasonKind] | None:
    """Return what speaks for a film, strongest first; None where nothing was worked out by groups."""
    parts = {name: part for name, part in zip(names, grounds, strict=True) if part > 0 and name in SAYS}
    if not any(grounds):
        return None
    floor = MIN_PART * sum(parts.values())
    strongest = sorted(parts.items(), key=lambda pair: -pair[1])
    return [SAYS[name] for name, part in strongest if part >= floor]


def ordered(moved: list[ReasonKind] | None, possible: dict[ReasonKind, list[Reason]]) -> tuple[Reason, ...]:
    """Return the reasons that are true of a film in the order of what moved the ranker.

    Without groups, films come first, then genres, then popularity, and nothing else is claimed.
    """
    kinds = PLAIN_ORDER if moved is None else moved
    return tuple(reason for kind in kinds for reason in possible.get(kind, ()))


PLAIN_ORDER = [ReasonKind.BECAUSE_YOU_LIKED, ReasonKind.GENRE_MATCH, ReasonKind.HIGH_POPULARITY]


def liked_years(years: NDArray[np.floating]) -> tuple[float, float] | None:
    """Return the middle half of the years of somebody's likes, at least five of them."""
    known = years[np.isfinite(years)]
    if len(known) < MIN_YEARS:
        return None
    low, high = np.quantile(known, [0.25, 0.75])
    return float(low), float(high)


MIN_YEARS = 5


def genre_match(film: Film, favourites: list[Reason]) -> list[Reason]:
    """Name the film's genres that the person likes more than others do."""
    return [reason for reason in favourites if reason.value in film.genres][:MAX_GENRES]


def popularity(likes: float, head: float) -> list[Reason]:
    """Say so when a film is liked by many."""
    return [LIKED_BY_MANY] if likes >= head else []


LIKED_BY_MANY = Reason(ReasonKind.HIGH_POPULARITY)


def _reason(kind: ReasonKind, film: Film, share: float) -> Reason:
    return Reason(kind, film.title, film.movie_id, share)
