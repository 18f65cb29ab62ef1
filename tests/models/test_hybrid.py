"""The hybrid on a made-up release where people come back and like more of what they liked before."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from movieapp.models.base import best
from movieapp.models.hybrid import Hybrid
from movieapp.models.hybrid.candidates import candidates
from movieapp.models.hybrid.examples import cohorts
from movieapp.models.hybrid.features import GROUPS, features
from movieapp.models.hybrid.settled import settled_scores
from movieapp.models.hybrid.signals import Signals
from movieapp.models.hybrid.timeline import SESSION_GAP_S, Clock, Timeline, weighed
from movieapp.models.hybrid.trends import Trends
from movieapp.preparation.interactions import Histories, Interactions
from tests.returning import N_MOVIES, returning_people


@pytest.fixture(scope="module")
def ratings() -> Interactions:
    return returning_people()


@pytest.fixture(scope="module")
def hybrid(ratings: Interactions) -> Hybrid:
    return Hybrid(n_candidates=20, seed=3).fit(ratings)


def history(stars: dict[int, float], at: int = 0) -> Histories:
    columns = np.array(sorted(stars), np.int32)
    values = np.array([stars[column] for column in columns], np.float32)
    return Histories.of_one(columns, values, np.full(len(columns), at, np.int64), n_movies=N_MOVIES)


def test_learns_to_rank_and_finds_the_taste(hybrid: Hybrid) -> None:
    assert hybrid.ranker.trees is not None
    columns, _ = best(
        hybrid.scores(history({0: 5, 2: 5, 4: 4.5}, at=10**7)), 5, without=history({0: 5, 2: 5, 4: 4.5})
    )
    assert (columns[0] % 2 == 0).sum() >= 4


def test_a_fit_says_how_far_it_is_and_can_be_ended(ratings: Interactions) -> None:
    told: list[float] = []

    def watch(share: float) -> None:
        told.append(share)
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Hybrid(n_candidates=20, seed=3).fit_watched(ratings, watch)
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] < 1
    assert len(told) == 3


def test_candidates_stand_above_everything_else(
    hybrid: Hybrid, ratings: Interactions, tmp_path: Path
) -> None:
    hybrid.save(tmp_path / "hybrid")
    hybrid = Hybrid.load(tmp_path / "hybrid")
    hybrid.n_candidates = 6
    person = ratings.histories.take(np.array([0]))
    scores = hybrid.scores(person)[0].copy()
    scores[person.columns] = -np.inf
    there = np.argsort(-scores)[:6]
    assert scores[there[-1]] > -50 > scores[np.setdiff1d(np.arange(N_MOVIES), there)].max()
    rest = np.setdiff1d(np.flatnonzero(np.isfinite(scores)), there)
    assert scores[there].min() > scores[rest].max()
    assert len(set(scores[rest].tolist())) > 1


def test_saving_and_loading_changes_no_score(hybrid: Hybrid, ratings: Interactions, tmp_path: Path) -> None:
    hybrid.save(tmp_path / "hybrid")
    loaded = Hybrid.load(tmp_path / "hybrid")
    some = ratings.histories.take(np.arange(10))
    np.testing.assert_array_equal(hybrid.scores(some), loaded.scores(some))


def test_scores_do_not_depend_on_who_else_is_asked_for(hybrid: Hybrid, ratings: Interactions) -> None:
    together = hybrid.scores(ratings.histories.take(np.arange(12)))
    for row in (0, 7):
        alone = hybrid.explained(ratings.histories.take(np.array([row]))).scores
        np.testing.assert_allclose(alone, together[row], rtol=1e-3, atol=1e-3)


def test_heads_are_the_first_films_one_by_one(hybrid: Hybrid, ratings: Interactions) -> None:
    people = ratings.histories.take(np.arange(8))
    heads = hybrid.heads(people, 5, known=hybrid.known_)
    for row in range(8):
        one = people.take(np.array([row]))
        explained = hybrid.explained(one)
        head = heads.head(row)
        columns, scores = best(explained.scores[None, :], 5, without=one)
        assert head.columns.tolist() == columns[0].tolist()
        np.testing.assert_allclose(head.scores, scores[0], rtol=1e-4)
        np.testing.assert_allclose(head.grounds, explained.grounds(columns[0]), rtol=1e-3, atol=1e-5)  # type: ignore[misc]


def test_grounds_and_a_constant_add_up_to_the_rankers_score(hybrid: Hybrid, ratings: Interactions) -> None:
    explained = hybrid.explained(ratings.histories.take(np.array([3])))
    columns = np.argsort(-explained.scores)[:10]
    assert explained.grounds is not None
    rest = explained.scores[columns] - explained.grounds(columns).sum(axis=1)
    np.testing.assert_allclose(rest, rest[0], atol=1e-4)
    assert hybrid.ground_names == GROUPS


def test_the_films_behind_are_likes_of_the_same_taste(hybrid: Hybrid) -> None:
    person = history({0: 5, 1: 1, 2: 5, 4: 5}, at=10**7)
    parts = hybrid.explained(person).contributions(np.array([6, 8]))
    assert parts is not None
    assert (parts[:, 1] == 0).all()
    assert (parts[:, [0, 2, 3]].sum(axis=1) > 0).all()


def test_whoever_rated_nothing_gets_no_scores(hybrid: Hybrid) -> None:
    nobody = Histories(
        np.array([0, 0]), np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.int64), N_MOVIES
    )
    assert np.isneginf(hybrid.scores(nobody)).all()


def test_a_release_too_small_falls_back_to_what_the_models_agree_on(two_tastes: Interactions) -> None:
    small = Hybrid(n_candidates=10).fit(two_tastes)
    assert small.ranker.trees is None
    columns, _ = best(small.scores(two_tastes.histories), 1, without=two_tastes.histories)
    assert (columns[:, 0] >= 0).all()


def described(ratings: Interactions, at: int, until: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the features of everybody of a cut-off, as the ranker's training makes them."""
    before = ratings.first(at)
    signals, trends = Signals(seed=1).fit(before), Trends().fit(before)
    known = np.asarray(before.likes.getnnz(axis=0) > 0)
    people = cohorts(ratings, at, until, seed=1)[0].histories
    of_people = signals.of(people)
    chosen = candidates(trends, people, of_people, n=15, known=known, with_seen=False)
    found = features(trends, before.films, people, of_people, chosen)
    return found.values, found.names


def test_the_future_changes_no_feature_of_the_past(ratings: Interactions) -> None:
    at, until = 2000, 2400
    ours, names = described(ratings, at, until)
    # The same people come back, and everything else about what they do then is another story.
    stars = ratings.stars.copy()
    low = stars[at:] < 4
    stars[at:] = np.where(low, 1.0, 5.0)
    times = ratings.rated_at.copy()
    times[at:] += 10**6
    changed = Interactions(
        ratings.user_ids, ratings.movie_ids, ratings.rows, ratings.columns, stars, times, ratings.facts
    )
    theirs, _ = described(changed, at, until)
    np.testing.assert_array_equal(ours, theirs)
    # And the past does: the same change before the cut-off shows.
    stars = ratings.stars.copy()
    stars[: at // 2] = 6.0 - stars[: at // 2]
    past = Interactions(
        ratings.user_ids,
        ratings.movie_ids,
        ratings.rows,
        ratings.columns,
        stars,
        ratings.rated_at,
        ratings.facts,
    )
    other, _ = described(past, at, until)
    assert other.shape != ours.shape or not np.array_equal(other, ours)
    assert len(names) == ours.shape[2]


def test_cohorts_hold_people_who_came_back_and_new_ones_with_five_likes(ratings: Interactions) -> None:
    back, new = cohorts(ratings, 2000, 2400, seed=1)
    assert len(back.histories) > 0
    assert (back.liked_after.getnnz(axis=1) > 0).all()
    liked = (
        np.add.reduceat(new.histories.liked.astype(int), new.histories.indptr[:-1])
        if len(new.histories)
        else []
    )
    assert all(count == 5 for count in liked)


DAY = 86_400


def test_time_stands_still_after_a_week_in_which_nobody_rates() -> None:
    clock = Clock.of(np.array([0, DAY, 31 * DAY, 32 * DAY, 62 * DAY]))
    days = np.array([0, 1, 5, 20, 31, 32, 62])
    assert (clock(days * DAY) // DAY).tolist() == [0, 1, 5, 8, 8, 9, 16]
    two = Histories(
        np.array([0, 2, 4]),
        np.array([0, 1, 0, 1], np.int32),
        np.full(4, 5, np.float32),
        np.array([62, 63, 3_000, 3_001]) * DAY,
        n_movies=2,
    )
    # Both by the clock of the ratings; the second came back after eight years, which count as a week.
    assert (clock.histories(two).rated_at // DAY).tolist() == [16, 17, 23, 24]


def test_a_rating_of_years_later_makes_nothing_else_look_forgotten(two_tastes: Interactions) -> None:
    def with_another(days: int) -> Hybrid:
        rated_at = np.append(two_tastes.rated_at, two_tastes.rated_at.max() + days * DAY)
        another = replace(
            two_tastes,
            rows=np.append(two_tastes.rows, np.int32(0)),
            columns=np.append(two_tastes.columns, np.int32(1)),
            stars=np.append(two_tastes.stars, np.float32(5)),
            rated_at=rated_at,
        )
        return Hybrid().fit(another)

    soon, late = with_another(7), with_another(3_000)
    people = two_tastes.histories
    np.testing.assert_array_equal(soon.trends_.popularity(7.0), late.trends_.popularity(7.0))
    np.testing.assert_array_equal(soon.scores(people), late.scores(people))


def test_sessions_end_with_a_long_pause() -> None:
    gap = SESSION_GAP_S + 1
    one = Histories.of_one(
        np.array([3, 5, 7], np.int32), np.full(3, 5, np.float32), np.array([gap, 0, gap + 5]), n_movies=9
    )
    timeline = Timeline.of(one)
    assert timeline.place.tolist() == [1, 2, 0]
    assert timeline.from_last.tolist() == [0, 1, 0]
    assert timeline.session.tolist() == [1, 0, 1]


def test_products_side_by_side_are_those_one_by_one(ratings: Interactions) -> None:
    signals = Signals().fit(ratings)
    histories = ratings.histories.take(np.arange(6))
    likes = weighed(histories, histories.liked.astype(np.float32))
    late = weighed(histories, histories.liked * 0.9 ** Timeline.of(histories).place)
    near = signals._near(likes)
    apart = {
        "knn": likes @ signals.knn_,
        "knn_recent": likes @ signals.knn_recent_,
        "knn_last": late @ signals.knn_,
        "next_liked": late @ signals.next_liked_,
        "people": near @ signals.likes_,
        "people_recent": near @ signals.recent_,
        "people_recent4": near @ signals.very_recent_,
        "people_rated_recent": near @ signals.rated_recent_,
        "people_return": near @ signals.returning_,
    }
    found = signals.of(histories)
    for name, product in apart.items():
        np.testing.assert_array_equal(found[name], settled_scores(product.toarray()), err_msg=name)
    assert signals.of(histories.take(np.arange(0)))["people"].shape == (0, N_MOVIES)


def test_another_fit_forgets_the_one_before(ratings: Interactions) -> None:
    half = ratings.first(len(ratings.stars) // 2)
    people = half.histories
    again, fresh = Signals().fit(ratings), Signals().fit(half)
    again.of(people)
    for name, scores in again.fit(half).of(people).items():
        np.testing.assert_array_equal(scores, fresh.of(people)[name], err_msg=name)
    trends, new = Trends().fit(ratings), Trends().fit(half)
    assert trends.orders.keys() == new.orders.keys()
    trends.fit(half)
    for name, order in new.orders.items():
        np.testing.assert_array_equal(trends.orders[name], order, err_msg=name)
    np.testing.assert_array_equal(trends.totals, new.totals)


def test_weights_that_have_faded_to_noise_are_left_out() -> None:
    faded = weighed(history(dict.fromkeys(range(4), 5.0)), np.array([1.0, -0.5, 1e-38, 0.0]))
    assert faded.toarray()[0, :4].tolist() == [1.0, -0.5, 0.0, 0.0]
    assert faded.nnz == 2
