"""The first visit: which films to ask a new person about, and their answers as ratings.

A film is worth asking about if the person probably liked it, and if knowing that makes their list better.
Both are worked out on people of the release: those whose taste fits the answers so far stand for the person,
and the list is that of the embedding with the answer folded in. It is preposterior analysis (Raiffa and
Schlaifer, 1961, "Applied Statistical Decision Theory"), one question ahead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from movieapp.models.als import ALS
from movieapp.preparation.interactions import LIKE
from movieapp.serving.lists import Film
from movieapp.serving.live import Live
from movieapp.serving.profiles import Profiles
from movieapp.serving.ranking import State
from movieapp.serving.recommender import Recommender

# Films on the wall at once, and the answers after which a list is worth looking at, and is good.
ON_WALL = 12
FIRST_LIST, GOOD_LIST = 3, 10
# Only so many films, those that most people know, are asked about; so many people stand for a new one.
POOL, PEOPLE = 300, 400
# The list that an answer is to make better.
LISTED = 10
# How much more a better list counts than a likelier answer. This and what follows was chosen on people who
# stood in for new ones, see tests/benchmarks/first_answers.py.
SHARPNESS = 16.0
# What "do not know it" and "not for me" tell beside a like: less, for who does not know a film may well like
# it, and one that somebody did not like says little of all others.
UNKNOWN_WEIGHT, DISLIKED_WEIGHT = 0.3, 0.5
# Nobody is sure to like a film, and nobody sure not to.
LEAST_CHANCE, MOST_CHANCE = 0.001, 0.95


class Opinion(StrEnum):
    """An answer to a film that somebody knows."""

    LOVED = "loved"
    LIKED = "liked"
    NOT_FOR_ME = "not_for_me"

    @property
    def stars(self) -> float:
        """The rating that it becomes."""
        return {Opinion.LOVED: 5.0, Opinion.LIKED: 4.0, Opinion.NOT_FOR_ME: 2.0}[self]


class Answers(NamedTuple):
    """What somebody said so far, as columns of the version: liked, disliked, not known."""

    liked: Sequence[int] = ()
    disliked: Sequence[int] = ()
    unknown: Sequence[int] = ()

    @property
    def columns(self) -> list[int]:
        """All of them."""
        return [*self.liked, *self.disliked, *self.unknown]


@dataclass(frozen=True, eq=False)
class Questions:
    """What the choice of films goes by; the same for everybody.

    `pool` (films,) are the columns asked about, the best known first; `chances` (people x films) how probably
    each of some people of the release knows and likes each of them, `liked` (films,) the mean.
    """

    embedding: ALS
    pool: NDArray[np.int64]
    chances: NDArray[np.float32]
    liked: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        embedding: ALS,
        people: NDArray[np.float32],
        known: NDArray[np.floating],
        liked: NDArray[np.floating],
    ) -> Self:
        """Prepare from the embedding and from people's vectors.

        `known` and `liked` are the shares of people who rated and liked each film, (movies,); one that nobody
        liked is never asked about.
        """
        likable = np.flatnonzero(liked > 0)
        pool = likable[np.argsort(-known[likable], kind="stable")[:POOL]]
        with_likes = (
            people[people.any(axis=1)] if people.any() else np.zeros((1, people.shape[1]), np.float32)
        )
        some = np.unique(np.linspace(0, len(with_likes) - 1, PEOPLE).round().astype(int))
        fits = np.maximum(with_likes[some].astype(np.float64) @ embedding.items_[pool].T, LEAST_CHANCE)
        # The model's numbers are no shares; on the mean over people they are to be those of the data.
        chances = fits * (liked[pool] / fits.mean(axis=0))
        return cls(
            embedding,
            pool,
            chances.clip(LEAST_CHANCE, MOST_CHANCE).astype(np.float32),
            liked[pool].astype(np.float64),
        )

    def next(self, answers: Answers, k: int, *, shown: Sequence[int] = ()) -> list[int]:
        """Return the k films to ask about next, beside those `shown` already; fewer when no more are left.

        One after another, each film is the one that is likeliest to be liked by whoever likes none of those
        shown before it, times how much better their list becomes. Ties go to the film that more people know.
        """
        is_open = ~np.isin(self.pool, [*answers.columns, *shown])
        if not is_open.any():
            return []
        weights = self._weights(answers)
        worth = self._worth(answers, weights) ** SHARPNESS
        missed = weights * (1 - self.chances[:, self._places(shown)]).prod(axis=1)
        chosen: list[int] = []
        while len(chosen) < k and is_open.any():
            place = int(np.where(is_open, (missed @ self.chances) * worth, -1.0).argmax())
            chosen.append(int(self.pool[place]))
            is_open[place] = False
            missed *= 1 - self.chances[:, place]
        return chosen

    def _places(self, columns: Sequence[int]) -> NDArray[np.int64]:
        """Return where in the pool these columns are; those outside are left out."""
        return np.flatnonzero(np.isin(self.pool, columns))

    def _weights(self, answers: Answers) -> NDArray[np.float64]:
        """Return how probably each of the people would have given these answers; the sum is 1."""
        liked, disliked, unknown = (self.chances[:, self._places(part)] for part in answers)
        fits = np.log(liked).sum(axis=1)
        fits += DISLIKED_WEIGHT * np.log1p(-disliked).sum(axis=1)
        fits += UNKNOWN_WEIGHT * np.log1p(-unknown).sum(axis=1)
        weights: NDArray[np.float64] = np.exp(fits - fits.max())
        return weights / weights.sum()

    def _worth(self, answers: Answers, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for each film the gain of the list with a like of it, over that of the list without.

        Both are what those who like the film would gain, discounted by place as in NDCG.
        """
        now, after = self._scores(answers.liked)
        answered = self._places([*answers.liked, *answers.disliked])
        after[:, answered] = now[answered] = -np.inf
        # How probably somebody likes both of two films.
        both = (self.chances * weights[:, None].astype(np.float32)).T @ self.chances
        gains = _gains(after, both), _gains(now[None, :], both)
        return np.divide(*gains, out=np.ones(len(now)), where=gains[1] > 0)

    def _scores(self, liked: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the pool's scores with these likes, (films,), and with one more like each, (films x films).

        Without any like they are the shares of people who like a film, as in the list of popular films.
        """
        model = self.embedding
        theirs = model.items_[list(liked)].astype(np.float64)
        films = model.items_[self.pool].astype(np.float64)
        inverse = np.linalg.inv(model.gram_ + (model.alpha - 1) * (theirs.T @ theirs))
        taste = model.alpha * (inverse @ theirs.sum(axis=0))
        spread = films @ inverse
        # One like more changes the inverse by a matrix of rank one (Sherman and Morrison, 1950).
        tastes = taste + model.alpha * spread
        along = (model.alpha - 1) * np.einsum("if,if->i", tastes, films)
        tastes -= spread * (along / (1 + (model.alpha - 1) * np.einsum("if,if->i", spread, films)))[:, None]
        return films @ taste if len(liked) else self.liked.copy(), tastes @ films.T


def _gains(scores: NDArray[np.float64], both: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return what those who like each film gain from its row of `scores`, or from the one row for all.

    The film itself is in no list: once it is rated, it is seen.
    """
    width = min(LISTED + 1, scores.shape[1])
    first = np.argpartition(-scores, width - 1, axis=1)[:, :width]
    order = np.argsort(-np.take_along_axis(scores, first, axis=1), axis=1, kind="stable")
    top = np.broadcast_to(np.take_along_axis(first, order, axis=1), (len(both), width))
    is_listed = np.isfinite(np.take_along_axis(np.broadcast_to(scores, both.shape), top, axis=1))
    is_listed &= top != np.arange(len(both))[:, None]
    place = is_listed.cumsum(axis=1)
    is_listed &= place <= LISTED
    discount = np.where(is_listed, 1 / np.log2(np.maximum(place, 1) + 1), 0.0)
    gains: NDArray[np.float64] = (np.take_along_axis(both, top, axis=1) * discount).sum(axis=1)
    return gains


class FirstAnswers:
    """Films to ask about, for whoever answers, and the answers as ratings."""

    def __init__(self, recommender: Recommender, profiles: Profiles) -> None:
        self._recommender = recommender
        self._profiles = profiles
        self._prepared: tuple[int, Questions] | None = None

    def films(
        self,
        user_id: int | None = None,
        *,
        not_known: Sequence[int] = (),
        shown: Sequence[int] = (),
        k: int = ON_WALL,
    ) -> list[Film]:
        """Return up to k films to ask about next; of somebody without an id, the first ones.

        What the person has rated is answered; `not_known` and `shown` are movie ids, ids of no film are left
        out. Before there is a model, these are the films that most people rated.
        """
        state = self._recommender.state
        history = None if user_id is None else self._profiles.history(user_id)
        rated = [] if history is None else history.movie_ids.tolist()
        if state.live is None:
            return _most_rated(state, {*rated, *not_known, *shown}, k)
        live, questions = state.live, self._questions(state, state.live)
        aside = () if user_id is None else self._profiles.put_aside(user_id)
        likes = [] if history is None else (history.stars >= LIKE).tolist()
        liked = [movie_id for movie_id, is_liked in zip(rated, likes, strict=True) if is_liked]
        disliked = [movie_id for movie_id, is_liked in zip(rated, likes, strict=True) if not is_liked]
        answers = Answers(*(_columns(state, live, part) for part in (liked, disliked, not_known)))
        columns = questions.next(answers, k, shown=_columns(state, live, [*shown, *sorted(aside)]))
        return [state.catalogue.films[row] for row in live.rows[columns].tolist()]

    def answer(
        self, user_id: int | None, movie_id: int, opinion: Opinion, *, now: datetime
    ) -> tuple[int, str]:
        """Keep an answer as a rating, durable when this returns.

        Return whose it is, a new id where none is given, and the event that `Profiles.undo` takes back.
        """
        person = self._profiles.new_id() if user_id is None else user_id
        return person, self._profiles.rate(person, movie_id, opinion.stars, now=now)

    def _questions(self, state: State, live: Live) -> Questions:
        """Return what the choice goes by for this version, worked out once."""
        prepared = self._prepared
        if prepared is None or prepared[0] != state.number:
            bundle = live.bundle
            n_people = max(len(bundle.user_ids), 1)
            known = np.minimum(state.catalogue.n_ratings[live.rows] / n_people, 1.0)
            questions = Questions.of(bundle.embedding, bundle.people, known, bundle.popularity / n_people)
            prepared = self._prepared = (state.number, questions)
        return prepared[1]


def _columns(state: State, live: Live, movie_ids: Sequence[int]) -> list[int]:
    rows = (state.catalogue.row(movie_id) for movie_id in dict.fromkeys(movie_ids))
    columns = (int(live.columns[row]) for row in rows if row is not None)
    return [column for column in columns if column >= 0]


def _most_rated(state: State, gone: set[int], k: int) -> list[Film]:
    catalogue = state.catalogue
    order = np.argsort(-catalogue.n_ratings, kind="stable")
    open_rows = order[~np.isin(catalogue.movie_ids[order], list(gone))]
    return [catalogue.films[row] for row in open_rows[:k].tolist()]
