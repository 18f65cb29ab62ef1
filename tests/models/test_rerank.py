"""What a list's aims do to its order, on films whose likeness and popularity are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from movieapp.models.base import best
from movieapp.models.neighbours import unit
from movieapp.models.popularity import Popularity
from movieapp.models.rerank import KEPT_PLACES, ListAims, Reranked, Reranker
from movieapp.preparation.interactions import Interactions

N = 60


def reranker(seed: int = 0) -> Reranker:
    rng = np.random.default_rng(seed)
    vectors = unit(rng.normal(size=(N, 4)).astype(np.float32))
    return Reranker(vectors, rng.permutation(N).astype(np.float32) ** 2)


def descending() -> np.ndarray:
    return np.linspace(5, 0, N, dtype=np.float32)[None, :]


def test_without_aims_the_order_is_the_models() -> None:
    assert reranker().columns(descending(), 10, ListAims())[0].tolist() == list(range(10))


def test_diversity_takes_another_kind_of_film_second() -> None:
    # Films 0 to 2 are the same to the model, film 3 is another kind and scores a little less.
    vectors = np.array([[1, 0], [1, 0], [1, 0], [0, 1]], np.float32)
    scores = np.array([[1.0, 0.9, 0.8, 0.7]], np.float32)
    ranked = Reranker(vectors, np.ones(4, np.float32))
    assert ranked.columns(scores, 4, ListAims(diversity=0.8))[0].tolist()[:2] == [0, 3]
    assert ranked.columns(scores, 4, ListAims(diversity=0.01))[0].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(("aim", "is_higher"), [(1.0, True), (-1.0, False)])
def test_popularity_leans_the_way_it_is_asked(aim: float, is_higher: bool) -> None:
    ranked = reranker()
    plain = ranked.popularity[ranked.columns(descending(), 10, ListAims())].mean()
    leaned = ranked.popularity[ranked.columns(descending(), 10, ListAims(popularity=aim))].mean()
    assert (leaned > plain) == is_higher


def test_discovery_keeps_the_first_twenty_and_lists_less_known_films_after() -> None:
    ranked = reranker()
    plain = ranked.columns(descending(), 40, ListAims())[0]
    found = ranked.columns(descending(), 40, ListAims(discover=True))[0]
    assert found[:KEPT_PLACES].tolist() == plain[:KEPT_PLACES].tolist()
    assert ranked.popularity[found[KEPT_PLACES:]].sum() < ranked.popularity[plain[KEPT_PLACES:]].sum()


aims = st.builds(
    ListAims,
    diversity=st.floats(0, 1, width=32),
    popularity=st.floats(-1, 1, width=32),
    discover=st.booleans(),
)
scores = st.lists(st.one_of(st.just(-np.inf), st.floats(-9, 9, width=32)), min_size=N, max_size=N)


@given(scores=scores, aims=aims, n=st.integers(1, N + 5))
def test_never_lists_a_film_twice_or_one_without_a_score(scores: list[float], aims: ListAims, n: int) -> None:
    values = np.array([scores], np.float32)
    listed = reranker().columns(values, n, aims)[0]
    there = listed[listed >= 0]
    assert len(set(there.tolist())) == len(there) == min(n, np.isfinite(values).sum())
    assert np.isfinite(values[0, there]).all()


@given(aims=aims, seed=st.integers(0, 50))
def test_one_list_does_not_depend_on_the_others(aims: ListAims, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(3, N)).astype(np.float32)
    together = reranker().columns(values, 30, aims)
    for row in range(3):
        alone = reranker().columns(values[row : row + 1], 30, aims)
        assert alone[0].tolist() == together[row].tolist()


def test_the_protocol_sees_the_served_order(two_tastes: Interactions) -> None:
    model = Popularity().fit(two_tastes)
    vectors = unit(np.random.default_rng(1).normal(size=(20, 3)).astype(np.float32))
    ranked = Reranker(vectors, model.likes_)
    aims = ListAims(popularity=-1.0)
    people = two_tastes.histories
    listed, _ = best(Reranked(model, ranked, aims, known=np.ones(20, bool)).scores(people), 5, without=people)
    open_scores = model.scores(people)
    open_scores[people.rows, people.columns] = -np.inf
    assert listed.tolist() == ranked.columns(open_scores, 5, aims).tolist()
