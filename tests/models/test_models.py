"""Each model against a calculation by hand."""

import numpy as np
import pytest

from movieapp.models.als import ALS
from movieapp.models.base import best
from movieapp.models.item_knn import ItemKNN
from movieapp.models.neighbours import Neighbours
from movieapp.models.popularity import DAY_S, Popularity
from movieapp.preparation.interactions import Interactions
from tests.checkerboard import interactions


def test_popularity_counts_likes_only() -> None:
    stars = np.array([[5, 3, 0], [4, 3.5, 0], [2, 4, 1]])
    assert Popularity().fit(interactions(stars)).likes_.tolist() == [2, 1, 0]


def test_a_like_weighs_half_after_a_half_life() -> None:
    data = Interactions(
        user_ids=np.array([1, 2], np.int32),
        movie_ids=np.array([1, 2], np.int32),
        rows=np.array([0, 1], np.int32),
        columns=np.array([0, 1], np.int32),
        stars=np.array([5, 5], np.float32),
        rated_at=np.array([0, 7 * DAY_S]),
    )
    assert Popularity(half_life_days=7).fit(data).likes_.tolist() == [0.5, 1.0]


def test_item_knn_is_the_cosine_of_co_occurrence() -> None:
    # Film 0 is liked by users 0 and 1, film 1 by 1 and 2, film 2 by 2 alone.
    stars = np.array([[5, 0, 0], [5, 5, 0], [0, 5, 5]])
    similarity = ItemKNN(neighbours=2).fit(interactions(stars)).similarity_.toarray()
    expected = [[0, 0.5, 0], [0.5, 0, 1 / np.sqrt(2)], [0, 1 / np.sqrt(2), 0]]
    np.testing.assert_allclose(similarity, expected, rtol=1e-6)


def test_item_knn_keeps_the_nearest_neighbours_only() -> None:
    stars = np.array([[5, 0, 0], [5, 5, 0], [0, 5, 5]])
    similarity = ItemKNN(neighbours=1).fit(interactions(stars)).similarity_.toarray()
    assert similarity[1].nonzero()[0].tolist() == [2]


def test_als_folds_in_by_the_normal_equations(two_tastes: Interactions) -> None:
    model = ALS(factors=3, alpha=4.0, regularization=0.5).fit(two_tastes)
    items = model.items_.astype(np.float64)
    liked = two_tastes.likes[0].indices
    confidence = np.ones(20)
    confidence[liked] = 4.0
    preference = np.zeros(20)
    preference[liked] = 1.0
    left = items.T @ np.diag(confidence) @ items + 0.5 * np.eye(3)
    person = np.linalg.solve(left, items.T @ (confidence * preference))
    np.testing.assert_allclose(
        model.embed(two_tastes.histories.take(np.array([0])))[0], person, rtol=1e-3, atol=1e-4
    )


def test_best_breaks_ties_by_column_and_pads() -> None:
    scores = np.array([[1, 3, 3, -np.inf]], np.float32)
    columns, values = best(scores, 4)
    assert columns.tolist() == [[1, 2, 0, -1]]
    assert values[0, :3].tolist() == [3, 3, 1]


def test_neighbours_filter_before_they_take_the_best() -> None:
    vectors = np.array([[1, 0], [0.9, 0.1], [0.8, 0.2], [0, 1]], np.float32)
    allowed = np.array([False, False, True, True])
    columns, cosines = Neighbours.of(vectors).nearest(np.array([2, 0], np.float32), 2, allowed=allowed)
    assert columns.tolist() == [2, 3]
    assert cosines.tolist() == pytest.approx([0.8 / np.hypot(0.8, 0.2), 0.0], abs=1e-6)


def test_no_neighbour_is_allowed() -> None:
    columns, _ = Neighbours.of(np.eye(3, dtype=np.float32)).nearest(
        np.ones(3, np.float32), 5, allowed=np.zeros(3, bool)
    )
    assert len(columns) == 0
