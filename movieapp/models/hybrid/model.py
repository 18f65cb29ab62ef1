"""The hybrid: candidates from many models, put in order by a ranker that learned from the past."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import ClassVar, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from movieapp.models.base import Model, Scores, Stored
from movieapp.models.heads import Explained, Head, Heads
from movieapp.models.hybrid.candidates import Candidates, candidates
from movieapp.models.hybrid.examples import AHEAD, CUTS, cohorts, examples
from movieapp.models.hybrid.features import GROUPS, Features, features
from movieapp.models.hybrid.ranker import Examples, Ranker
from movieapp.models.hybrid.signals import Signals
from movieapp.models.hybrid.timeline import Clock
from movieapp.models.hybrid.trends import Trends
from movieapp.models.threads import one_blas_thread
from movieapp.preparation.facts import Films
from movieapp.preparation.interactions import Histories, Interactions

BATCH = 128
# Numpy works outside Python's lock: two batches or moments at once take little longer than one. More of them
# would take more memory, and the processor from whoever is being served.
AT_ONCE = 2
# What follows the moments of a fit takes about as long as so many of them.
OTHER_STEPS = 5
# With fewer people who came back, or fewer of their likes, trees would learn accidents.
LEAST_PEOPLE, LEAST_LIKES = 50, 500
# What is no candidate stands below all candidates.
BELOW = 100.0

Result = TypeVar("Result")


@dataclass
class Hybrid(Model):
    """Two stages: `n_candidates` films by the best rank of any model, ordered by LightGBM.

    The ranker learns at moments inside the fitting window: models fitted on what lay before each describe
    the candidates, and what people liked after it is the answer, so that no feature ever sees its answer's
    time. On a release too small for that, candidates stay in the order in which the models agree on them.
    """

    name: ClassVar[str] = "hybrid"
    ground_names: ClassVar[tuple[str, ...]] = GROUPS
    n_candidates: int = 600
    seed: int = 7

    # The clock of the fit; a model of a moment of the past is handed histories by that clock.
    pauses_ = np.zeros((2, 0), np.int64)
    until_ = np.int64(np.iinfo(np.int64).max)

    @classmethod
    def parts(cls) -> dict[str, type[Stored]]:
        """The fitted models behind it."""
        return {"signals_": Signals, "trends_": Trends}

    def fit(self, interactions: Interactions) -> Self:
        """Set `signals_`, `trends_`, `genres_` and `years_` of films, `known_`, the clock, and the ranker."""
        return self.fit_watched(interactions, lambda share: None)

    def fit_watched(self, interactions: Interactions, watch: Callable[[float], None]) -> Self:
        """Do the same; it can be ended between two moments of the past."""
        with one_blas_thread():
            return self._fit(interactions, watch)

    def _fit(self, interactions: Interactions, watch: Callable[[float], None]) -> Self:
        self._describe_films(interactions)
        clock = Clock.of(interactions.rated_at)
        self.pauses_, self.until_ = clock.pauses, np.int64(clock.until)
        interactions = replace(interactions, rated_at=clock(interactions.rated_at))
        moments = self._moments(interactions, watch)
        self._fit_models(interactions)
        self.ranker = Ranker()
        n_people = sum(n for n, _ in moments)
        parts = [part for _, found in moments for part in found]
        if n_people >= LEAST_PEOPLE and sum(part.is_liked.sum() for part in parts) >= LEAST_LIKES:
            self.ranker = Ranker.fit(Examples.joined(parts), seed=self.seed)
        return self

    def _moments(
        self, interactions: Interactions, watch: Callable[[float], None]
    ) -> list[tuple[int, list[Examples]]]:
        pool = ThreadPoolExecutor(AT_ONCE)
        moments = []
        try:
            for moment in pool.map(partial(self._moment, interactions), CUTS):
                moments.append(moment)
                watch(len(moments) / (len(CUTS) + OTHER_STEPS))
        finally:
            pool.shutdown(cancel_futures=True)
        return moments

    def _moment(self, interactions: Interactions, cut: float) -> tuple[int, list[Examples]]:
        """Return how many people came back after a moment of the past, and what it teaches."""
        total = len(interactions.stars)
        at, until = int(total * cut), min(int(total * (cut + AHEAD)), total)
        seed = self.seed + int(1000 * cut)
        people = cohorts(interactions, at, until, seed=seed)
        n_people = len(people[0].histories)
        if not any(len(cohort.histories) for cohort in people):
            return n_people, []
        past = replace(self)
        past._describe_films(interactions)
        past._fit_models(interactions.first(at))
        return n_people, list(examples(partial(past._described, with_seen=False), people, seed=seed))

    def scores(self, histories: Histories) -> Scores:
        """Return the ranker's scores of the candidates; other films stand below them, by their best rank.

        -inf for films that nobody likes, and for whoever has rated nothing.
        """

        def scored(batch: Histories) -> Scores:
            chosen, described = self._described(batch, with_seen=True)
            return self._scores(batch, chosen, self._ranked(chosen, described))

        found = _in_batches(scored, histories)
        return np.vstack(found) if found else np.empty((0, histories.n_movies), np.float32)

    def contributions(self, history: Histories, columns: NDArray[np.integer]) -> Scores | None:
        """Return None: the score as a whole is no sum over the history; `explained` says what is."""
        return None

    def explained(self, history: Histories) -> Explained:
        """Return one person's scores, the liked films behind them by EASE, and what moved the ranker."""
        chosen, described = self._described(history, with_seen=True)
        scores = self._scores(history, chosen, self._ranked(chosen, described))[0]
        return Explained(
            scores,
            partial(self._taste, history),
            partial(self._grounds, chosen.columns[0], described.values[0], described.groups),
        )

    def heads(self, histories: Histories, n: int, *, known: NDArray[np.bool_]) -> Heads:
        """Return everybody's first n films and why; the same as one by one, in batches."""

        def worked_out(batch: Histories) -> list[Head]:
            chosen, described = self._described(batch, with_seen=False)
            return self._heads(batch, chosen, described, n)

        heads = [head for batch in _in_batches(worked_out, histories) for head in batch]
        return Heads.stacked(heads, histories, n)

    def save(self, folder: Path) -> None:
        """Write everything fitted, the ranker in LightGBM's text form and as tables."""
        super().save(folder)
        self.ranker.save(folder / "ranker")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        model = super().load(folder)
        model.ranker = Ranker.load(folder / "ranker")
        return model

    def _fit_models(self, interactions: Interactions) -> None:
        self.known_ = interactions.likes.getnnz(axis=0) > 0
        self.signals_ = Signals(seed=self.seed).fit(interactions)
        self.trends_ = Trends().fit(interactions)

    def _describe_films(self, interactions: Interactions) -> None:
        films = interactions.films
        # A release without genres has one that no film is of.
        no_genre = np.zeros((len(films.titles), 1), bool)
        self.genres_ = films.genres if films.genres.shape[1] else no_genre
        self.years_ = films.years

    @property
    def _films(self) -> Films:
        n = len(self.years_)
        return Films(("",) * n, self.years_, self.genres_, ("",) * self.genres_.shape[1], ("",) * n)

    def _described(self, histories: Histories, *, with_seen: bool) -> tuple[Candidates, Features]:
        histories = Clock(self.pauses_, int(self.until_)).histories(histories)
        signals = self.signals_.of(histories)
        chosen = candidates(
            self.trends_, histories, signals, n=self.n_candidates, known=self.known_, with_seen=with_seen
        )
        return chosen, features(self.trends_, self._films, histories, signals, chosen)

    def _ranked(self, chosen: Candidates, described: Features) -> NDArray[np.float64]:
        """Return (people x candidates) scores; -inf where there is no candidate."""
        there = chosen.columns >= 0
        if self.ranker.trees is not None:
            values = np.full(there.shape, -np.inf)
            values[there] = self.ranker.trees.scores(described.values[there])
            return values
        fused = np.take_along_axis(chosen.fused, np.maximum(chosen.columns, 0), axis=1)
        return np.where(there, fused, -np.inf)

    def _scores(self, histories: Histories, chosen: Candidates, ranked: NDArray[np.float64]) -> Scores:
        # Places below the candidates are told apart by order, squeezed into less than one.
        order = chosen.order - chosen.order.min(axis=1, keepdims=True)
        scores = order / (order.max(axis=1, keepdims=True) + 1) - BELOW
        rows, places = np.nonzero(chosen.columns >= 0)
        scores[rows, chosen.columns[rows, places]] = ranked[rows, places]
        scores[:, ~self.known_] = -np.inf
        scores[np.diff(histories.indptr) == 0] = -np.inf
        return scores.astype(np.float32)

    def _taste(self, history: Histories, columns: NDArray[np.integer]) -> Scores:
        """Return the weights of EASE from each liked film to each column."""
        parts = self.signals_.ease_likes_[np.ix_(history.columns, columns)].T * history.liked
        return np.ascontiguousarray(parts, np.float32)

    def _grounds(
        self,
        candidates: NDArray[np.int32],
        values: NDArray[np.float32],
        groups: tuple[str, ...],
        columns: NDArray[np.integer],
    ) -> Scores:
        """Return what each group of features added to the ranker's score of some candidates; 0 for others."""
        grounds = np.zeros((len(columns), len(GROUPS)), np.float32)
        if self.ranker.trees is None:
            return grounds
        place = np.full(len(self.years_), -1)
        place[candidates[candidates >= 0]] = np.flatnonzero(candidates >= 0)
        there = np.flatnonzero(place[columns] >= 0)
        parts = self.ranker.trees.contributions(values[place[columns[there]]])
        for number, group in enumerate(GROUPS):
            grounds[there, number] = parts[:, np.array(groups) == group].sum(axis=1)
        return grounds

    def _heads(self, batch: Histories, chosen: Candidates, described: Features, n: int) -> list[Head]:
        ranked = self._ranked(chosen, described)
        scores = self._scores(batch, chosen, ranked)
        first = np.argsort(-ranked, axis=1, kind="stable")[:, :n]
        heads = []
        for row in range(len(batch)):
            places = first[row][np.isfinite(ranked[row, first[row]])]
            explained = Explained(
                scores[row],
                partial(self._taste, batch.take(np.array([row]))),
                partial(self._grounds, chosen.columns[row], described.values[row], described.groups),
            )
            history = batch.take(np.array([row]))
            columns = chosen.columns[row, places]
            heads.append(Head.of(explained, history, columns, n_grounds=len(GROUPS)))
        return heads


def _in_batches(work: Callable[[Histories], Result], histories: Histories) -> list[Result]:
    """Return what the work makes of some people at a time, in their order."""
    starts = range(0, len(histories), BATCH)
    batches = [histories.take(np.arange(start, min(start + BATCH, len(histories)))) for start in starts]
    if len(batches) < 2:
        return [work(batch) for batch in batches]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, batches))
