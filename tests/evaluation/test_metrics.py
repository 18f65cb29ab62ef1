"""Metrics against values worked out by hand and against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from movieapp.evaluation import metrics

# Two people: right at places 1 and 3 of 3 relevant; nothing right of 1 relevant.
HITS = np.array([[True, False, True, False, False], [False, False, False, False, False]])
N_RELEVANT = np.array([3, 1])


def test_precision_divides_by_k() -> None:
    assert metrics.precision(HITS, 5).tolist() == [0.4, 0.0]
    assert metrics.precision(HITS, 10).tolist() == [0.2, 0.0]


def test_recall_divides_by_all_that_is_relevant() -> None:
    assert metrics.recall(HITS, N_RELEVANT, 5).tolist() == pytest.approx([2 / 3, 0])
    assert metrics.recall(HITS, N_RELEVANT, 1).tolist() == pytest.approx([1 / 3, 0])


def test_hit_rate_is_one_hit_or_none() -> None:
    assert metrics.hit_rate(HITS, 5).tolist() == [1, 0]


def test_ndcg_by_hand() -> None:
    ideal = 1 + 1 / np.log2(3) + 1 / 2
    assert metrics.ndcg(HITS, N_RELEVANT, 5).tolist() == pytest.approx([(1 + 1 / 2) / ideal, 0])


def test_ndcg_of_an_ideal_list_is_one_even_when_more_is_relevant_than_fits() -> None:
    hits = np.ones((1, 5), bool)
    assert metrics.ndcg(hits, np.array([12]), 5).tolist() == [1.0]


def test_reciprocal_rank_is_zero_without_a_hit() -> None:
    assert metrics.reciprocal_rank(HITS[:, 1:]).tolist() == [0.5, 0]


@given(st.lists(st.booleans(), min_size=3, max_size=30), st.integers(1, 20))
def test_ndcg_agrees_with_scikit_learn(right: list[bool], k: int) -> None:
    relevance = np.array([right], float)
    scores = -np.arange(len(right), dtype=float)[None, :]
    n_relevant = max(sum(right), 1)
    ours = metrics.ndcg(np.array([right]), np.array([n_relevant]), k)[0]
    # Imported where it is asked: it takes a second.
    from sklearn.metrics import ndcg_score

    assert ours == pytest.approx(ndcg_score(relevance, scores, k=k))


def test_coverage_ignores_padding() -> None:
    assert metrics.coverage(np.array([[0, 1], [1, -1]]), 4) == 0.5


def test_novelty_is_mean_self_information() -> None:
    popularity = np.array([0.5, 0.25])
    assert metrics.novelty(np.array([[0, 1], [1, -1]]), popularity).tolist() == [1.5, 2.0]


def test_diversity_is_one_minus_mean_jaccard() -> None:
    genres = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 1]], bool)
    lists = np.array([[0, 1, 2], [0, 0, -1]])
    assert metrics.diversity(lists, genres).tolist() == pytest.approx([1 - (0.5 + 0 + 0) / 3, 0.0])


def test_popularity_share_counts_the_most_rated_tenth() -> None:
    popularity = np.linspace(0.05, 1, 20)
    assert metrics.popularity_share(np.array([[19, 0, 18, 1]]), popularity).tolist() == [0.5]


def test_new_to_you_is_the_chance_that_films_are_not_known() -> None:
    popularity = np.array([0.5, 0.25])
    assert metrics.new_to_you(np.array([[0, 1], [1, -1]]), popularity).tolist() == [0.625, 0.75]
