"""Stars of planted tastes, whose answer is known up to the noise."""

import dataclasses
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from movieapp.models.stars import Stars
from movieapp.preparation.facts import Facts
from movieapp.preparation.interactions import Histories, Interactions

N_PEOPLE, N_FILMS = 120, 40
NOISE = 0.3


def small_model() -> Stars:
    return Stars(rank=3, iterations=60, burn_in=20, kept=10, components=5, neighbours=5)


@pytest.fixture(scope="module")
def truth() -> np.ndarray:
    """What people would give, (people x films): a mean, biases, two tastes, and women a star above men."""
    rng = np.random.default_rng(1)
    tastes = rng.normal(size=(N_PEOPLE, 2)) @ rng.normal(size=(2, N_FILMS)) * 0.6
    of_films = np.linspace(-1.0, 1.0, N_FILMS)
    return np.asarray(3.0 + of_films + np.where(women()[:, None], 0.5, -0.5) + tastes)


def women() -> np.ndarray:
    return np.arange(N_PEOPLE) % 2 == 0


@pytest.fixture(scope="module")
def given(truth: np.ndarray) -> np.ndarray:
    """Which ratings are known, about half of them."""
    return np.random.default_rng(2).random(truth.shape) < 0.5


@pytest.fixture(scope="module")
def data(truth: np.ndarray, given: np.ndarray) -> Interactions:
    noise = np.random.default_rng(3).normal(size=truth.shape) * NOISE
    genders = ["F" if one else "M" for one in women()]
    people = {"user_id": range(1, N_PEOPLE + 1), "gender": genders, "age": 30, "occupation": None}
    facts = dataclasses.replace(Facts.none(), people=pl.DataFrame(people, schema=Facts.none().people.schema))
    return ratings_of(np.where(given, truth + noise, np.nan), facts)


def ratings_of(stars: np.ndarray, facts: Facts) -> Interactions:
    rows, columns = np.nonzero(~np.isnan(stars))
    return Interactions(
        user_ids=np.arange(1, len(stars) + 1, dtype=np.int32),
        movie_ids=np.arange(1, stars.shape[1] + 1, dtype=np.int32),
        rows=rows.astype(np.int32),
        columns=columns.astype(np.int32),
        stars=stars[rows, columns].astype(np.float32),
        rated_at=np.arange(len(rows), dtype=np.int64),
        facts=facts,
    )


@pytest.fixture(scope="module")
def model(data: Interactions) -> Stars:
    return small_model().fit(data)


def person(stars: dict[int, float], *, gender: float = np.nan) -> Histories:
    columns = np.array(sorted(stars), np.int32)
    values = np.array([stars[column] for column in columns], np.float32)
    return Histories.of_one(
        columns,
        values,
        np.zeros(len(columns), np.int64),
        n_movies=N_FILMS,
        demographics=np.array([[gender, np.nan, np.nan]], np.float32),
    )


def rated(truth: np.ndarray, row: int, n: int) -> dict[int, float]:
    return {column: float(truth[row, column]) for column in range(n)}


ALL = np.arange(N_FILMS)


def test_finds_planted_tastes(model: Stars, data: Interactions, truth: np.ndarray, given: np.ndarray) -> None:
    predicted = model.predict(data.histories, ALL).stars
    # Biases alone leave the tastes, whose standard deviation is about 0.85.
    assert np.sqrt(np.mean((predicted - truth)[~given] ** 2)) < 0.3


def test_the_give_or_take_is_honest(
    model: Stars, data: Interactions, truth: np.ndarray, given: np.ndarray
) -> None:
    predicted, spread = model.predict(data.histories, ALL)
    later = truth + np.random.default_rng(4).normal(size=truth.shape) * NOISE
    within = np.abs(later - predicted) <= spread
    assert within[~given].mean() == pytest.approx(0.68, abs=0.05)


def test_folding_in_is_as_good_as_having_been_in_the_fit(
    data: Interactions, truth: np.ndarray, given: np.ndarray
) -> None:
    half = N_PEOPLE // 2
    stars = np.full(truth.shape, np.nan)
    stars[data.rows, data.columns] = data.stars
    predicted = small_model().fit(ratings_of(stars[:half], data.facts)).predict(data.histories, ALL).stars
    errors = np.where(given, np.nan, predicted - truth)
    inside, outside = (np.sqrt(np.nanmean(part**2)) for part in (errors[:half], errors[half:]))
    assert outside < 1.2 * inside


def test_a_changed_rating_counts_at_once(model: Stars) -> None:
    stars = dict.fromkeys(range(10), 3.0)
    before = model.predict(person(stars), ALL).stars
    after = model.predict(person(stars | {0: 5.0}), ALL).stars
    assert after[0, 0] > before[0, 0] + 0.1


def test_more_ratings_make_surer(model: Stars, truth: np.ndarray) -> None:
    few, more, many = (model.predict(person(rated(truth, 0, n)), ALL).spread.mean() for n in (0, 5, 30))
    assert few > 1.1 * more > 1.2 * many


def test_somebody_noisy_gets_a_larger_give_or_take(model: Stars, truth: np.ndarray) -> None:
    steady = rated(truth, 0, 30)
    noisy = {column: stars + (-1) ** column for column, stars in steady.items()}
    spreads = [model.predict(person(stars), ALL).spread.mean() for stars in (steady, noisy)]
    assert spreads[1] > 1.5 * spreads[0]


def test_without_a_rating_it_gives_what_people_like_them_gave(model: Stars, truth: np.ndarray) -> None:
    for gender, alike in ((np.nan, slice(None)), (0.0, women()), (1.0, ~women())):
        predicted = model.predict(person({}, gender=gender), ALL).stars[0]
        np.testing.assert_allclose(predicted, truth[alike].mean(axis=0), atol=0.25)


def test_predictions_stay_on_the_scale(truth: np.ndarray, data: Interactions) -> None:
    narrow = small_model().fit(ratings_of(truth.clip(2.0, 4.0), Facts.none()))
    assert narrow.scores(data.histories).max() > 4
    predicted = narrow.predict(data.histories, ALL).stars
    assert (predicted.min(), predicted.max()) == (2, 4)


def test_predicts_the_columns_asked_for(model: Stars, truth: np.ndarray) -> None:
    one = person(rated(truth, 3, 8))
    everything, some = model.predict(one, ALL), model.predict(one, np.array([7, 2]))
    np.testing.assert_allclose(some.stars, everything.stars[:, [7, 2]], rtol=1e-5)
    np.testing.assert_allclose(some.spread, everything.spread[:, [7, 2]], rtol=1e-4)


def test_ranks_by_expected_stars(model: Stars, data: Interactions) -> None:
    predicted, scores = model.predict(data.histories, ALL).stars, model.scores(data.histories)
    np.testing.assert_allclose(scores.clip(data.stars.min(), data.stars.max()), predicted, rtol=1e-5)


def test_what_is_left_of_a_similar_film_counts() -> None:
    """Eight pairs of films that hang together, more than vectors of one number can hold."""
    rng = np.random.default_rng(5)
    stars = 3.0 + rng.choice([-1.0, 1.0], size=(300, 8)).repeat(2, axis=1)
    known = np.where(rng.random(stars.shape) < 0.7, stars, np.nan)
    data = ratings_of(known + rng.normal(size=known.shape) * NOISE, Facts.none())
    errors = {}
    for neighbours in (0, 1):
        model = Stars(rank=1, iterations=40, burn_in=20, kept=5, components=1, neighbours=neighbours).fit(
            data
        )
        predicted = model.predict(data.histories, np.arange(16)).stars
        errors[neighbours] = np.sqrt(np.mean((predicted - stars)[np.isnan(known)] ** 2))
    assert errors[1] < 0.8 * errors[0]


def test_the_same_seed_gives_the_same_answer(model: Stars, data: Interactions) -> None:
    again, other = small_model().fit(data), dataclasses.replace(small_model(), seed=8).fit(data)
    np.testing.assert_array_equal(model.scores(data.histories), again.scores(data.histories))
    assert (model.scores(data.histories) != other.scores(data.histories)).any()


def test_saving_and_loading_changes_no_bit(model: Stars, data: Interactions, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    loaded = Stars.load(tmp_path / "model")
    assert loaded.parameters == model.parameters
    for ours, theirs in zip(
        model.predict(data.histories, ALL), loaded.predict(data.histories, ALL), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)
