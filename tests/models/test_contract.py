"""What every model promises, whatever it is; models that learn tastes promise more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from movieapp.evaluation.protocol import window
from movieapp.models.als import ALS
from movieapp.models.base import Model
from movieapp.models.bpr import BPR
from movieapp.models.chance import Chance
from movieapp.models.content import Content
from movieapp.models.ease import EASE
from movieapp.models.hybrid import Hybrid
from movieapp.models.item_knn import ItemKNN
from movieapp.models.popularity import Popularity
from movieapp.models.sequence import LikedNext
from movieapp.models.stars import Stars
from movieapp.models.top_rated import TopRated
from movieapp.models.user_knn import UserKNN
from movieapp.preparation.facts import Facts
from movieapp.preparation.interactions import Histories, Interactions
from movieapp.preparation.split import split

MODELS = {
    "random": lambda: Chance(seed=3),
    "popularity": lambda: Popularity(),
    "popularity_7d": lambda: Popularity(half_life_days=7),
    "top_rated": lambda: TopRated(prior=5),
    "item_knn": lambda: ItemKNN(neighbours=12),
    "user_knn": lambda: UserKNN(neighbours=6),
    "als": lambda: ALS(factors=2, alpha=5, regularization=0.1, seed=3),
    "bpr": lambda: BPR(factors=2, learning_rate=0.1, iterations=50, seed=3),
    "ease": lambda: EASE(regularization=5),
    "ease_seen": lambda: EASE(regularization=5, on="seen"),
    "liked_next": lambda: LikedNext(),
    "content": lambda: Content(),
    "content_lsa": lambda: Content(factors=2, seed=3),
    "hybrid": lambda: Hybrid(seed=3),
    "stars": lambda: Stars(seed=3),
}
SAME_FOR_ALL_OR_RANDOM = ("random", "popularity", "popularity_7d", "top_rated")
# What these say of tastes and reasons has tests of its own: they learn from low stars as well.
HEAR_LOW_STARS = ("hybrid", "stars")
EXPLAINS = tuple(name for name in MODELS if name not in (*SAME_FOR_ALL_OR_RANDOM, *HEAR_LOW_STARS))
LEARNS_TASTE = tuple(name for name in EXPLAINS if name != "ease_seen")


@pytest.fixture(scope="module")
def fitted(two_tastes: Interactions) -> Callable[[str], Model]:
    """Return what fits a model by its name, each once; no test changes one."""
    return cache(lambda name: MODELS[name]().fit(two_tastes))


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest, fitted: Callable[[str], Model]) -> Model:
    return fitted(request.param)


@pytest.fixture(params=LEARNS_TASTE)
def personal(request: pytest.FixtureRequest, fitted: Callable[[str], Model]) -> Model:
    return fitted(request.param)


@pytest.fixture(params=EXPLAINS)
def explaining(request: pytest.FixtureRequest, fitted: Callable[[str], Model]) -> Model:
    return fitted(request.param)


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
        np.testing.assert_allclose(alone[0], together[row], rtol=1e-5, atol=1e-6)
    backwards = model.scores(two_tastes.histories.take(np.arange(20)[::-1]))
    np.testing.assert_allclose(backwards[::-1], together, rtol=1e-5, atol=1e-6)


def test_scores_are_float32_for_everybody_and_every_film(model: Model, two_tastes: Interactions) -> None:
    scores = model.scores(two_tastes.histories)
    assert scores.shape == (20, 20)
    assert scores.dtype == np.float32
    assert not np.isnan(scores).any()
    assert not np.isposinf(scores).any()
    assert model.scores(two_tastes.histories.take(np.arange(0))).shape == (0, 20)


def test_scoring_changes_no_history(model: Model, two_tastes: Interactions) -> None:
    person = history({0: 5, 1: 2, 2: 4})
    before = (person.columns.copy(), person.stars.copy(), person.likes.toarray())
    first = model.scores(person)
    model.explained(person).contributions(np.arange(20))
    np.testing.assert_array_equal(model.scores(person), first)
    for ours, theirs in zip(before, (person.columns, person.stars, person.likes.toarray()), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", MODELS)
def test_the_future_changes_no_score(name: str, two_tastes: Interactions) -> None:
    start = datetime(1970, 1, 1)
    ratings = pl.DataFrame(
        {
            "user_id": two_tastes.user_ids[two_tastes.rows],
            "movie_id": two_tastes.movie_ids[two_tastes.columns],
            "rating": two_tastes.stars.astype(np.float64),
            "rated_at": [start + timedelta(seconds=int(second)) for second in two_tastes.rated_at],
        }
    )
    before = split(ratings)
    cutoff = before.validation_from
    otherwise = ratings.with_columns(
        rating=pl.when(pl.col("rated_at") < cutoff).then("rating").otherwise(6 - pl.col("rating"))
    )
    tagged = [
        {"movie_id": movie, "tag": tag, "tagged_at": cutoff}
        for movie, tag in zip(range(1, 21), ["funny", "funny", "horses"] * 7, strict=False)
    ]
    facts = two_tastes.facts
    later_tags = replace(facts, tags=pl.concat([facts.tags, pl.DataFrame(tagged, schema=facts.tags.schema)]))
    expected, actual = (
        MODELS[name]().fit(past.fitting).scores(two_tastes.histories)
        for past in (window(before, "validation", facts), window(split(otherwise), "validation", later_tags))
    )
    np.testing.assert_array_equal(actual, expected)


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


def test_contributions_add_up_to_the_score(explaining: Model) -> None:
    person = history({0: 5, 1: 2, 2: 4, 6: 4.5})
    scores = explaining.scores(person)[0]
    columns = np.flatnonzero(np.isfinite(scores))
    assert len(columns) > 5
    parts = explaining.contributions(person, columns)
    assert parts is not None
    assert parts.shape == (len(columns), 4)
    assert parts.dtype == np.float32
    np.testing.assert_allclose(parts.sum(axis=1), scores[columns], rtol=1e-4, atol=1e-6)


def test_what_was_not_liked_contributes_nothing(personal: Model) -> None:
    # Column 4 is of the person's taste and liked by people like them, column 1 is not.
    parts = personal.contributions(history({0: 5, 1: 2, 2: 4, 4: 2, 6: 4.5}), np.arange(20))
    assert parts is not None
    assert (parts[:, [1, 3]] == 0).all()
    assert (parts[:, [0, 2, 4]] != 0).any(axis=0).all()
    nothing_liked = personal.contributions(history({0: 2}), np.arange(20))
    assert nothing_liked is not None
    assert (nothing_liked == 0).all()


@pytest.mark.parametrize("name", LEARNS_TASTE)
def test_a_fit_without_a_like_says_nothing(name: str, two_tastes: Interactions) -> None:
    disliked = replace(two_tastes, stars=np.full_like(two_tastes.stars, 2), facts=Facts.none())
    scores = MODELS[name]().fit(disliked).scores(history({0: 5, 2: 5}))
    assert np.isneginf(scores).all()


@pytest.mark.parametrize("name", SAME_FOR_ALL_OR_RANDOM)
def test_scores_that_come_from_no_history_have_no_contributions(
    name: str, fitted: Callable[[str], Model]
) -> None:
    model = fitted(name)
    assert model.contributions(history({0: 5}), np.arange(20)) is None
    assert np.isfinite(model.scores(history({0: 2}))).all()


@pytest.mark.parametrize("name", HEAR_LOW_STARS)
def test_a_low_rating_says_something_too(name: str, fitted: Callable[[str], Model]) -> None:
    model = fitted(name)
    low, high = (model.scores(history({0: stars, 2: stars}))[0] for stars in (1, 5))
    assert np.isfinite(low).all()
    assert np.isfinite(high).all()
    assert (low != high).any()


def test_explained_scores_are_the_scores(model: Model) -> None:
    for person in (history({0: 5, 1: 2, 2: 4, 6: 4.5}), history({0: 2})):
        explained = model.explained(person)
        np.testing.assert_allclose(explained.scores, model.scores(person)[0], rtol=1e-4, atol=1e-6)
        ours, theirs = explained.contributions(np.arange(20)), model.contributions(person, np.arange(20))
        # The hybrid explains a part of its score, by the films behind it; the whole is no sum over them.
        assert theirs is None or ours is not None
        if ours is not None and theirs is not None:
            np.testing.assert_allclose(ours, theirs, rtol=1e-5)
