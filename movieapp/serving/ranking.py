"""From scores to a list: the best allowed films in order, and the reasons for each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from movieapp.models.heads import Head
from movieapp.models.rerank import ListAims
from movieapp.preparation.interactions import LIKE
from movieapp.serving import reasons
from movieapp.serving.catalogue import Catalogue, Mask
from movieapp.serving.lists import Expected, Filters, Reason, ReasonKind, Result, Window
from movieapp.serving.live import Live, Scored
from movieapp.serving.people import ForLists
from movieapp.serving.profiles import History

ACCURATE = ListAims()


@dataclass(frozen=True, eq=False)
class State:
    """Everything that is replaced together; `number` grows with each replacement.

    `genre_shares` (genres,) and the likes that the most liked films have are what reasons compare with.
    """

    number: int
    catalogue: Catalogue
    genre_shares: NDArray[np.float64]
    head_likes: float
    head_likes_of_month: float
    live: Live | None

    @classmethod
    def of(cls, number: int, catalogue: Catalogue, live: Live | None) -> "State":
        """Work out what is the same for everybody."""
        return cls(
            number,
            catalogue,
            reasons.genre_shares(catalogue),
            reasons.head_likes(catalogue, Window.ALL),
            reasons.head_likes(catalogue, Window.MONTH),
            live,
        )


@dataclass(frozen=True, slots=True)
class PersonalList:
    """Results, and whether the model's scores of the person made them."""

    results: tuple[Result, ...]
    is_personal: bool


def allowed_films(
    catalogue: Catalogue, filters: Filters, person: ForLists, *, exclude_seen: bool = True
) -> Mask:
    """Return (films,) bool: which films may be in somebody's list."""
    allowed = catalogue.mask(filters).copy()
    if exclude_seen and person.history is not None:
        allowed[np.searchsorted(catalogue.movie_ids, person.history.movie_ids)] = False
    if person.aside:
        allowed[np.searchsorted(catalogue.movie_ids, list(person.aside))] = False
    return allowed


def personal_list(
    state: State,
    user_id: int,
    history: History | None,
    allowed: Mask,
    k: int,
    *,
    aims: ListAims = ACCURATE,
    kept: Head | None = None,
    scored: Scored | None = None,
) -> PersonalList:
    """Return the k best of the allowed films for somebody.

    `kept` is what was worked out ahead, if it holds; `scored` the person's scores, where they are at hand.

    Films that the model says nothing about come after the others, by popularity, without a score: a list
    is never shorter than the films that match.
    """
    head = _head(state, user_id, history, allowed, k, aims, kept, scored)
    if state.live is None or head is None:
        return PersonalList(_popular_results(state, history, allowed, k), is_personal=False)
    results = _personal_results(state, state.live, head, history)
    if len(results) < k:
        rest = allowed.copy()
        rest[state.live.rows[head.columns]] = False
        results += _popular_results(state, history, rest, k - len(results))
    return PersonalList(results, is_personal=True)


def similar_list(state: State, live: Live, seeds: Sequence[int], allowed: Mask, k: int) -> tuple[Result, ...]:
    """Return the k allowed films nearest to the mean of the seeds (columns), with their cosines."""
    vectors = live.bundle.neighbours.vectors
    mean = vectors[list(seeds)].mean(axis=0)
    may = allowed[live.rows] & live.known
    may[list(seeds)] = False
    columns, cosines = live.bundle.neighbours.nearest(mean, k, allowed=may)
    # The parts add up to the cosine: each seed's own, over the number of seeds and the mean's length.
    length = max(float(np.linalg.norm(mean)), 1e-12)
    parts = vectors[columns] @ vectors[list(seeds)].T / (len(seeds) * length)
    films = state.catalogue.films
    because = reasons.films_behind(
        ReasonKind.SIMILAR_TO, lambda seed: films[live.rows[seeds[seed]]], parts, cosines
    )
    return tuple(
        Result(films[row], cosine, None, tuple(why))
        for row, cosine, why in zip(live.rows[columns].tolist(), cosines.tolist(), because, strict=True)
    )


def popular_list(state: State, window: Window, allowed: Mask, k: int) -> tuple[Result, ...]:
    """Return the k allowed films with the most likes in the window; the score is their number.

    A film without a like in a window is not popular in it; of all time, such films end the list.
    """
    catalogue = state.catalogue
    likes = catalogue.likes[window]
    head = state.head_likes
    if window is not Window.ALL:
        allowed = allowed & (likes > 0)
        # "Liked by many" speaks of all time, beside a score that does not.
        head = np.inf
    return tuple(
        Result(
            catalogue.films[row],
            float(likes[row]),
            None,
            tuple(reasons.popularity(likes[row], head)),
        )
        for row in _most_liked(catalogue, window, allowed, k).tolist()
    )


def favourite_genres(state: State, history: History | None) -> tuple[str, ...]:
    """Return the genres that somebody likes more than people do."""
    if history is None:
        return ()
    liked = history.movie_ids[history.stars >= LIKE]
    rows = np.searchsorted(state.catalogue.movie_ids, liked)
    return reasons.favourite_genres(state.catalogue, rows, state.genre_shares)


def _head(
    state: State,
    user_id: int,
    history: History | None,
    allowed: Mask,
    k: int,
    aims: ListAims,
    kept: Head | None,
    scored: Scored | None,
) -> Head | None:
    """Return the films of the list that the model ranks, or None for somebody about whom it knows nothing."""
    live = state.live
    if live is None or history is None:
        return None
    if kept is not None and aims.leaves_first(k):
        places = np.flatnonzero(allowed[live.rows[kept.columns]])[:k]
        if len(places) == k:
            return kept.take(places)
    scored = scored or live.score(user_id, history)
    if scored is None:
        return None
    of_allowed = np.where(allowed[live.rows], scored.explained.scores, np.float32(-np.inf))
    columns = live.reranker.columns(of_allowed[None, :], k, aims, scored.history)[0]
    return live.head(scored, columns[columns >= 0])


def _personal_results(state: State, live: Live, head: Head, history: History | None) -> tuple[Result, ...]:
    films = state.catalogue.films
    true_of = _Truths.of(state, history)
    names = live.bundle.model.ground_names
    sources = zip(head.sources.tolist(), live.rows[head.sources].tolist(), head.shares.tolist(), strict=True)
    behind = [reasons.because(films, *one) for one in sources]
    return tuple(
        Result(
            films[row],
            score,
            None if stars != stars else Expected(stars, spread),
            reasons.ordered(reasons.moved_by(names, grounds) if names else None, true_of.film(row, because)),
        )
        for row, score, stars, spread, grounds, because in zip(
            live.rows[head.columns].tolist(),
            head.scores.tolist(),
            head.stars.tolist(),
            head.spreads.tolist(),
            head.grounds.tolist(),
            behind,
            strict=True,
        )
    )


@dataclass(frozen=True, eq=False)
class _Truths:
    """What may be said of a film to somebody because it is true, whether or not it moved the film."""

    state: State
    favourites: list[Reason]
    years: tuple[float, float] | None

    @classmethod
    def of(cls, state: State, history: History | None) -> "_Truths":
        favourites = [Reason(ReasonKind.GENRE_MATCH, genre) for genre in favourite_genres(state, history)]
        return cls(state, favourites, _liked_years(state, history))

    def film(self, row: int, because: list[Reason]) -> dict[ReasonKind, list[Reason]]:
        state = self.state
        film, likes = state.catalogue.films[row], state.catalogue.likes
        is_rising = likes[Window.MONTH][row] >= state.head_likes_of_month
        low, high = self.years or (np.inf, -np.inf)
        is_of_years = film.release_year is not None and low <= film.release_year <= high
        return {
            ReasonKind.BECAUSE_YOU_LIKED: because,
            ReasonKind.GENRE_MATCH: reasons.genre_match(film, self.favourites),
            ReasonKind.PEOPLE_LIKE_YOU: [Reason(ReasonKind.PEOPLE_LIKE_YOU)],
            ReasonKind.TRENDING: [Reason(ReasonKind.TRENDING)] if is_rising else [],
            ReasonKind.YOUR_YEARS: [Reason(ReasonKind.YOUR_YEARS)] if is_of_years else [],
            ReasonKind.YOUR_PEERS: [Reason(ReasonKind.YOUR_PEERS)],
            ReasonKind.HIGH_POPULARITY: reasons.popularity(likes[Window.ALL][row], state.head_likes),
        }


def _popular_results(state: State, history: History | None, allowed: Mask, k: int) -> tuple[Result, ...]:
    """Return the most liked of the allowed films, without a score."""
    films, likes = state.catalogue.films, state.catalogue.likes[Window.ALL]
    favourites = [Reason(ReasonKind.GENRE_MATCH, genre) for genre in favourite_genres(state, history)]
    return tuple(
        Result(
            films[row],
            None,
            None,
            (
                *reasons.genre_match(films[row], favourites),
                *reasons.popularity(likes[row], state.head_likes),
            ),
        )
        for row in _most_liked(state.catalogue, Window.ALL, allowed, k).tolist()
    )


def _most_liked(catalogue: Catalogue, window: Window, allowed: Mask, k: int) -> NDArray[np.int64]:
    """Return the rows of the k most liked films of the window, then of all time, then the most rated."""
    order = catalogue.by_likes[window]
    return order[allowed[order]][:k]


def _liked_years(state: State, history: History | None) -> tuple[float, float] | None:
    if history is None:
        return None
    rows = np.searchsorted(state.catalogue.movie_ids, history.movie_ids[history.stars >= LIKE])
    films = state.catalogue.films
    years = [films[row].release_year for row in rows.tolist()]
    return reasons.liked_years(np.array([np.nan if year is None else year for year in years]))
