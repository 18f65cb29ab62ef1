"""What every model promises, whatever it is; models that learn tastes promise more."""

from pathlib import Path

import numpy as np
import pytest

from movieapp.models.als import ALS
from movieapp.models.base import Model
from movieapp.models.item_knn import ItemKNN
from movieapp.models.popularity import Popularity
from movieapp.preparation.interactions import Histories, Interactions

MODELS = {
    "popularity": lambda: Popularity(),
    "popularity_7d": lambda: Popularity(half_life_days=7),
    "item_knn": lambda: ItemKNN(neighbours=12),
    "als": lambda: ALS(factors=2, alpha=5, regularization=0.1, seed=3),
}
LEARNS_TASTE = ("item_knn", "als")


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest, two_tastes: Interactions) -> Model:
    return MODELS[request.param]().fit(two_tastes)


@pytest.fixture(params=LEARNS_TASTE)
def personal(request: pytest.FixtureRequest, two_tastes: Interactions) -> Model:
    return MODELS[request.param]().fit(two_tastes)


def history(stars: dict[int, float], n_movies: int = 20) -> Histories:
    """Return one person's ratings by column."""
    columns = np.array(sorted(stars), np.int32)
    values = np.array([stars[column] for column in columns], np.float32)
    return Histories.of_one(columns, values, np.zeros(len(columns), np.int64), n_movies=n_movies)


def test_never_recommends_what_was_seen(model: Model, two_tastes: Interactions) -> None:
    columns, _ = model.recommend(two_tastes.histories, k=20)
    seen = two_tastes.histories.matrix.toarray() > 0
    for row, listed in enumerate(columns):
        assert not seen[row, listed[listed >= 0]].any()


def test_lists_hold_no_film_twice_and_scores_descend(model: Model, two_tastes: Interactions) -> None:
    columns, scores = model.recommend(two_tastes.histories, k=20)
    for listed, theirs in zip(columns, scores, strict=True):
        there = listed >= 0
        assert len(set(listed[there])) == there.sum() > 0
        assert (np.diff(theirs[there]) <= 0).all()


def test_the_same_fit_gives_the_same_scores(model: Model, two_tastes: Interactions) -> None:
    again = type(model)(**model.parameters).fit(two_tastes)
    np.testing.assert_array_equal(model.scores(two_tastes.histories), again.scores(two_tastes.histories))


def test_saving_and_loading_changes_no_score(model: Model, two_tastes: Interactions, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    loaded = type(model).load(tmp_path / "model")
    assert loaded.parameters == model.parameters
    np.testing.assert_array_equal(model.scores(two_tastes.histories), loaded.scores(two_tastes.histories))


def test_scores_do_not_depend_on_who_else_is_asked_for(model: Model, two_tastes: Interactions) -> None:
    together = model.scores(two_tastes.histories)
    for row in (0, 7):
        alone = model.scores(two_tastes.histories.take(np.array([row])))
        np.testing.assert_allclose(alone[0], together[row], rtol=1e-5)


def test_finds_the_withheld_film_of_each_taste(personal: Model, two_tastes: Interactions) -> None:
    columns, _ = personal.recommend(two_tastes.histories, k=1)
    assert columns[:, 0].tolist() == list(range(20))


def test_folds_in_a_person_whom_the_fit_never_saw(personal: Model) -> None:
    columns, _ = personal.recommend(history({0: 5, 2: 4, 4: 4.5}), k=5)
    assert all(column % 2 == 0 for column in columns[0])


def test_more_likes_of_a_kind_bring_more_of_that_kind(personal: Model) -> None:
    def share_of_even(stars: dict[int, float]) -> float:
        scores = personal.scores(history(stars))[0]
        even, odd = scores[6::2], scores[7::2]
        return float(np.where(np.isfinite(even), even, 0).sum() - np.where(np.isfinite(odd), odd, 0).sum())

    mixed = share_of_even({0: 5, 1: 5})
    assert share_of_even({0: 5, 1: 5, 2: 5}) > mixed
    assert share_of_even({0: 5, 1: 5, 3: 5}) < mixed


def test_low_stars_are_seen_but_count_as_no_like(personal: Model) -> None:
    likes_only = personal.scores(history({0: 5, 2: 5}))
    with_dislikes = personal.scores(history({0: 5, 2: 5, 1: 1, 3: 3.5}))
    np.testing.assert_allclose(likes_only, with_dislikes, rtol=1e-5)


def test_says_nothing_where_nothing_is_liked(personal: Model) -> None:
    assert np.isneginf(personal.scores(history({0: 2, 3: 3}))).all()
    columns, _ = personal.recommend(history({0: 2}), k=5)
    assert (columns == -1).all()


def test_contributions_add_up_to_the_score(personal: Model) -> None:
    person = history({0: 5, 1: 2, 2: 4, 6: 4.5})
    scores = personal.scores(person)[0]
    columns = np.flatnonzero(np.isfinite(scores))
    parts = personal.contributions(person, columns)
    assert parts is not None
    assert parts.shape == (len(columns), 4)
    np.testing.assert_allclose(parts.sum(axis=1), scores[columns], rtol=1e-4, atol=1e-6)
    assert (parts[:, 1] == 0).all()  # what was not liked carries nothing


def test_explained_scores_are_the_scores(model: Model) -> None:
    for person in (history({0: 5, 1: 2, 2: 4, 6: 4.5}), history({0: 2})):
        explained = model.explained(person)
        np.testing.assert_allclose(explained.scores, model.scores(person)[0], rtol=1e-4, atol=1e-6)
        ours, theirs = explained.contributions(np.arange(20)), model.contributions(person, np.arange(20))
        assert (ours is None) == (theirs is None)
        if ours is not None and theirs is not None:
            np.testing.assert_allclose(ours, theirs, rtol=1e-5)
