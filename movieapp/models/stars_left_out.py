"""What a model of stars expects of ratings that it was fitted on, as if it had not been."""

import numpy as np
from numpy.typing import NDArray

from movieapp.models.stars import SUITED, Stars
from movieapp.preparation.interactions import Histories

# Ratings are predicted in so many parts, each from the ratings of the other parts.
PARTS = 20


def left_out(stars: Stars, history: Histories, was_fitted: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the stars expected of each rating of one person, (ratings,), as if it had not been given.

    A rating is in the fit twice. In the person: they are folded in from the ratings of the other parts, which
    with up to twenty ratings leaves out one at a time. And in the films, where `was_fitted` (ratings,): there
    the draws are weighed by one over the likelihood of the rating, the person being integrated out, which
    makes of the posterior with a rating that without it (Vehtari et al., 2016, "Bayesian leave-one-out
    cross-validation approximations for Gaussian latent variable models", section 3). Residuals of similar
    films are left out: they were measured with the rating, and add hardly anything for ratings unseen.
    """
    expected = np.empty(len(history.columns), np.float32)
    parts = np.arange(len(history.columns)) % PARTS
    for part in range(min(PARTS, len(expected))):
        places = np.flatnonzero(parts == part)
        rest = _only(history, np.flatnonzero(parts != part))
        by_draw, variance = _by_draw(stars, rest, history.columns[places])
        surprise = (history.stars[places, None] - by_draw) ** 2 / variance + np.log(variance)
        logs = np.where(was_fitted[places, None], surprise / 2, 0.0)
        weights = np.exp(logs - logs.max(axis=1, keepdims=True))
        expected[places] = (weights * by_draw).sum(axis=1) / weights.sum(axis=1)
    return expected.clip(*stars.range_)


def _by_draw(
    stars: Stars, history: Histories, columns: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the expected stars of films and the variance of a rating about them, (films x draws) each."""
    films = stars.films_[columns]
    person = stars.folded(history)
    lift = stars.suited_[columns] * np.float32(SUITED / (SUITED + len(history.columns)))
    design = films[:, :, :-1].transpose(1, 0, 2)
    of_person = ((design @ person.covariances) * design).sum(axis=2).T
    variance = of_person + (person.variance / stars.noise_[columns])[:, None]
    return stars.by_draw(films, person.vectors) + lift[:, None], variance


def _only(history: Histories, places: NDArray[np.intp]) -> Histories:
    return Histories.of_one(
        history.columns[places],
        history.stars[places],
        history.rated_at[places],
        n_movies=history.n_movies,
        demographics=history.demographics,
    )
