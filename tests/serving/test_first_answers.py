"""The wall of the first visit, on two tastes: people like the even films or the odd ones."""

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movieapp.database import Database
from movieapp.models.als import ALS
from movieapp.models.bundle import Bundle
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.feedback import Event, EventType
from movieapp.serving.first_answers import Answers, FirstAnswers, Opinion, Questions
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from tests.checkerboard import SIZE, checkerboard
from tests.thorough import examples
from tests.tiny_release import UNRATED

NOW = datetime(2026, 1, 1, tzinfo=UTC)
columns = st.lists(st.integers(0, SIZE - 1), max_size=6)


@pytest.fixture(scope="module")
def questions() -> Questions:
    ratings = checkerboard()
    model = ALS(factors=2, alpha=5.0, regularization=0.1, seed=3).fit(ratings)
    liked = np.asarray(ratings.likes.getnnz(axis=0)) / SIZE
    known = np.bincount(ratings.columns, minlength=SIZE) / SIZE
    return Questions.of(model, model.embed(ratings.histories), known, liked)


def test_the_first_films_are_of_both_tastes(questions: Questions) -> None:
    chosen = questions.next(Answers(), 8)
    assert {column % 2 for column in chosen[:3]} == {0, 1}
    assert 3 <= sum(column % 2 for column in chosen) <= 5


@pytest.mark.parametrize("taste", [0, 1])
def test_who_liked_one_taste_is_asked_about_more_of_it(questions: Questions, taste: int) -> None:
    answers = Answers(liked=[taste, taste + 2], disliked=[5 - taste])
    assert all(column % 2 == taste for column in questions.next(answers, 4))


def test_who_knows_no_film_of_a_taste_is_asked_about_the_other(questions: Questions) -> None:
    answers = Answers(unknown=[0, 2, 4, 6, 8, 10])
    assert all(column % 2 == 1 for column in questions.next(answers, 4))


@settings(max_examples=examples(30))
@given(columns, columns, columns, columns, st.integers(1, SIZE + 5))
def test_no_film_is_asked_about_twice(
    questions: Questions, liked: list[int], disliked: list[int], unknown: list[int], shown: list[int], k: int
) -> None:
    answers = Answers(liked, disliked, unknown)
    chosen = questions.next(answers, k, shown=shown)
    gone = {*answers.columns, *shown}
    assert not gone & set(chosen)
    assert len(set(chosen)) == len(chosen) == min(k, SIZE - len(gone))
    assert chosen == questions.next(answers, k, shown=shown)


def test_a_film_that_nobody_liked_is_never_asked_about(questions: Questions) -> None:
    liked = np.full(SIZE, 0.5)
    liked[[3, 4]] = 0.0
    some = Questions.of(questions.embedding, np.eye(2, dtype=np.float32), np.ones(SIZE), liked)
    assert set(some.next(Answers(), SIZE)) == set(range(SIZE)) - {3, 4}


def test_before_anybody_liked_anything_there_is_nothing_to_ask(questions: Questions) -> None:
    nobody = np.empty((0, 2), np.float32)
    none = Questions.of(questions.embedding, nobody, np.zeros(SIZE), np.zeros(SIZE))
    assert none.next(Answers(), 3) == []


@pytest.fixture
def profiles(tiny_copy: Database) -> Profiles:
    profiles = Profiles(tiny_copy)
    profiles.load()
    return profiles


@pytest.fixture
def recommender(tiny_copy: Database, profiles: Profiles) -> Iterator[Recommender]:
    log = RequestLog(tiny_copy)
    recommender = Recommender(tiny_copy, profiles, log, clock=lambda: NOW)
    recommender.show(read_catalogue(tiny_copy))
    yield recommender
    log.close()


def test_answers_become_ratings_of_one_new_person_that_outlast_the_process(
    tiny_copy: Database, recommender: Recommender, profiles: Profiles
) -> None:
    wall = FirstAnswers(recommender, profiles)
    user_id, _ = wall.answer(None, 2, Opinion.LOVED, now=NOW)
    wall.answer(user_id, 4, Opinion.LIKED, now=NOW)
    _, event_id = wall.answer(user_id, 1, Opinion.NOT_FOR_ME, now=NOW)
    again = Profiles(tiny_copy)
    again.load()
    assert {one.movie_id: one.rating for one in again.ratings(user_id)} == {2: 5.0, 4: 4.0, 1: 2.0}
    profiles.undo(event_id)
    assert {one.movie_id for one in profiles.ratings(user_id)} == {2, 4}
    assert wall.answer(None, 2, Opinion.LIKED, now=NOW)[0] != user_id


def test_the_wall_follows_the_answers_and_leaves_out_what_is_hidden(
    recommender: Recommender, profiles: Profiles, tiny_bundle: Bundle
) -> None:
    recommender.swap(tiny_bundle, version="1")
    wall = FirstAnswers(recommender, profiles)
    user_id, _ = wall.answer(None, 2, Opinion.LOVED, now=NOW)
    wall.answer(user_id, 4, Opinion.LOVED, now=NOW)
    first = [film.movie_id for film in wall.films(user_id, not_known=[6, 999], shown=[8], k=4)]
    assert len(first) == 4
    assert all(movie_id % 2 == 0 and movie_id not in (2, 4, 6, 8) for movie_id in first)
    hidden = first[0]
    profiles.tell(user_id, hidden, Event(EventType.HIDE), now=NOW)
    assert hidden not in [film.movie_id for film in wall.films(user_id, k=30)]


def test_before_there_is_a_model_the_most_rated_films_are_asked_about(
    recommender: Recommender, profiles: Profiles
) -> None:
    wall = FirstAnswers(recommender, profiles)
    films = [film.movie_id for film in wall.films(k=24)]
    assert sorted(films) == list(range(1, 25))
    assert UNRATED not in films
    assert films[0] not in [film.movie_id for film in wall.films(shown=films[:1], k=30)]
