"""Expected stars of ratings that were in the fit are no better than those of ratings that were not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movieapp.models.stars import Stars
from movieapp.models.stars_left_out import left_out
from movieapp.preparation.interactions import Histories, Interactions
from tests.thorough import examples

N_PEOPLE, N_FILMS = 100, 40


def error(values: list[np.ndarray]) -> float:
    return float(np.sqrt(np.mean(np.concatenate(values) ** 2)))


@pytest.fixture(scope="module")
def data() -> Interactions:
    """Ratings that are two tastes and a lot of noise, which a model is tempted to learn by heart."""
    rng = np.random.default_rng(1)
    tastes = rng.normal(size=(N_PEOPLE, 2)) @ rng.normal(size=(2, N_FILMS)) * 0.5
    stars = 3.0 + tastes + rng.normal(size=tastes.shape)
    rows, columns = np.nonzero(rng.random(stars.shape) < 0.6)
    return Interactions(
        user_ids=np.arange(N_PEOPLE, dtype=np.int32),
        movie_ids=np.arange(N_FILMS, dtype=np.int32),
        rows=rows.astype(np.int32),
        columns=columns.astype(np.int32),
        stars=stars[rows, columns].astype(np.float32),
        rated_at=np.arange(len(rows), dtype=np.int64),
    )


def fitted(data: Interactions) -> Stars:
    return Stars(rank=3, iterations=60, burn_in=20, kept=20, components=5, neighbours=5).fit(data)


@pytest.fixture(scope="module")
def model(data: Interactions) -> Stars:
    return fitted(data)


def one(histories: Histories, row: int) -> Histories:
    return histories.take(np.array([row]))


def test_errors_are_those_of_ratings_that_the_model_never_saw(model: Stars, data: Interactions) -> None:
    hidden = np.random.default_rng(2).random(len(data.rows)) < 0.1
    blind = fitted(data.at(np.flatnonzero(~hidden)))
    pairs = set(zip(data.rows[hidden].tolist(), data.columns[hidden].tolist(), strict=True))
    naive, honest, unseen = [], [], []
    for row in range(N_PEOPLE):
        history = one(data.histories, row)
        is_hidden = np.array([(row, column) in pairs for column in history.columns.tolist()])
        given_stars = history.stars[is_hidden]
        predicted = model.predict(history, history.columns[is_hidden]).stars[0]
        naive.append(predicted - given_stars)
        everything = np.ones(len(history.columns), bool)
        honest.append(left_out(model, history, everything)[is_hidden] - given_stars)
        unseen.append(left_out(blind, history, ~is_hidden)[is_hidden] - given_stars)
    assert error(naive) < 0.93 * error(unseen)
    assert error(honest) == pytest.approx(error(unseen), rel=0.03)


@settings(max_examples=examples(15))
@given(place=st.integers(0, 14), stars=st.sampled_from([1.0, 2.5, 4.0, 5.0]))
def test_a_rating_never_takes_part_in_what_is_expected_of_it(
    model: Stars, data: Interactions, place: int, stars: float
) -> None:
    history = one(data.histories, 3)
    nothing_fitted = np.zeros(len(history.columns), bool)
    changed = history.stars.copy()
    changed[place] = stars
    before = left_out(model, history, nothing_fitted)
    after = left_out(model, replace(history, stars=changed), nothing_fitted)
    assert after[place] == before[place]


def test_up_to_twenty_ratings_are_left_out_one_at_a_time(model: Stars, data: Interactions) -> None:
    few = np.arange(6)
    history = one(data.histories, 3)
    history = Histories.of_one(
        history.columns[few], history.stars[few], history.rated_at[few], n_movies=N_FILMS
    )
    expected = left_out(model, history, np.zeros(6, bool))
    for place in few:
        rest = np.delete(few, place)
        without = Histories.of_one(
            history.columns[rest], history.stars[rest], history.rated_at[rest], n_movies=N_FILMS
        )
        predicted = model.scores(without)[0, history.columns[place]]
        # Residuals of similar films are no part of it, and small here.
        assert expected[place] == pytest.approx(predicted, abs=0.25)


def test_somebody_without_ratings_has_none_to_expect(model: Stars) -> None:
    empty = Histories.of_one(
        np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.int64), n_movies=N_FILMS
    )
    assert len(left_out(model, empty, np.empty(0, bool))) == 0
