"""Who is evaluated on what: worked out by hand on a dozen people."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from movieapp.evaluation.protocol import AS_SERVED, measure, metric_names, window
from movieapp.models.base import best
from movieapp.models.item_knn import ItemKNN
from movieapp.models.popularity import Popularity
from movieapp.preparation.interactions import Histories, Interactions
from movieapp.preparation.split import Split, filtered, random_split, replay_split, split

START = datetime(2020, 1, 1)


def ratings(rows: list[tuple[int, int, float]], day: int = 0) -> pl.DataFrame:
    """Return ratings (user, movie, stars), one a minute."""
    return pl.DataFrame(
        [
            {
                "user_id": user,
                "movie_id": movie,
                "rating": stars,
                "rated_at": START + timedelta(days=day, minutes=minute),
            }
            for minute, (user, movie, stars) in enumerate(rows)
        ]
    )


@pytest.fixture
def parts() -> Split:
    before = [(1, 10, 5.0), (1, 11, 2.0), (2, 11, 4.0), (2, 12, 4.0), (3, 12, 1.0), (4, 13, 2.0)]
    after = [
        (1, 12, 5.0),  # returning, known
        (1, 99, 5.0),  # returning, the movie is new
        (2, 10, 3.0),  # returning, not a like: nothing to find
        *((5, movie, 4.0) for movie in (10, 11, 12)),  # new, too few likes to fold in and find
        (3, 10, 5.0),  # rated before but liked nothing: new, and too few likes
    ]
    empty = ratings([(1, 13, 3.0)], day=20)
    return Split(ratings(before), ratings(after, day=10), empty)


def test_returning_users_have_a_like_before_and_a_findable_one_after(parts: Split) -> None:
    validation = window(parts, "validation")
    cohort = validation.cohorts["returning"]
    assert cohort.user_ids.tolist() == [1]
    movies = validation.fitting.movie_ids
    assert movies[cohort.relevant[0].indices].tolist() == [12]
    assert movies[cohort.histories.matrix[0].indices].tolist() == [10, 11]
    assert validation.n_unknown_positives == 1
    assert validation.cutoff == START + timedelta(days=10)


def test_only_movies_with_a_like_before_the_cutoff_are_known(parts: Split) -> None:
    validation = window(parts, "validation")
    assert validation.fitting.movie_ids[validation.known].tolist() == [10, 11, 12]


def test_new_users_fold_in_their_first_five_likes_and_are_scored_on_the_rest() -> None:
    before = [(user, movie, 5.0) for user in (1, 2) for movie in range(10, 20)]
    after = [(7, 10, 4.0), (7, 11, 2.0), *((7, movie, 5.0) for movie in range(12, 18))]
    parts = Split(ratings(before), ratings(after, day=10), ratings([(1, 30, 1.0)], day=20))
    cohort = window(parts, "validation").cohorts["new"]
    movies = window(parts, "validation").fitting.movie_ids
    assert cohort.user_ids.tolist() == [7]
    assert movies[cohort.histories.matrix[0].indices].tolist() == [10, 12, 13, 14, 15]
    assert movies[cohort.relevant[0].indices].tolist() == [16, 17]


def test_the_test_window_may_be_fitted_on_train_and_validation(parts: Split) -> None:
    assert len(window(parts, "test").fitting.stars) == parts.train.height + parts.validation.height


def test_a_known_right_answer_gets_the_figures_worked_out_by_hand(parts: Split) -> None:
    # User 1 has seen 10 and 11, so that 12 alone is ranked: place 1 of 1.
    validation = window(parts, "validation")
    figures = measure(Popularity().fit(validation.fitting), validation).figures["returning"]
    assert figures["ndcg@10"].value == figures["mrr"].value == figures["recall@5"].value == 1.0
    assert figures["precision@10"].value == 0.1
    assert set(figures) == {*metric_names(), "coverage@100", "served_coverage@100"}


class PrefersTheSeen(Popularity):
    """Gives what was rated before the highest scores: only the protocol keeps it out of the ranking."""

    def scores(self, histories: Histories) -> np.ndarray:
        scores = np.zeros((len(histories), len(self.likes_)), np.float32)
        scores[histories.rows, histories.columns] = 1e6
        return scores


def test_what_was_seen_is_never_ranked(parts: Split) -> None:
    validation = window(parts, "validation")
    figures = measure(PrefersTheSeen().fit(validation.fitting), validation).figures["returning"]
    assert figures["mrr"].value == 1.0


class KnowsPeopleApart(Popularity):
    """Popularity with something of each person's own."""

    def scores(self, histories: Histories) -> np.ndarray:
        rng = np.random.default_rng(1)
        own = rng.normal(0, 0.5, (len(histories), len(self.likes_)))
        return (np.log1p(self.likes_) + own).astype(np.float32)


def test_lists_as_they_are_served_reach_further_and_nobody_sees_it_in_the_first_twenty() -> None:
    rng = np.random.default_rng(2)
    likes = rng.random((30, 400)) < np.linspace(0.9, 0.05, 400)
    before = [(int(user), int(movie), 5.0) for user, movie in np.argwhere(likes)]
    after = [(user, int(np.flatnonzero(~likes[user])[0]), 5.0) for user in range(30)]
    validation = window(
        Split(ratings(before), ratings(after, day=10), ratings([(1, 1, 1.0)], day=20)), "validation"
    )
    model = KnowsPeopleApart().fit(validation.fitting)
    figures = measure(model, validation).figures["returning"]
    assert figures["served_coverage@100"].value > figures["coverage@100"].value + 0.05
    histories = validation.fitting.histories
    served = validation.reranker.columns(model.scores(histories), 20, AS_SERVED, histories)
    np.testing.assert_array_equal(served, best(model.scores(histories), 20)[0])


def test_likes_of_new_movies_count_among_the_five_but_teach_nothing() -> None:
    before = [(user, movie, 5.0) for user in (1, 2) for movie in range(10, 20)]
    after = [(7, 99, 4.0), *((7, movie, 5.0) for movie in range(12, 18))]
    after += [(8, movie, 5.0) for movie in (91, 92, 93, 94, 95, 10)]  # nothing known to start from
    parts = Split(ratings(before), ratings(after, day=10), ratings([(1, 30, 1.0)], day=20))
    validation = window(parts, "validation")
    cohort, movies = validation.cohorts["new"], validation.fitting.movie_ids
    assert cohort.user_ids.tolist() == [7]
    assert movies[cohort.histories.matrix[0].indices].tolist() == [12, 13, 14, 15]
    assert movies[cohort.relevant[0].indices].tolist() == [16, 17]


def test_the_future_changes_no_score(parts: Split) -> None:
    changed = Split(parts.train, ratings([(1, 12, 5.0), (3, 11, 5.0), (9, 10, 1.0)], day=10), parts.test)
    for name, build in (("popularity", Popularity), ("item_knn", ItemKNN)):
        ours, theirs = window(parts, "validation"), window(changed, "validation")
        np.testing.assert_array_equal(ours.fitting.movie_ids, theirs.fitting.movie_ids, err_msg=name)
        np.testing.assert_array_equal(
            build().fit(ours.fitting).scores(ours.fitting.histories),
            build().fit(theirs.fitting).scores(theirs.fitting.histories),
        )


def test_filter_counts_once_and_on_all_ratings() -> None:
    # Movie 1 has ten ratings; one of them is by user 100, who has too few. Both counts are on everything.
    rows = [(user, 1, 4.0) for user in range(1, 10)] + [(100, 1, 4.0)]
    rows += [(user, movie, 4.0) for user in range(1, 10) for movie in range(2, 6)]
    kept = filtered(ratings(rows))
    assert kept["movie_id"].unique().to_list() == [1]
    assert 100 not in kept["user_id"]
    assert kept.height == 9


def test_split_cuts_by_time_for_everybody() -> None:
    parts = split(ratings([(user, 1, 4.0) for user in range(100)]))
    assert (parts.train.height, parts.validation.height, parts.test.height) == (70, 15, 15)
    assert parts.train["rated_at"].max() < parts.validation_from
    assert parts.validation["rated_at"].max() < parts.test_from
    assert Interactions.of(parts.before_test).shape[0] == 85


def test_replay_keeps_three_stars_as_likes_and_forgets_the_rest() -> None:
    rows = [(user, 1, 2.0 if user % 5 == 0 else 3.0) for user in range(125)]
    parts = replay_split(ratings(rows))
    assert (parts.train.height, parts.validation.height, parts.test.height) == (64, 16, 20)
    assert parts.test["user_id"].to_list()[-1] == 124
    fitting = window(parts, "test").fitting
    assert len(fitting.stars) == 80
    assert fitting.liked.all()
    assert fitting.histories.liked.all()
    assert fitting.histories.take(np.array([0])).liked.all()


def test_random_parts_share_nothing_and_depend_on_the_seed_alone() -> None:
    everything = ratings([(user, movie, 4.0) for user in range(20) for movie in range(5)])
    parts, again, other = (random_split(everything, seed=seed) for seed in (1, 1, 2))
    assert (parts.train.height, parts.validation.height, parts.test.height) == (60, 20, 20)
    assert parts.train.equals(again.train)
    assert not parts.train.equals(other.train)
    together = pl.concat([parts.train, parts.validation, parts.test])
    assert together.n_unique() == everything.height
    assert parts.before_test["rated_at"].is_sorted()
