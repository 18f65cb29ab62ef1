"""Lists, from ratings to reasons, on two tastes whose right answers are known."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from movieapp.database import Database
from movieapp.errors import Conflict, Invalid, NotFound, NotReady
from movieapp.models.bundle import Bundle
from movieapp.models.rerank import ListAims
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.feedback import Event, EventType
from movieapp.serving.lists import Filters, ReasonKind, Window
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from tests.rows import rows
from tests.tiny_release import NEW, UNRATED, movie_genres

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Served:
    """A recommender over a database, with its parts at hand."""

    def __init__(self, database: Database, bundle: Bundle | None) -> None:
        self.database = database
        self.profiles = Profiles(database)
        self.profiles.load()
        self.log = RequestLog(database)
        self.recommender = Recommender(database, self.profiles, self.log, clock=lambda: NOW)
        self.recommender.show(read_catalogue(database))
        if bundle is not None:
            self.recommender.swap(bundle, version="1")


@pytest.fixture
def served(tiny_copy: Database, tiny_bundle: Bundle) -> Iterator[Served]:
    served = Served(tiny_copy, tiny_bundle)
    yield served
    served.log.close()


@pytest.fixture(scope="module")
def reader(tiny: Database, tiny_bundle: Bundle) -> Recommender:
    """A recommender that a test only reads from."""
    return Served(tiny, tiny_bundle).recommender


def ids(answer: object) -> list[int]:
    return [result.film.movie_id for result in answer.results]  # type: ignore[attr-defined]


def test_a_known_user_gets_the_withheld_film_first(reader: Recommender) -> None:
    answer = reader.recommend(6, k=3)
    assert ids(answer)[0] == 6
    assert not answer.is_fallback
    assert answer.notice is None
    assert answer.model_version == "1"
    because = [r for r in answer.results[0].reasons if r.kind is ReasonKind.BECAUSE_YOU_LIKED]
    assert because
    assert all(reason.movie_id % 2 == 0 for reason in because)  # type: ignore[operator]


def test_reasons_carry_their_exact_part_of_the_score(reader: Recommender, tiny_bundle: Bundle) -> None:
    result = reader.recommend(6, k=1).results[0]
    model = tiny_bundle.embedding
    person = tiny_bundle.people[5]
    liked = [movie for movie in range(2, 25, 2) if movie != 6]
    rows = np.array([movie - 1 for movie in liked])
    normal = np.linalg.inv(model.gram_ + (model.alpha - 1) * model.items_[rows].T @ model.items_[rows])
    assert result.score == pytest.approx(float(model.items_[5] @ person), rel=1e-4)
    for reason in result.reasons:
        if reason.kind is ReasonKind.BECAUSE_YOU_LIKED:
            part = model.alpha * model.items_[5] @ normal @ model.items_[reason.movie_id - 1]
            assert reason.share == pytest.approx(part / result.score, rel=1e-3)


def test_genre_reasons_are_the_films_and_the_persons(reader: Recommender) -> None:
    answer = reader.recommend(6, k=1)
    codes = [reason.code for reason in answer.results[0].reasons]
    assert "genre_match:comedy" in codes
    assert not any("thriller" in code for code in codes)


def test_a_stranger_gets_popular_films_and_is_told(reader: Recommender) -> None:
    answer = reader.recommend(4711, k=5)
    assert answer.is_fallback
    assert "4711" in str(answer.notice)
    assert ids(answer) == ids(reader.popular(k=5))


def test_seen_films_stay_out_unless_asked_for(reader: Recommender) -> None:
    seen = {movie for movie in range(2, 25, 2) if movie != 6} | {7}
    assert not seen & set(ids(reader.recommend(6, k=50)))
    assert seen < set(ids(reader.recommend(6, k=50, exclude_seen=False)))


def test_a_list_is_as_long_as_there_are_films_that_match(reader: Recommender) -> None:
    # 26 films, 12 of them seen by user 6; two are not in the model and come last, without a score.
    answer = reader.recommend(6, k=50)
    assert len(answer.results) == 14
    assert {result.film.movie_id for result in answer.results if result.score is None} == {NEW, UNRATED}
    assert [result.score is None for result in answer.results[-2:]] == [True, True]


genre_lists = st.lists(st.sampled_from(["Comedy", "Thriller", "Romance", "Drama"]), max_size=2)


@given(
    user_id=st.integers(1, 30), k=st.integers(1, 30), genres=genre_lists, excluded=genre_lists,
    first=st.one_of(st.none(), st.integers(1965, 2005)), last=st.one_of(st.none(), st.integers(1965, 2005)),
)  # fmt: skip
def test_filters_never_let_a_film_slip_and_never_shorten_a_list(
    reader: Recommender, user_id: int, k: int, genres: list[str], excluded: list[str],
    first: int | None, last: int | None,
) -> None:  # fmt: skip
    filters = Filters(tuple(genres), tuple(excluded), first, last)
    answer = reader.recommend(user_id, k=k, filters=filters)
    seen = set(ids(reader.recommend(user_id, k=50, exclude_seen=False))) - set(
        ids(reader.recommend(user_id, k=50))
    )
    matching = []
    for film in reader.catalogue.films:
        year_is_right = (first is None or (film.release_year or -1) >= first) and (
            last is None or (film.release_year is not None and film.release_year <= last)
        )
        genre_is_right = (not genres or set(genres) & set(film.genres)) and not set(excluded) & set(
            film.genres
        )
        if year_is_right and genre_is_right and film.movie_id not in seen:
            matching.append(film.movie_id)
    assert set(ids(answer)) <= set(matching)
    assert len(answer.results) == min(k, len(matching))
    assert len(set(ids(answer))) == len(answer.results)


def test_a_new_rating_counts_at_once(served: Served) -> None:
    before = served.recommender.recommend(6, k=3)
    for movie in range(1, 24, 2):
        served.profiles.rate(6, movie, 5.0, now=NOW)
    for movie in range(2, 25, 2):
        if movie != 6:
            served.profiles.rate(6, movie, 1.0, now=NOW)
    after = served.recommender.recommend(6, k=10)
    assert ids(before)[0] == 6
    assert not after.is_fallback
    assert not set(range(1, 24, 2)) & set(ids(after))


def test_somebody_new_becomes_known_with_a_few_ratings(served: Served) -> None:
    assert served.recommender.recommend(500).is_fallback
    for movie in (1, 3, 5):
        served.profiles.rate(500, movie, 4.5, now=NOW)
    answer = served.recommender.recommend(500, k=5)
    assert not answer.is_fallback
    assert all(movie % 2 == 1 for movie in ids(answer))


def test_taking_a_rating_back_brings_the_old_list_back(served: Served) -> None:
    before = served.recommender.recommend(6, k=5)
    served.profiles.rate(6, 5, 5.0, now=NOW)
    assert ids(served.recommender.recommend(6, k=26)) != ids(served.recommender.recommend(8, k=26))
    served.profiles.unrate(6, 5, now=NOW)
    after = served.recommender.recommend(6, k=5)
    assert ids(after) == ids(before)
    assert [r.score for r in after.results] == pytest.approx([r.score for r in before.results], rel=1e-4)


def test_somebody_who_likes_nothing_gets_popular_films_and_the_reason(served: Served) -> None:
    served.profiles.rate(500, 1, 2.0, now=NOW)
    answer = served.recommender.recommend(500, k=5)
    assert answer.is_fallback
    assert "four stars" in str(answer.notice)
    assert 1 not in ids(answer)


@pytest.mark.parametrize("event", [EventType.HIDE, EventType.WATCHED, EventType.DISLIKE])
def test_what_was_hidden_or_watched_never_comes_back(served: Served, event: EventType) -> None:
    assert 6 in ids(served.recommender.recommend(6, k=1))
    served.profiles.tell(6, 6, Event(event), now=NOW)
    assert 6 not in ids(served.recommender.recommend(6, k=50))
    assert 6 in ids(served.recommender.recommend(8, k=50, exclude_seen=False))


def test_similar_films_share_the_taste_and_name_the_seed(reader: Recommender) -> None:
    answer = reader.similar([4], k=11)
    assert all(movie % 2 == 0 and movie != 4 for movie in ids(answer))
    assert answer.results[0].reasons[0].code == "similar_to:Number 4, The (1974)"
    scores = [result.score for result in answer.results]
    assert scores == sorted(scores, reverse=True)  # type: ignore[type-var]


def test_several_seeds_average_and_their_parts_add_up(reader: Recommender) -> None:
    answer = reader.similar([4, 8, 4], k=5)
    assert not {4, 8} & set(ids(answer))
    for result in answer.results:
        shares = [reason.share for reason in result.reasons if reason.kind is ReasonKind.SIMILAR_TO]
        assert sum(shares) == pytest.approx(1.0, rel=1e-3)  # type: ignore[arg-type]


def test_two_people_with_the_same_seed_each_get_films_that_they_have_not_seen(reader: Recommender) -> None:
    alone = {user_id: ids(reader.similar([4], k=11, user_id=user_id)) for user_id in (5, 6)}
    for user_id in (6, 5):
        seen = {rating.movie_id for rating in reader._profiles.ratings(user_id)}
        assert seen.isdisjoint(ids(reader.similar([4], k=11, user_id=user_id)))
        assert seen.isdisjoint(alone[user_id])


def test_filters_hold_for_similar_films(reader: Recommender) -> None:
    answer = reader.similar([4], k=50, filters=Filters(exclude_genres=("Romance",), year_to=1980))
    assert set(ids(answer)) == {movie for movie in range(1, 11) if "Romance" not in movie_genres(movie)}


@pytest.mark.parametrize(("movie", "says"), [(31337, "not in this release"), (UNRATED, "too few ratings")])
def test_an_unknown_seed_is_refused_with_a_sentence_and_noted(served: Served, movie: int, says: str) -> None:
    with pytest.raises(NotFound, match=says):
        served.recommender.similar([4, movie])
    served.log.close()
    noted = rows(served.database, "from unknown_movies")
    assert noted["movie_id"].to_list() == [movie]


def test_popular_counts_likes_in_the_window(reader: Recommender, tiny: Database) -> None:
    for window in Window:
        answer = reader.popular(k=5, window=window)
        scores = [result.score for result in answer.results]
        assert scores == sorted(scores, reverse=True)  # type: ignore[type-var]
    everything = reader.popular(k=50)
    assert len(everything.results) == 26
    assert everything.results[0].score == 11


def test_windows_end_with_the_release_and_hold_only_what_was_liked_in_them(served: Served) -> None:
    before = {window: ids(served.recommender.popular(k=50, window=window)) for window in Window}
    served.profiles.rate(500, UNRATED, 5.0, now=NOW)
    served.recommender.show(read_catalogue(served.database))
    for window in Window:
        films = ids(served.recommender.popular(k=50, window=window))
        if window is Window.ALL:
            assert UNRATED in films
        else:
            assert films == before[window]
    assert len(before[Window.DAY]) < len(before[Window.WEEK]) < len(before[Window.ALL])


def test_a_film_that_nobody_likes_is_not_known(served: Served, tiny_bundle: Bundle) -> None:
    unliked = tiny_bundle.popularity.copy()
    unliked[[5, 7]] = 0
    served.recommender.swap(replace(tiny_bundle, popularity=unliked), version="2")
    answer = served.recommender.recommend(6, k=50)
    assert [result.score for result in answer.results if result.film.movie_id == 6] == [None]
    assert 8 not in ids(served.recommender.similar([4], k=50))
    with pytest.raises(NotFound, match="too few"):
        served.recommender.similar([8])


def test_a_bundle_of_other_films_is_refused(served: Served, tiny_bundle: Bundle) -> None:
    with pytest.raises(Conflict, match="another release"):
        served.recommender.swap(replace(tiny_bundle, movie_ids=tiny_bundle.movie_ids + 1000), version="2")


def test_ranks_the_very_candidates_and_lists_unknown_ones_apart(reader: Recommender) -> None:
    titles = ["Number 6, The (1976)", "the number 9", "Nobody's Film", "Casablanca (1942)", "the number 9"]
    answer = reader.rank(6, titles=titles)
    assert ids(answer) == [6, 9, UNRATED]
    assert answer.unknown_candidates == ("Casablanca (1942)",)
    assert ids(reader.rank(6, movie_ids=[9, 6], k=1)) == [6]
    assert ids(reader.rank(6, k=4)) == ids(reader.recommend(6, k=4))
    assert reader.rank(4711, movie_ids=[9, 6]).is_fallback


def test_ranking_keeps_candidates_that_the_user_has_seen(reader: Recommender) -> None:
    assert set(ids(reader.rank(6, movie_ids=[8, 9]))) == {8, 9}


def test_details_count_the_ratings(reader: Recommender) -> None:
    details = reader.details(4)
    assert details.film.name == "The Number 4"
    assert (details.imdb_id, details.tmdb_id) == (104, 204)
    assert details.statistics.n_ratings == sum(details.statistics.histogram) == 12
    assert details.statistics.histogram[9] == 11
    assert details.statistics.histogram[3] == 1
    assert details.statistics.mean == pytest.approx((11 * 5 + 2) / 12)
    assert reader.details(UNRATED).statistics.mean is None
    with pytest.raises(NotFound):
        reader.details(31337)


def test_an_unknown_genre_is_refused(reader: Recommender) -> None:
    with pytest.raises(Invalid, match="Western"):
        reader.recommend(6, filters=Filters(genres=("Western",)))


def test_without_a_model_popular_films_are_served_and_the_rest_says_so(tiny: Database) -> None:
    served = Served(tiny, None)
    assert ids(served.recommender.popular(k=3))
    answer = served.recommender.recommend(6, k=3)
    assert answer.is_fallback
    assert not {8, 10} & set(ids(answer))
    with pytest.raises(NotReady, match="no trained model"):
        served.recommender.similar([4])


def test_without_films_everything_says_so() -> None:
    database = Database()
    recommender = Recommender(database, Profiles(database), RequestLog(database), clock=lambda: NOW)
    with pytest.raises(NotReady):
        recommender.popular()
    assert recommender.live is None


def test_every_answer_is_logged(served: Served) -> None:
    answers = [
        served.recommender.recommend(6, k=2, filters=Filters(genres=("Comedy",))),
        served.recommender.similar([4], k=2),
        served.recommender.popular(k=2),
        served.recommender.rank(6, titles=["the number 9"]),
    ]
    served.log.close()
    logged = rows(served.database, "select * replace (request_id::varchar as request_id) from requests")
    by_id = {row["request_id"]: row for row in logged.iter_rows(named=True)}
    for answer, endpoint in zip(answers, ("recommend", "similar", "popular", "rank"), strict=True):
        row = by_id.pop(answer.request_id)
        assert row["endpoint"] == endpoint
        assert row["recommendations"] == ids(answer)
        assert row["status"] == 200
        if endpoint == "recommend":
            assert json.loads(row["asked"]) == {"k": 2, "exclude_seen": True, "genres": ["Comedy"]}
    assert not by_id


def test_aims_order_the_list_and_are_logged(served: Served, tiny_bundle: Bundle) -> None:
    known = np.linspace(1, 500, len(tiny_bundle.movie_ids), dtype=np.float32)
    served.recommender.swap(replace(tiny_bundle, popularity=known[::-1].copy()), version="2")
    plain = served.recommender.recommend(5, k=6)
    niche = served.recommender.recommend(5, k=6, aims=ListAims(popularity=-1.0))
    assert ids(plain) != ids(niche)
    assert np.mean(ids(niche)) > np.mean(ids(plain))  # here, films with higher ids are less popular
    assert ids(served.recommender.recommend(5, k=6)) == ids(plain)
    served.log.close()
    logged = rows(served.database, "select request_id::varchar as request_id, asked from requests")
    asked = {row["request_id"]: json.loads(row["asked"]) for row in logged.iter_rows(named=True)}
    assert asked[niche.request_id]["aims"]["popularity"] == -1.0
    assert "aims" not in asked[plain.request_id]


def test_working_ahead_changes_no_answer(served: Served, reader: Recommender) -> None:
    served.recommender.work_ahead(is_wanted=lambda: True)
    for user_id in (3, 6):
        assert served.recommender.recommend(user_id).results == reader.recommend(user_id).results
    assert served.recommender.similar([4]).results == reader.similar([4]).results
    served.profiles.rate(6, 4, 5.0, now=NOW)
    assert 4 not in ids(served.recommender.recommend(6))


def test_working_ahead_ends_when_it_is_wanted_no_more(served: Served, tiny_bundle: Bundle) -> None:
    asked: list[bool] = []

    def until_another_version() -> bool:
        if len(asked) == 5:
            served.recommender.swap(tiny_bundle, version="2")
        asked.append(True)
        return True

    served.recommender.work_ahead(is_wanted=until_another_version)
    assert len(asked) == 6
    asked.clear()
    served.recommender.work_ahead(is_wanted=lambda: bool(asked.append(True)))
    assert len(asked) == 2
