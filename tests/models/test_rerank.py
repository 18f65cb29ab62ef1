"""What a list's aims do to its order, on films whose likeness and popularity are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from movieapp.models.base import best
from movieapp.models.neighbours import unit
from movieapp.models.popularity import Popularity
from movieapp.models.rerank import KEPT_PLACES, ListAims, Reranked, Reranker
from movieapp.preparation.interactions import Histories, Interactions

N = 60


def reranker(seed: int = 0) -> Reranker:
    """Films of which every seventh has no year."""
    rng = np.random.default_rng(seed)
    vectors = unit(rng.normal(size=(N, 4)).astype(np.float32))
    years = rng.permutation(N).astype(np.float32) + 1930
    years[::7] = np.nan
    return Reranker(vectors, rng.permutation(N).astype(np.float32) ** 2, years)


def likers(*liked: int, n: int = 1, n_movies: int = N) -> Histories:
    """So many people who like the same films."""
    columns = np.tile(np.array(sorted(liked), np.int32), n)
    stars = np.full(len(columns), 5.0, np.float32)
    return Histories(
        np.arange(n + 1) * len(liked), columns, stars, np.zeros(len(columns), np.int64), n_movies
    )


def first(ranked: Reranker, aims: ListAims, n: int = 10, people: Histories | None = None) -> np.ndarray:
    """Return the first films of a list whose scores fall from film 0 on."""
    return ranked.columns(descending(), n, aims, likers() if people is None else people)[0]


def descending() -> np.ndarray:
    return np.linspace(5, 0, N, dtype=np.float32)[None, :]


def test_without_aims_the_order_is_the_models() -> None:
    assert first(reranker(), ListAims()).tolist() == list(range(10))


def test_diversity_takes_another_kind_of_film_second() -> None:
    # Films 0 to 2 are the same to the model, film 3 is another kind and scores a little less.
    vectors = np.array([[1, 0], [1, 0], [1, 0], [0, 1]], np.float32)
    scores = np.array([[1.0, 0.9, 0.8, 0.7]], np.float32)
    ranked, nobody = Reranker(vectors, np.ones(4, np.float32), np.ones(4, np.float32)), likers(n_movies=4)
    assert ranked.columns(scores, 4, ListAims(diversity=0.8), nobody)[0].tolist()[:2] == [0, 3]
    assert ranked.columns(scores, 4, ListAims(diversity=0.01), nobody)[0].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(("aim", "is_higher"), [(1.0, True), (-1.0, False)])
def test_popularity_leans_the_way_it_is_asked(aim: float, is_higher: bool) -> None:
    ranked = reranker()
    plain = ranked.popularity[first(ranked, ListAims())].mean()
    leaned = ranked.popularity[first(ranked, ListAims(popularity=aim))].mean()
    assert (leaned > plain) == is_higher


@pytest.mark.parametrize(("aim", "is_higher"), [(1.0, True), (0.25, True), (-0.25, False), (-1.0, False)])
def test_age_leans_to_the_years_it_is_asked_for(aim: float, is_higher: bool) -> None:
    ranked = reranker()
    plain, leaned = (np.nanmean(ranked.years[first(ranked, one)]) for one in (ListAims(), ListAims(age=aim)))
    assert (leaned > plain) == is_higher


def test_films_without_a_year_stand_where_they_did_beside_those_of_the_middle() -> None:
    # Film 1 has no year; 0 and 2 are as far from the mean as each other.
    ranked = Reranker(
        np.eye(3, dtype=np.float32), np.ones(3, np.float32), np.array([1990, np.nan, 1950], np.float32)
    )
    scores, nobody = np.array([[0.5, 0.4, 0.3]], np.float32), likers(n_movies=3)
    assert ranked.columns(scores, 3, ListAims(age=1.0), nobody)[0].tolist() == [0, 1, 2]
    assert ranked.columns(scores, 3, ListAims(age=-1.0), nobody)[0].tolist() == [2, 1, 0]


def test_an_adventure_is_unlike_all_that_somebody_likes() -> None:
    # Film 0 is liked; 1 and 2 are like it, 3 and 4 are not.
    vectors = np.array([[1, 0], [1, 0], [0.8, 0.6], [0, 1], [0, 1]], np.float32)
    ranked = Reranker(vectors, np.ones(5, np.float32), np.ones(5, np.float32))
    scores = np.array([[-np.inf, 0.4, 0.3, 0.2, 0.1]], np.float32)
    likes_0 = likers(0, n_movies=5)
    assert ranked.columns(scores, 4, ListAims(adventure=1.0), likes_0)[0].tolist()[:2] == [3, 4]
    assert (
        ranked.columns(scores[:, ::-1], 4, ListAims(adventure=-1.0), likers(4, n_movies=5))[0].tolist()[0]
        == 3
    )
    # The nearest of several decides, and who likes nothing has no adventures.
    assert ranked.columns(scores, 4, ListAims(adventure=1.0), likers(0, 3, n_movies=5))[0].tolist()[0] == 2
    assert ranked.columns(scores, 4, ListAims(adventure=1.0), likers(n_movies=5))[0].tolist() == [1, 2, 3, 4]


def test_discovery_keeps_the_first_twenty_and_lists_less_known_films_after() -> None:
    ranked = reranker()
    plain, found = first(ranked, ListAims(), 40), first(ranked, ListAims(discover=True), 40)
    assert found[:KEPT_PLACES].tolist() == plain[:KEPT_PLACES].tolist()
    assert ranked.popularity[found[KEPT_PLACES:]].sum() < ranked.popularity[plain[KEPT_PLACES:]].sum()


aims = st.builds(
    ListAims,
    diversity=st.floats(0, 1, width=32),
    popularity=st.floats(-1, 1, width=32),
    adventure=st.floats(-1, 1, width=32),
    age=st.floats(-1, 1, width=32),
    discover=st.booleans(),
)
scores = st.lists(st.one_of(st.just(-np.inf), st.floats(-9, 9, width=32)), min_size=N, max_size=N)


@given(scores=scores, aims=aims, n=st.integers(1, N + 5))
def test_never_lists_a_film_twice_or_one_without_a_score(scores: list[float], aims: ListAims, n: int) -> None:
    values = np.array([scores], np.float32)
    listed = reranker().columns(values, n, aims, likers(3, 30))[0]
    there = listed[listed >= 0]
    assert len(set(there.tolist())) == len(there) == min(n, np.isfinite(values).sum())
    assert np.isfinite(values[0, there]).all()


@given(aims=aims, seed=st.integers(0, 50))
def test_one_list_does_not_depend_on_the_others(aims: ListAims, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(3, N)).astype(np.float32)
    people = likers(3, 30, n=3)
    together = reranker().columns(values, 30, aims, people)
    for row in range(3):
        alone = reranker().columns(values[row : row + 1], 30, aims, people.take(np.array([row])))
        assert alone[0].tolist() == together[row].tolist()


def test_the_protocol_sees_the_served_order(two_tastes: Interactions) -> None:
    model = Popularity().fit(two_tastes)
    vectors = unit(np.random.default_rng(1).normal(size=(20, 3)).astype(np.float32))
    ranked = Reranker(vectors, model.likes_, np.arange(20, dtype=np.float32))
    aims = ListAims(popularity=-1.0, adventure=0.5, age=0.5)
    people = two_tastes.histories
    listed, _ = best(Reranked(model, ranked, aims, known=np.ones(20, bool)).scores(people), 5, without=people)
    open_scores = model.scores(people)
    open_scores[people.rows, people.columns] = -np.inf
    assert listed.tolist() == ranked.columns(open_scores, 5, aims, people).tolist()
