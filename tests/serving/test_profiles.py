"""People and their ratings: in memory what is in the database, and never before it is there."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movieapp.database import Database
from movieapp.errors import Invalid, NotFound, NotReady
from movieapp.serving.feedback import Event, EventType
from movieapp.serving.profiles import Profiles
from tests.rows import rows
from tests.thorough import examples

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def profiles(small: Database) -> Profiles:
    profiles = Profiles(small)
    profiles.load()
    return profiles


def stars(profiles: Profiles, user_id: int) -> dict[int, float]:
    history = profiles.history(user_id)
    assert history is not None
    assert len(history.movie_ids) == len(history.stars) == len(history.rated_at)
    return dict(zip(history.movie_ids.tolist(), history.stars.tolist(), strict=True))


def tell(profiles: Profiles, user_id: int, movie_id: int, event: EventType) -> None:
    profiles.tell(user_id, movie_id, Event(event), now=NOW)


def test_a_history_is_sorted_by_movie_and_aligned(profiles: Profiles) -> None:
    history = profiles.history(7)
    assert history is not None
    assert history.movie_ids.tolist() == [1, 2, 3]
    assert history.stars.tolist() == [2.0, 4.0, 5.0]
    assert history.rated_at.tolist() == [100, 200, 300]
    assert (history.movie_ids.dtype, history.stars.dtype, history.rated_at.dtype) == (
        np.int32,
        np.float32,
        np.int64,
    )
    assert history.version == 0


@pytest.mark.parametrize("user_id", [1, 8, 2147483646, 0, -1, 2**40, 10**30])
def test_a_stranger_has_no_history(profiles: Profiles, user_id: int) -> None:
    assert profiles.history(user_id) is None


def test_nobody_is_known_before_the_first_load(small: Database) -> None:
    profiles = Profiles(small)
    assert profiles.history(7) is None
    assert (profiles.n_users, profiles.n_ratings) == (0, 0)
    assert profiles.users(5) == []
    for ask in (
        lambda: profiles.rate(7, 1, 4.0, now=NOW),
        lambda: profiles.unrate(7, 1, now=NOW),
        lambda: tell(profiles, 7, 1, EventType.LIKE),
        lambda: profiles.user(7),
        lambda: profiles.ratings(7),
    ):
        with pytest.raises(NotReady, match="still being read"):
            ask()


def test_a_new_id_is_above_everybody_who_was_ever_known(small: Database) -> None:
    small.write("serving/remove_rating", user_id=2147483647, movie_id=2)
    with small.transaction() as cursor:
        cursor._cursor.execute("delete from users where user_id > 9")
    profiles = Profiles(small)
    profiles.load()
    assert profiles.new_id() == 10
    profiles.rate(20, 1, 4.0, now=NOW)
    profiles.unrate(20, 1, now=NOW)
    tell(profiles, 30, 1, EventType.HIDE)
    assert [profiles.new_id() for _ in range(2)] == [31, 32]
    profiles.load()
    assert profiles.new_id() == 33


def test_a_new_id_is_a_free_one_even_if_the_highest_is_taken(profiles: Profiles) -> None:
    assert [profiles.new_id() for _ in range(2)] == [2147483646, 2147483645]


def test_a_summary_is_what_the_ratings_say(profiles: Profiles) -> None:
    summary = profiles.user(7)
    assert (summary.gender, summary.age, summary.occupation, summary.source) == (
        "F",
        25,
        "writer",
        "release",
    )
    assert (summary.n_ratings, summary.n_likes) == (3, 2)
    assert summary.mean_rating == pytest.approx(11 / 3)
    assert summary.first_rated_at == datetime.fromtimestamp(100, UTC)
    assert summary.last_rated_at == datetime.fromtimestamp(300, UTC)
    assert summary.favourite_genres == ("Thriller", "Action", "Crime")


def test_an_unknown_user_is_not_found(profiles: Profiles) -> None:
    for ask in (profiles.user, profiles.ratings):
        with pytest.raises(NotFound, match="no user 8 yet"):
            ask(8)


def test_ratings_come_newest_first_and_ties_by_movie(profiles: Profiles) -> None:
    assert [rated.movie_id for rated in profiles.ratings(7)] == [3, 2, 1]
    assert [(rated.movie_id, rated.rating) for rated in profiles.ratings(9)] == [(1, 4.5), (3, 0.5)]


def test_rating_makes_a_user_at_once(profiles: Profiles) -> None:
    profiles.rate(500, 40, 4.5, now=NOW)
    assert stars(profiles, 500) == {40: 4.5}
    assert profiles.user(500).source == "app"
    assert profiles.users(2) == [(500, 1), (7, 3)]
    assert (profiles.n_users, profiles.n_ratings) == (4, 7)


def test_rating_again_replaces(profiles: Profiles, small: Database) -> None:
    profiles.rate(7, 1, 5.0, now=NOW)
    assert stars(profiles, 7) == {1: 5.0, 2: 4.0, 3: 5.0}
    assert profiles.ratings(7)[0].rated_at == NOW
    assert profiles.n_ratings == 6
    stored = small.read("serving/histories")
    assert stored.filter(user_id=7, movie_id=1)["rating"].to_list() == [5.0]


def test_a_rating_taken_back_is_gone(profiles: Profiles) -> None:
    profiles.unrate(7, 2, now=NOW)
    assert stars(profiles, 7) == {1: 2.0, 3: 5.0}
    with pytest.raises(NotFound, match="no rating of this film"):
        profiles.unrate(7, 2, now=NOW)


def test_somebody_without_ratings_left_is_known_but_has_no_history(small: Database) -> None:
    profiles = Profiles(small)
    profiles.load()
    profiles.unrate(2147483647, 2, now=NOW)
    for _ in range(2):
        assert profiles.history(2147483647) is None
        assert profiles.ratings(2147483647) == []
        summary = profiles.user(2147483647)
        assert (summary.n_ratings, summary.mean_rating, summary.last_rated_at) == (0, None, None)
        profiles.load()


@pytest.mark.parametrize("rating", [0, 0.25, 5.5, -1, 4.1, float("nan"), float("inf")])
def test_stars_are_halves_up_to_five(profiles: Profiles, rating: float) -> None:
    with pytest.raises(Invalid, match=r"0\.5 to 5"):
        profiles.rate(7, 1, rating, now=NOW)
    assert stars(profiles, 7)[1] == 2.0


def test_what_is_refused_changes_nothing(profiles: Profiles, small: Database) -> None:
    with pytest.raises(NotFound, match="no movie 41"):
        profiles.rate(7, 41, 4.0, now=NOW)
    with pytest.raises(Invalid, match="user id"):
        profiles.rate(2**31, 1, 4.0, now=NOW)
    with pytest.raises(Invalid, match="request_id"):
        profiles.tell(7, 1, Event(EventType.LIKE), request_id="nonsense", now=NOW)
    with pytest.raises(Invalid, match="finite"):
        profiles.tell(7, 1, Event(EventType.CLICK, float("nan")), now=NOW)
    with pytest.raises(Invalid, match="stars"):
        profiles.tell(7, 1, Event(EventType.RATING), now=NOW)
    assert (profiles.n_users, profiles.n_ratings) == (3, 6)
    assert small.read("serving/kept", user_id=None).is_empty()


def test_a_version_changes_with_every_change_and_reload(profiles: Profiles) -> None:
    versions = []
    for change in (
        lambda: profiles.rate(7, 1, 5.0, now=NOW),
        lambda: profiles.rate(7, 1, 4.0, now=NOW),
        lambda: profiles.unrate(7, 1, now=NOW),
        profiles.load,
        profiles.load,
    ):
        history = profiles.history(7)
        assert history is not None
        versions.append(history.version)
        change()
    assert versions[0] == 0
    assert len(set(versions)) == len(versions)


def test_a_history_in_hand_never_changes(profiles: Profiles) -> None:
    before = profiles.history(7)
    assert before is not None
    copy = before.stars.copy()
    profiles.rate(7, 1, 5.0, now=NOW)
    profiles.unrate(7, 2, now=NOW)
    assert before.stars.tolist() == copy.tolist()


def test_hidden_disliked_and_watched_films_are_put_aside(profiles: Profiles) -> None:
    for movie_id, event in ((1, EventType.HIDE), (2, EventType.DISLIKE), (3, EventType.WATCHED)):
        tell(profiles, 8, movie_id, event)
    tell(profiles, 8, 40, EventType.CLICK)
    for _ in range(2):
        assert profiles.put_aside(8) == {1, 2, 3}
        profiles.load()
    assert profiles.put_aside(9) == frozenset()


def test_a_later_like_takes_back_a_dislike_but_not_that_it_was_watched(profiles: Profiles) -> None:
    for movie_id in (1, 2):
        tell(profiles, 8, movie_id, EventType.DISLIKE)
    tell(profiles, 8, 2, EventType.WATCHED)
    tell(profiles, 8, 1, EventType.WATCHLIST)
    tell(profiles, 8, 2, EventType.LIKE)
    for _ in range(2):
        assert profiles.put_aside(8) == {2}
        profiles.load()


def test_a_rating_as_feedback_is_a_rating(profiles: Profiles, small: Database) -> None:
    profiles.tell(8, 1, Event(EventType.RATING, 3.5), now=NOW)
    assert stars(profiles, 8) == {1: 3.5}


def test_a_rating_knows_the_list_that_it_was_given_in(profiles: Profiles, small: Database) -> None:
    list_id = "5f6d3a3e-9d3c-4b57-8f0e-0a4f4e0d5c11"
    profiles.rate(8, 1, 3.5, now=NOW, request_id=list_id)
    assert rows(small, "select request_id::varchar from feedback").rows() == [(list_id,)]


def test_what_was_acknowledged_is_in_the_file(file: Path) -> None:
    database = Database(file)
    profiles = Profiles(database)
    profiles.load()
    profiles.rate(8, 1, 4.5, now=NOW)
    profiles.unrate(7, 3, now=NOW)
    tell(profiles, 8, 2, EventType.HIDE)
    database.close()

    second = Database(file)
    again = Profiles(second)
    again.load()
    assert stars(again, 8) == {1: 4.5}
    assert stars(again, 7) == {1: 2.0, 2: 4.0}
    assert again.put_aside(8) == {2}
    second.close()


def test_many_people_rating_at_once_lose_nothing(file: Path) -> None:
    database = Database(file)
    profiles = Profiles(database)
    profiles.load()
    work = [(user, movie, half / 2) for half in range(1, 9) for user in (7, 8, 600) for movie in (1, 2, 40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: profiles.rate(*one, now=NOW), work))
    memory = {user: stars(profiles, user) for user in (7, 8, 600)}
    profiles.load()
    assert {user: stars(profiles, user) for user in (7, 8, 600)} == memory
    assert profiles.n_ratings == 6 + 1 + 3 + 3
    database.close()


CHANGES = st.lists(
    st.tuples(st.sampled_from([7, 8]), st.sampled_from([1, 2, 40]), st.sampled_from([None, 0.5, 3.0, 5.0])),
    max_size=12,
)


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_memory_and_database_agree_after_any_changes(small: Database, changes: list) -> None:
    profiles = Profiles(small)
    profiles.load()
    for step, (user_id, movie_id, rating) in enumerate(changes):
        now = NOW + timedelta(seconds=step)
        if rating is not None:
            profiles.rate(user_id, movie_id, rating, now=now)
        elif movie_id in {
            one.movie_id for one in (profiles.ratings(user_id) if profiles.history(user_id) else [])
        }:
            profiles.unrate(user_id, movie_id, now=now)
    memory = {user: profiles.ratings(user) for user in (7, 9, 8) if profiles.history(user)}
    n_ratings = profiles.n_ratings
    profiles.load()
    assert {user: profiles.ratings(user) for user in (7, 9, 8) if profiles.history(user)} == memory
    assert profiles.n_ratings == n_ratings
