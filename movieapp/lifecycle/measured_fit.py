"""The champion as it was measured, scored again in a later window that it has not seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from movieapp.errors import Conflict
from movieapp.evaluation.protocol import Window
from movieapp.models.base import Model, Scores
from movieapp.models.bundle import Bundle
from movieapp.preparation.interactions import Histories, Interactions
from movieapp.registry import Version


class NotComparable(Conflict):
    """Champion and challenger cannot be measured on the same ground; says why."""


@dataclass
class Translated(Model):
    """A fitted model, asked in the columns of another matrix.

    `places` (movies of that matrix,) int32 holds the model's column of each movie, -1 where it does not know
    it; such a movie scores -inf.
    """

    name: ClassVar[str] = "translated"
    model: Model
    places: NDArray[np.int32]
    n_movies: int

    @classmethod
    def of(cls, model: Model, movie_ids: NDArray[np.int32], asked: NDArray[np.int32]) -> Self:
        """Translate from the columns of `asked` to those of `movie_ids`; both are sorted."""
        places = np.minimum(np.searchsorted(movie_ids, asked), len(movie_ids) - 1)
        is_known = movie_ids[places] == asked
        return cls(model, np.where(is_known, places, -1).astype(np.int32), len(movie_ids))

    def fit(self, interactions: Interactions) -> Self:
        """Do nothing: the model is fitted."""
        return self

    def scores(self, histories: Histories) -> Scores:
        """Return the model's scores in the other matrix's columns."""
        columns = self.places[histories.columns]
        is_known = columns >= 0
        counts = np.concatenate([[0], np.cumsum(is_known)])
        theirs = Histories(
            counts[histories.indptr],
            columns[is_known],
            histories.stars[is_known],
            histories.rated_at[is_known],
            self.n_movies,
            histories.demographics,
            histories.like,
        )
        scores = np.full((len(histories), len(self.places)), -np.inf, np.float32)
        scores[:, self.places >= 0] = self.model.scores(theirs)[:, self.places[self.places >= 0]]
        return scores


def measured_fit(champion: Version, window: Window) -> Model:
    """Return the champion's measured fit, to be scored in a later window.

    Refuses with `NotComparable` if it was fitted on ratings of that window, which would flatter it.
    """
    fit = Bundle.load(champion.measured_folder())
    seen_until = datetime.fromisoformat(fit.facts["validation_from"])
    if seen_until > window.cutoff:
        raise NotComparable(
            f"The measured fit of version {champion.number} has seen all ratings before "
            f"{seen_until:%Y-%m-%d %H:%M}, and the {window.name} window begins on "
            f"{window.cutoff:%Y-%m-%d %H:%M} already: it would be scored on what it was fitted on. "
            "Ratings of long ago that came in late move the window back."
        )
    return Translated.of(fit.model, fit.movie_ids, window.fitting.movie_ids)
