"""Lists worked out at the training are the lists that would be worked out now, and never stale."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from movieapp.database import Database
from movieapp.models.bundle import Bundle
from movieapp.models.heads import Heads
from movieapp.preparation.interactions import Interactions, read_ratings
from movieapp.preparation.split import filtered
from movieapp.serving import live
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.feedback import Event, EventType
from movieapp.serving.lists import Answer, Filters
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from tests.tiny_release import NEW

NOW = datetime(2026, 1, 1, tzinfo=UTC)
N = 6


@pytest.fixture(scope="module")
def with_heads(tiny: Database, tiny_bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A bundle that was saved with everybody's first films, and loaded again."""
    kept = Interactions.of(filtered(read_ratings(tiny)))
    made = Bundle.of(tiny_bundle.model, tiny_bundle.embedding, kept, facts=tiny_bundle.facts, n_heads=N)
    folder: Path = tmp_path_factory.mktemp("bundles") / "one"
    made.save(folder)
    return Bundle.load(folder)


def serving(database: Database, bundle: Bundle) -> tuple[Recommender, Profiles, RequestLog]:
    profiles = Profiles(database)
    profiles.load()
    log = RequestLog(database)
    recommender = Recommender(database, profiles, log, clock=lambda: NOW)
    recommender.show(read_catalogue(database))
    recommender.swap(bundle, version="1")
    return recommender, profiles, log


@pytest.fixture
def changing(tiny_copy: Database, with_heads: Bundle) -> Iterator[tuple[Recommender, Profiles]]:
    recommender, profiles, log = serving(tiny_copy, with_heads)
    yield recommender, profiles
    log.close()


def without_shares(answer: Answer) -> list[tuple[int, tuple[str, ...]]]:
    return [
        (result.film.movie_id, tuple(reason.code for reason in result.reasons)) for result in answer.results
    ]


@pytest.mark.parametrize("filters", [Filters(), Filters(genres=("Drama",)), Filters(year_from=1990)])
def test_kept_lists_are_what_would_be_worked_out_now(
    tiny: Database, tiny_bundle: Bundle, with_heads: Bundle, filters: Filters
) -> None:
    kept, _, _ = serving(tiny, with_heads)
    fresh, _, _ = serving(tiny, tiny_bundle)
    for user_id in with_heads.user_ids.tolist()[:10]:
        ours = kept.recommend(user_id, k=N, filters=filters)
        theirs = fresh.recommend(user_id, k=N, filters=filters)
        assert without_shares(ours) == without_shares(theirs)
        np.testing.assert_allclose(
            [result.score or 0 for result in ours.results],
            [result.score or 0 for result in theirs.results],
            rtol=1e-4,
        )


def test_kept_lists_are_used_while_the_history_is_the_same(tiny: Database, with_heads: Bundle) -> None:
    # Only a kept list can show what the model itself would never put there.
    turned = np.where(with_heads.heads.columns >= 0, with_heads.heads.scores - 100, 0).astype(np.float32)
    marked = replace(with_heads, heads=replace(with_heads.heads, scores=turned))
    recommender, _, _ = serving(tiny, marked)
    user_id = int(with_heads.user_ids[0])
    assert all(
        result.score is not None and result.score < -50
        for result in recommender.recommend(user_id, k=3).results
    )
    with_seen = recommender.recommend(user_id, k=3, exclude_seen=False)
    assert all(result.score is not None and result.score > -50 for result in with_seen.results)


def test_a_changed_history_is_never_answered_with_the_kept_list(
    changing: tuple[Recommender, Profiles], with_heads: Bundle
) -> None:
    recommender, profiles = changing
    user_id = int(with_heads.user_ids[0])
    before = recommender.recommend(user_id, k=3)
    rated = before.results[0].film.movie_id
    profiles.rate(user_id, rated, 1.0, now=NOW)
    after = recommender.recommend(user_id, k=3)
    assert rated not in [result.film.movie_id for result in after.results]
    profiles.unrate(user_id, rated, now=NOW)
    assert without_shares(recommender.recommend(user_id, k=3)) == without_shares(before)


def test_a_list_without_an_unlearned_film_is_worked_out_anew(
    changing: tuple[Recommender, Profiles], with_heads: Bundle
) -> None:
    recommender, profiles = changing
    user_id = int(with_heads.user_ids[0])
    before = recommender.recommend(user_id, k=3)
    because = {reason.movie_id for result in before.results for reason in result.reasons if reason.movie_id}
    for movie_id in because:
        profiles.tell(user_id, movie_id, Event(EventType.UNLEARNED), now=NOW)
    after = recommender.recommend(user_id, k=3)
    assert because
    assert not because & {reason.movie_id for result in after.results for reason in result.reasons}
    assert [result.score for result in after.results] != [result.score for result in before.results]


def test_somebody_new_has_no_kept_list(changing: tuple[Recommender, Profiles]) -> None:
    recommender, profiles = changing
    profiles.rate(NEW, 2, 5.0, now=NOW)
    assert not recommender.recommend(NEW, k=3).is_fallback


def test_nobody_has_a_head_in_an_empty_one() -> None:
    assert len(Heads.none()) == 0


def test_what_is_at_hand_needs_no_scores(changing: tuple[Recommender, Profiles]) -> None:
    recommender, profiles = changing
    assert recommender.is_at_hand(6, k=N)
    assert recommender.is_at_hand(4_711, k=N)  # a stranger gets popular films
    assert not recommender.is_at_hand(6, k=N + 1)
    assert not recommender.is_at_hand(6, k=N, exclude_seen=False)
    assert not recommender.is_at_hand(6, k=N, filters=Filters(genres=("Drama",)))
    profiles.rate(6, 6, 5.0, now=NOW)
    assert not recommender.is_at_hand(6, k=N)
    recommender.recommend(6, k=N, filters=Filters(genres=("Drama",)))
    assert recommender.is_at_hand(6, k=N)
    assert recommender.is_at_hand(6, k=N, filters=Filters(year_from=1990))
    profiles.rate(6, 6, 4.5, now=NOW)
    assert not recommender.is_at_hand(6, k=N)


def test_scores_of_a_moment_ago_are_those_of_now(changing: tuple[Recommender, Profiles]) -> None:
    recommender, profiles = changing
    profiles.rate(6, 6, 5.0, now=NOW)
    first = recommender.recommend(6, k=N, exclude_seen=False)
    again = recommender.recommend(6, k=N, exclude_seen=False, filters=Filters(year_from=1))
    assert [result.score for result in again.results] == [result.score for result in first.results]
    profiles.rate(6, 6, 1.0, now=NOW)
    changed = recommender.recommend(6, k=N, exclude_seen=False)
    assert [result.score for result in changed.results] != [result.score for result in first.results]


@pytest.mark.parametrize("movie_id", [6, 2])
def test_what_a_rating_makes_of_the_scores_can_be_worked_out_before_it_is_kept(
    changing: tuple[Recommender, Profiles], movie_id: int
) -> None:
    recommender, profiles = changing
    profiles.tell(6, 4, Event(EventType.UNLEARNED), now=NOW)
    recommender.score_ahead(6, rated=(movie_id, 4.5, NOW))
    before = profiles.history(6)
    assert before is not None
    assert before.stars_of(movie_id) != 4.5
    profiles.rate(6, movie_id, 4.5, now=NOW)
    assert recommender.is_at_hand(6, k=N)


def test_another_rating_than_the_one_foreseen_is_scored_anew(
    changing: tuple[Recommender, Profiles],
) -> None:
    recommender, profiles = changing
    recommender.score_ahead(6, rated=(6, 4.5, NOW))
    profiles.rate(6, 6, 1.0, now=NOW)
    assert not recommender.is_at_hand(6, k=N)
    recommender.score_ahead(6)
    assert recommender.is_at_hand(6, k=N)


def test_the_stars_beside_a_list_are_those_expected_of_each_film(tiny_copy: Database, starry: Bundle) -> None:
    recommender, profiles, log = serving(tiny_copy, starry)
    live = recommender.state.live
    assert live is not None
    assert starry.stars is not None
    for rating in (None, 1.0):
        if rating is not None:
            profiles.rate(6, 2, rating, now=NOW)
        results = recommender.recommend(6, k=4).results
        movie_ids = [result.film.movie_id for result in results]
        history = profiles.history(6)
        assert history is not None
        columns = np.searchsorted(starry.movie_ids, movie_ids)
        stars, spreads = starry.stars.predict(live.histories(6, history), columns)
        assert len(set(stars[0].tolist())) == len(movie_ids) > 1
        alone = list(zip(stars[0].tolist(), spreads[0].tolist(), strict=True))
        assert [result.expected for result in results] == alone
        assert recommender.expected(6, movie_ids) == alone
    log.close()


def test_what_may_be_rated_does_not_drive_out_what_was(
    changing: tuple[Recommender, Profiles], monkeypatch: pytest.MonkeyPatch, with_heads: Bundle
) -> None:
    recommender, profiles = changing
    monkeypatch.setattr(live, "KEPT_SCORES", 3)
    recommender.swap(with_heads, version="2")
    recommender.score_ahead(6)
    for half in range(1, 11):
        recommender.score_ahead(6, rated=(6, half / 2, NOW))
        assert recommender.has_scored(6)
    profiles.rate(6, 6, 5, now=NOW)
    assert recommender.has_scored(6)
    profiles.rate(6, 6, 1, now=NOW)
    assert not recommender.has_scored(6)
