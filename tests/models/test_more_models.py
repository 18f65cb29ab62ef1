"""Chance, top rated, EASE, user-KNN, BPR, content and liked next, each against a calculation by hand."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from movieapp.models import user_knn
from movieapp.models.base import best
from movieapp.models.bpr import BPR
from movieapp.models.chance import Chance
from movieapp.models.content import Content
from movieapp.models.ease import BLOCK, EASE, item_weights
from movieapp.models.sequence import LikedNext
from movieapp.models.top_rated import TopRated
from movieapp.models.user_knn import UserKNN
from movieapp.preparation.facts import FILMS, Facts
from movieapp.preparation.interactions import Histories, Interactions
from tests.checkerboard import interactions


def person(columns: list[int], n_movies: int, rated_at: list[int] | None = None) -> Histories:
    """Return somebody who likes these columns."""
    return Histories.of_one(
        np.array(columns, np.int32),
        np.full(len(columns), 5, np.float32),
        np.array(rated_at or [0] * len(columns), np.int64),
        n_movies=n_movies,
    )


def test_chance_puts_every_film_everywhere(two_tastes: Interactions) -> None:
    people = Interactions.of(
        pl.DataFrame(
            {
                "user_id": np.repeat(np.arange(2000), 2),
                "movie_id": np.random.default_rng(0).integers(0, 2**30, 4000),
                "rating": 5.0,
                "rated_at": pl.Series([0] * 4000).cast(pl.Datetime("us")),
            }
        )
    )
    histories = replace(people.histories, columns=people.histories.columns % 1000, n_movies=1_000)
    scores = Chance(seed=1).fit(two_tastes).scores(histories)[:, :200]
    assert scores.min() >= 0
    assert scores.max() < 1
    shares = np.histogram(scores, bins=10, range=(0, 1))[0] / scores.size
    np.testing.assert_allclose(shares, 0.1, atol=0.003)
    between_films, between_people = np.corrcoef(scores.T), np.corrcoef(scores[:500])
    for correlations, bound in ((between_films, 0.12), (between_people, 0.36)):
        assert np.abs(correlations - np.eye(len(correlations))).max() < bound


def test_chance_depends_on_the_seed_and_on_what_was_rated(two_tastes: Interactions) -> None:
    def order(seed: int, columns: list[int]) -> list[int]:
        return best(Chance(seed=seed).fit(two_tastes).scores(person(columns, 20)), 20)[0][0].tolist()

    assert order(1, [0, 3]) == order(1, [0, 3])
    assert len({tuple(order(*one)) for one in ((1, [0, 3]), (2, [0, 3]), (1, [0, 4]), (1, []))}) == 4


def test_top_rated_draws_few_ratings_to_the_mean() -> None:
    # All stars have the mean 4; one rating of 5 is worth less than three of 5.
    stars = np.array([[5, 5, 2, 0], [0, 5, 3, 0], [0, 5, 3, 4]])
    scores = TopRated(prior=2).fit(interactions(stars)).scores(person([], 4))[0]
    np.testing.assert_allclose(scores, [(5 + 8) / 3, (15 + 8) / 5, (8 + 8) / 5, (4 + 8) / 3])


@pytest.mark.parametrize("on", ["likes", "seen"])
def test_ease_is_a_ridge_regression_of_each_film_on_the_others(on: str) -> None:
    stars = np.random.default_rng(4).choice([0, 2, 5], p=[0.4, 0.2, 0.4], size=(30, 6))
    counted = (stars >= 4 if on == "likes" else stars > 0).astype(float)
    weights = EASE(regularization=3.0, on=on).fit(interactions(stars)).weights_
    for film in range(6):
        others = np.delete(counted, film, axis=1)
        expected = np.linalg.solve(others.T @ others + 3.0 * np.eye(5), others.T @ counted[:, film])
        np.testing.assert_allclose(np.delete(weights[:, film], film), expected, rtol=1e-5, atol=1e-7)
        assert weights[film, film] == 0


def test_the_weights_of_many_films_are_those_of_the_inverse() -> None:
    rated = (np.random.default_rng(0).random((400, BLOCK + 201)) < 0.05).astype(np.float64)
    gram = rated.T @ rated
    inverse = np.linalg.inv(gram + 20 * np.eye(len(gram)))
    expected = -inverse / np.diag(inverse)
    np.fill_diagonal(expected, 0.0)
    np.testing.assert_allclose(item_weights(gram, 20.0), expected, atol=1e-7)


def test_ease_on_everything_rated_hears_a_low_rating() -> None:
    stars = np.array([[2, 3, 0], [1, 2, 0], [0, 0, 5], [2, 2, 5]])
    disliked = Histories.of_one(np.array([0], np.int32), np.ones(1, np.float32), np.zeros(1, int), n_movies=3)
    assert EASE(on="seen").fit(interactions(stars)).scores(disliked)[0, 1] > 0
    assert np.isneginf(EASE(on="likes").fit(interactions(stars)).scores(disliked)).all()


def test_ease_keeps_the_most_rated_films_only() -> None:
    stars = np.array([[5, 0, 5, 5], [5, 0, 5, 0], [4, 5, 4, 5]])
    model = EASE(regularization=1.0, most_movies=3).fit(interactions(stars))
    assert model.columns_.tolist() == [0, 2, 3]
    somebody = person([0, 1, 3], 4)
    scores = model.scores(somebody)[0]
    without = EASE(regularization=1.0).fit(interactions(stars[:, [0, 2, 3]])).scores(person([0, 2], 3))[0]
    np.testing.assert_allclose(scores[[0, 2, 3]], without, rtol=1e-6)
    assert np.isneginf(scores[1])
    parts = model.contributions(somebody, np.arange(4))
    np.testing.assert_allclose(parts.sum(axis=1)[[0, 2, 3]], without, rtol=1e-5)
    assert (parts[1] == 0).all()
    assert (parts[:, 1] == 0).all()


def test_user_knn_sums_the_cosines_of_the_nearest() -> None:
    # Cosines to somebody who likes 0 and 1: 1, 1/2 and 0.
    stars = np.array([[5, 5, 0, 0, 0], [5, 0, 4, 2, 0], [0, 0, 0, 5, 5]])
    scores = UserKNN(neighbours=3).fit(interactions(stars)).scores(person([0, 1], 5))[0]
    np.testing.assert_allclose(scores, [1.5, 1, 0.5, -np.inf, -np.inf], rtol=1e-6)
    nearest = UserKNN(neighbours=1).fit(interactions(stars)).scores(person([0, 1], 5))[0]
    np.testing.assert_allclose(nearest, [1, 1, -np.inf, -np.inf, -np.inf], rtol=1e-6)


def test_neighbours_that_tie_for_the_last_place_all_count() -> None:
    stars = np.array([[5, 5, 0], [5, 0, 5], [0, 0, 5]])
    scores = UserKNN(neighbours=1).fit(interactions(stars)).scores(person([0], 3))[0]
    assert scores[1] == scores[2] > 0


def test_many_people_are_compared_in_parts(two_tastes: Interactions, monkeypatch: pytest.MonkeyPatch) -> None:
    model = UserKNN(neighbours=6).fit(two_tastes)
    at_once = model.scores(two_tastes.histories)
    monkeypatch.setattr(user_knn, "MOST_SIMILARITIES", 60)
    np.testing.assert_array_equal(model.scores(two_tastes.histories), at_once)


def test_bpr_folds_in_by_one_newton_step_on_the_pairwise_loss(two_tastes: Interactions) -> None:
    model = BPR(factors=2, iterations=20, learning_rate=0.1, regularization=0.02).fit(two_tastes)
    items = model.items_.astype(np.float64)
    drawn = np.repeat(np.arange(20), two_tastes.likes.getnnz(axis=0))
    differences = (items[[0, 2, 4]][:, None] - items[drawn][None]).reshape(-1, 2)

    def loss(embedding: np.ndarray) -> float:
        pairs = np.log1p(np.exp(-differences @ embedding)).mean()
        return float(pairs + 0.02 / 2 * embedding @ embedding)

    step, unit = 1e-3, np.eye(2)
    gradient = [(loss(step * one) - loss(-step * one)) / (2 * step) for one in unit]
    hessian = [
        [
            (loss(step * (a + b)) - loss(step * (a - b)) - loss(step * (b - a)) + loss(-step * (a + b)))
            / (4 * step**2)
            for a in unit
        ]
        for b in unit
    ]
    expected = -np.linalg.solve(np.array(hessian), np.array(gradient))
    np.testing.assert_allclose(model.embed(person([0, 2, 4], 20))[0], expected, rtol=1e-3)


def test_bpr_says_nothing_of_a_film_that_nobody_likes() -> None:
    stars = np.array([[5, 4, 1], [5, 0, 2], [0, 4, 3]])
    scores = BPR(factors=2).fit(interactions(stars)).scores(person([0], 3))[0]
    assert np.isfinite(scores[:2]).all()
    assert np.isneginf(scores[2])


def timed(rows: list[int], columns: list[int], rated_at: list[int], n_movies: int) -> Interactions:
    """Return likes in time order."""
    return Interactions(
        user_ids=np.arange(max(rows) + 1, dtype=np.int32),
        movie_ids=np.arange(n_movies, dtype=np.int32),
        rows=np.array(rows, np.int32),
        columns=np.array(columns, np.int32),
        stars=np.full(len(rows), 5, np.float32),
        rated_at=np.array(rated_at, np.int64),
    )


def test_what_is_liked_next_follows_and_does_not_precede() -> None:
    # 0, then 1 and 2 at one moment, then 3; somebody else likes 4.
    data = timed([0, 0, 0, 0, 1], [0, 1, 2, 3, 4], [10, 20, 20, 30, 40], 5)
    transitions = LikedNext(window=2, decay=0.5, shrinkage=0.0001).fit(data).transitions_.toarray()
    expected = np.array(
        [
            [0, 0.5, 0.5, 0.25, 0],
            [0, 0, 1, 0.5, 0],
            [0, 1, 0, 0.5, 0],
            [0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0],
        ]
    )
    expected[:3] /= expected[:3].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(transitions, expected, rtol=1e-3)


def test_liked_next_looks_no_further_than_its_window() -> None:
    data = timed([0, 0, 0], [0, 1, 2], [10, 20, 30], 3)
    transitions = LikedNext(window=1).fit(data).transitions_.toarray()
    assert transitions[0, 1] > 0
    assert transitions[0, 2] == 0


def test_a_recent_like_weighs_more_and_one_moment_weighs_alike() -> None:
    data = timed([0, 0, 1, 1, 2, 2], [0, 3, 1, 4, 2, 5], [1, 2, 3, 4, 5, 6], 6)
    model = LikedNext(half_life=1.0).fit(data)
    scores = model.scores(person([0, 1, 2], 6, rated_at=[30, 30, 50]))[0]
    np.testing.assert_allclose(scores[3:], scores[5] * np.array([0.5, 0.5, 1]), rtol=1e-6)


def described(
    films: list[tuple[str, int | None, list[str]]],
    stars: np.ndarray,
    *,
    overviews: Sequence[str | None] = (),
    keywords: Sequence[list[str]] = (),
) -> Interactions:
    """Return ratings of films by title, year and genres, and by plot and keywords where they are known."""
    titles, years, genres = zip(*films, strict=True)
    frame = {
        "movie_id": range(1, len(films) + 1),
        "title": titles,
        "release_year": years,
        "genres": genres,
        "overview": overviews or [None] * len(films),
        "keywords": keywords or [[]] * len(films),
    }
    return replace(interactions(stars), facts=replace(Facts.none(), films=pl.DataFrame(frame, FILMS)))


def test_content_is_a_cosine_of_weighed_terms() -> None:
    # Kept are: the genre War of three films, the genre Drama of two, the title word "dawn" of two.
    films = [
        ("Dawn (1970)", None, ["Drama", "War"]),
        ("The Dawn", None, ["War"]),
        ("Noon", None, ["Drama", "War"]),
        ("Night", None, ["Horror"]),
    ]
    data = described(films, np.array([[5, 0, 0, 5]]))
    scores = Content(min_films=2).fit(data).scores(person([1, 2], 4))[0]
    rare, common = np.log(5 / 3) + 1, np.log(5 / 4) + 1
    vectors = np.array([[rare, common, rare], [0, common, rare], [rare, common, 0]])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    profile = vectors[1] + vectors[2]
    np.testing.assert_allclose(scores[:3], vectors @ profile / np.linalg.norm(profile), rtol=1e-6)
    assert np.isneginf(scores[3])


def test_content_knows_a_film_that_nobody_rated() -> None:
    films = [("Comet", 1999, ["Sci-Fi"]), ("Harvest", 1942, ["Drama"]), ("Orbit", 1999, ["Sci-Fi"])]
    data = described(films, np.array([[5, 0, 0], [0, 5, 0]]))
    for factors in (None, 2):
        scores = Content(min_films=1, factors=factors).fit(data).scores(person([0], 3))[0]
        assert scores[2] > 0.5
        assert scores[1] < 0.01


def test_content_keeps_a_genre_apart_from_a_word_in_a_title() -> None:
    films = [("Western Union", None, ["Drama"]), ("Shane", None, ["Western"]), ("Oater", None, ["Western"])]
    scores = Content(min_films=1).fit(described(films, np.array([[5, 5, 5]]))).scores(person([1], 3))[0]
    assert np.isneginf(scores[0])
    assert scores[2] > 0


PLAIN = [("Comet", 1999, ["Drama"]), ("Harvest", 1942, ["Drama"]), ("Orbit", 1960, ["Comedy"])]


def test_content_goes_by_plots_and_keywords_where_they_are_known() -> None:
    stars = np.array([[5, 5, 5]])
    plots = ["A robot dreams of space.", None, "The robots and the robot."]
    by_plot = Content(min_films=1).fit(described(PLAIN, stars, overviews=plots)).scores(person([0], 3))[0]
    words = [["time travel"], [], ["time travel", "travel"]]
    by_word = Content(min_films=1).fit(described(PLAIN, stars, keywords=words)).scores(person([0], 3))[0]
    without = Content(min_films=1).fit(described(PLAIN, stars)).scores(person([0], 3))[0]
    assert np.isneginf(without[2])
    assert by_plot[2] > 0
    assert by_word[2] > 0


def test_content_keeps_a_keyword_whole_and_apart_from_a_word_of_a_plot() -> None:
    told = {"overviews": ["Time.", None, None], "keywords": [[], ["time"], ["time travel"]]}
    scores = Content(min_films=1).fit(described(PLAIN, np.array([[5, 5, 5]]), **told)).scores(person([2], 3))
    assert np.isneginf(scores[0, :2]).all()


def test_content_without_plots_is_what_it_was() -> None:
    # The terms as they were before there were plots, weighed by hand.
    # Imported where it is asked: it takes a second.
    from sklearn.feature_extraction.text import TfidfVectorizer

    terms = [
        ["genre Drama", "year 1999", "decade 1990", "title comet"],
        ["genre Drama", "year 1942", "decade 1940", "title harvest"],
        ["genre Comedy", "year 1960", "decade 1960", "title orbit"],
    ]
    vocabulary = sorted({term for of_film in terms for term in of_film})
    expected = TfidfVectorizer(analyzer=list, vocabulary=vocabulary, lowercase=False, dtype=np.float32)
    vectors = Content(min_films=1).fit(described(PLAIN, np.array([[5, 5, 5]]))).vectors_
    np.testing.assert_array_equal(vectors.toarray(), expected.fit_transform(terms).toarray())


def test_content_has_nothing_to_say_of_films_that_nothing_is_known_of() -> None:
    for factors in (None, 8):
        model = Content(factors=factors).fit(interactions(np.array([[5, 4], [0, 5]])))
        assert np.isneginf(model.scores(person([0], 2))).all()
