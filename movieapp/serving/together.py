"""Tonight, together: what suits several people at once, from what each of them is expected to think of it."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from movieapp.errors import Invalid
from movieapp.serving.answers import asked_filters
from movieapp.serving.catalogue import Mask
from movieapp.serving.company import Company, Scale, Suits
from movieapp.serving.lists import Answer, Filters, Result, Window
from movieapp.serving.people import ForLists
from movieapp.serving.profiles import Profiles
from movieapp.serving.ranking import State, popular_list
from movieapp.serving.recommender import Recommender

MOST_PEOPLE = 10
FAIRNESS = 0.5
# A film that somebody gave fewer stars than this they do not want again.
DISLIKED_BELOW = 3.0
NO_MODEL = "No model is ready yet, so these are popular films that none of you has seen."
NOBODY_KNOWN = (
    "None of you has rated a film that the model can learn from, so these are popular films. "
    "Rate a few with four stars or more, and the list becomes yours."
)


@dataclass(frozen=True, slots=True)
class Evening:
    """What is asked for.

    `fairness` runs from 0, the best on average, to 1, where nobody suffers. `with_seen` lets films in that
    some, but not all, have seen, unless somebody gave fewer than three stars. `vetoed` are movie ids that
    somebody does not want tonight.
    """

    user_ids: tuple[int, ...]
    fairness: float = FAIRNESS
    k: int = 24
    filters: Filters = field(default_factory=Filters)
    with_seen: bool = False
    vetoed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Together:
    """A list for several people. `suits` has, for each result, each person of `minded`.

    `n_known` counts the films that the model knows. `strangers` have told nothing that the model can learn
    from, so that their taste does not count.
    """

    answer: Answer
    scale: Scale
    minded: tuple[int, ...]
    strangers: tuple[int, ...]
    suits: tuple[tuple[Suits, ...], ...]
    n_known: int = 0

    def place(self, one: Suits) -> int:
        """Return the place of a film for one person among those that the model knows; 1 is the best."""
        return self.n_known - round(one.value * self.n_known) + 1


class Evenings:
    """Lists for several people, each logged."""

    def __init__(self, recommender: Recommender, profiles: Profiles) -> None:
        self._recommender = recommender
        self._profiles = profiles

    def films(self, asked: Evening, *, started: float | None = None) -> Together:
        """Return the k films that suit these people best; popular ones, flagged, if all are strangers."""
        started = started or time.perf_counter()
        if not 1 <= len(set(asked.user_ids)) <= MOST_PEOPLE:
            raise Invalid(f"Name 1 to {MOST_PEOPLE} people to watch together, each by a user id.")
        state = self._recommender.state
        people = {user_id: self._profiles.for_lists(user_id) for user_id in asked.user_ids}
        allowed = self._allowed(state, asked, people)
        company = None if state.live is None else Company.of(state.live, people)
        if state.live is None or company is None:
            return self._popular(state, asked, allowed, started)
        may = allowed[state.live.rows] & state.live.known
        columns, scores = company.best(may, asked.k, asked.fairness)
        films = state.catalogue.films
        results = tuple(
            Result(films[row], score, None, ())
            for row, score in zip(state.live.rows[columns].tolist(), scores.tolist(), strict=True)
        )
        strangers = tuple(user_id for user_id in people if user_id not in company.people)
        suits = company.suits(columns)
        answer = self._recommender.answers.plain(
            state, "together", started, results, _asked(asked), notice=self._unminded(strangers)
        )
        n_known = int(state.live.known.sum())
        return Together(answer, company.scale, tuple(company.people), strangers, suits, n_known)

    def _called(self, user_id: int) -> str:
        """Return what a person is called: their name, or their number."""
        profile = self._profiles.profile(user_id)
        return f"user {user_id}" if profile is None else profile.name

    def _popular(self, state: State, asked: Evening, allowed: Mask, started: float) -> Together:
        listed = popular_list(state, Window.ALL, allowed, asked.k)
        results = tuple(one._replace(score=None) for one in listed)
        answer = self._recommender.answers.plain(
            state,
            "together",
            started,
            results,
            _asked(asked),
            notice=NO_MODEL if state.live is None else NOBODY_KNOWN,
            is_fallback=True,
        )
        strangers = tuple(dict.fromkeys(asked.user_ids))
        return Together(answer, Scale.STARS, (), strangers, ((),) * len(results))

    def _allowed(self, state: State, asked: Evening, people: dict[int, ForLists]) -> Mask:
        """Return (films,) bool: which films may be shown to all of them."""
        catalogue = state.catalogue
        allowed = catalogue.mask(asked.filters).copy()
        out: set[int] = set(asked.vetoed)
        n_seen: Counter[int] = Counter()
        for user_id, person in people.items():
            seen = self._watched(user_id)
            out |= person.aside - seen
            if person.history is not None:
                rated, stars = person.history.movie_ids, person.history.stars
                seen |= set(rated.tolist())
                out.update(rated[stars < DISLIKED_BELOW].tolist())
            n_seen.update(seen)
        most_seen = len(people) - 1 if asked.with_seen else 0
        out.update(movie_id for movie_id, n in n_seen.items() if n > most_seen)
        allowed[np.isin(catalogue.movie_ids, list(out))] = False
        return allowed

    def _watched(self, user_id: int) -> set[int]:
        """Return what somebody has watched and put aside for no other reason."""
        return {
            movie_id
            for movie_id, kept in self._profiles.kept(user_id).items()
            if kept.watches and not replace(kept, watches=()).is_aside
        }

    def _unminded(self, strangers: Sequence[int]) -> str | None:
        """Say whose taste does not count, and why."""
        if not strangers:
            return None
        names = ", ".join(map(self._called, strangers))
        has = "has" if len(strangers) == 1 else "have"
        sentence = f"{names} {has} not rated a film that the model can learn from, so only the others count."
        return sentence[:1].upper() + sentence[1:]


def _asked(asked: Evening) -> dict[str, object]:
    """Return what was asked, for the log."""
    wanted: dict[str, object] = {
        "user_ids": list(asked.user_ids),
        "k": asked.k,
        "fairness": asked.fairness,
        "with_seen": asked.with_seen,
    }
    if asked.vetoed:
        wanted["vetoed"] = list(asked.vetoed)
    return wanted | asked_filters(asked.filters)
