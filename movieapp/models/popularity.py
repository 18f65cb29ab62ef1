"""Popularity: the likes of everybody, of all time or fading with age."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from movieapp.models.base import Model, Scores
from movieapp.preparation.interactions import Histories, Interactions

DAY_S = 86_400


@dataclass
class Popularity(Model):
    """Counts likes; with a half-life, a like weighs 1/2 after so many days before the newest rating."""

    name: ClassVar[str] = "popularity"
    half_life_days: float | None = None

    def fit(self, interactions: Interactions) -> Self:
        """Set `likes_` (movies,) float32: the likes of each movie, weighed by age."""
        weights = (interactions.liked).astype(np.float64)
        if self.half_life_days is not None:
            age_days = (interactions.rated_at[-1] - interactions.rated_at) / DAY_S
            weights *= 0.5 ** (age_days / self.half_life_days)
        counts = np.bincount(interactions.columns, weights, minlength=interactions.shape[1])
        self.likes_ = counts.astype(np.float32)
        return self

    def scores(self, histories: Histories) -> Scores:
        """Return the same scores for everybody."""
        return np.repeat(self.likes_[None, :], len(histories), axis=0)
