"""What people tell, in any order: the rules hold, nothing unwanted is listed, and all can be undone."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movieapp.database import Database
from movieapp.errors import Conflict, Invalid, NotFound
from movieapp.models.bundle import Bundle
from movieapp.preparation.interactions import read_ratings
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.feedback import Event, EventType
from movieapp.serving.kept import Kept
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from tests.databases import copy_of, tiny_release
from tests.rows import rows
from tests.thorough import examples

NOW = datetime(2026, 1, 2, 3, 4, 5, 250_000, tzinfo=UTC)
DAYS = (None, date(2025, 12, 24), date(2026, 1, 1))
ANA = 5001


@dataclass
class Served:
    """Everything that serves, over one database."""

    database: Database
    profiles: Profiles
    recommender: Recommender
    log: RequestLog

    def listed(self, user_id: int) -> set[int]:
        """Return every film in any list of this person."""
        answers = (
            self.recommender.recommend(user_id, k=500),
            self.recommender.recommend(user_id, k=3),
            self.recommender.similar([2], k=500, user_id=user_id),
            self.recommender.popular(k=500, user_id=user_id),
        )
        return {result.film.movie_id for answer in answers for result in answer.results}


@pytest.fixture(scope="module")
def served(tiny_bundle: Bundle) -> Iterator[Served]:
    database = copy_of(tiny_release)
    profiles = Profiles(database)
    profiles.load()
    log = RequestLog(database)
    recommender = Recommender(database, profiles, log, clock=lambda: NOW)
    recommender.show(read_catalogue(database))
    recommender.swap(tiny_bundle, version="1")
    yield Served(database, profiles, recommender, log)
    log.close()
    database.close()


@dataclass
class Film:
    """The rules in plain words: what somebody told of one film."""

    stars: tuple[float, datetime] | None = None
    opinion: tuple[str, datetime] | None = None
    days: dict[date | None, datetime] = field(default_factory=dict)
    listed: datetime | None = None
    note: tuple[str, datetime] | None = None
    unlearned: datetime | None = None

    def told(self, event: Event, now: datetime) -> bool:
        """Change as the event has it; False if there is nothing to take back."""
        kind, day = str(event.event_type), event.watched_on
        if kind == "rating":
            self.stars, self.listed = (event.value or 0, now), None
        elif kind in ("like", "dislike", "hide"):
            if self.opinion is None or self.opinion[0] != kind:
                self.opinion = (kind, now)
            self.listed = self.listed if kind == "like" else None
        elif kind == "watched":
            self.listed = None
            if day is not None:
                self.days.pop(None, None)
            if day is not None or not self.days:
                self.days.setdefault(day, now)
        elif kind == "watchlist":
            self.listed = self.listed or now
            self.opinion = self.opinion if self.opinion and self.opinion[0] == "like" else None
        elif kind == "note":
            if self.note is None or self.note[0] != event.note:
                self.note = (event.note or "", now)
        elif kind == "unlearned":
            self.unlearned = self.unlearned or now
        elif kind == "watched_removed":
            gone = [each for each in self.days if day in (None, each)]
            for each in gone:
                del self.days[each]
            return bool(gone)
        elif kind.endswith("_removed"):
            name = {"rating": "stars", "watchlist": "listed"}.get(kind[:-8], kind[:-8])
            was = getattr(self, name)
            setattr(self, name, None)
            return was is not None
        return True

    @property
    def is_aside(self) -> bool:
        unwanted = self.opinion is not None and self.opinion[0] != "like"
        return bool(self.stars or self.days or unwanted or self.unlearned)


def seen_as(profiles: Profiles, user_id: int, movie_id: int) -> Film:
    """Return what the app knows of a film, in the model's words."""
    kept, history = profiles.kept_of(user_id, movie_id), profiles.history(user_id)
    stars = None if history is None else history.stars_of(movie_id)
    rated_at = {one.movie_id: one.rated_at for one in profiles.ratings(user_id)}
    return Film(
        None if stars is None else (stars, rated_at[movie_id]),
        None if kept.opinion is None else (str(kept.opinion.kind), kept.opinion.since),
        {one.watched_on: one.added_at for one in kept.watches},
        kept.listed_at,
        None if kept.note is None else (kept.note.text, kept.note.noted_at),
        kept.unlearned_at,
    )


def whole_seconds(film: Film) -> Film:
    """Histories know instants to the second."""
    film = deepcopy(film)
    if film.stars is not None:
        film.stars = (film.stars[0], film.stars[1].replace(microsecond=0))
    return film


EVENTS = st.one_of(
    st.builds(Event, st.sampled_from([kind for kind in EventType if kind not in ("rating", "note")])),
    st.builds(Event, st.just(EventType.RATING), st.sampled_from([0.5, 4.0, 5.0])),
    st.builds(
        Event,
        st.sampled_from([EventType.WATCHED, EventType.WATCHED_REMOVED]),
        watched_on=st.sampled_from(DAYS),
    ),
    st.builds(Event, st.just(EventType.NOTE), note=st.sampled_from(["Good.", "Bad.\n"])),
)
STEPS = st.lists(
    st.one_of(st.tuples(st.sampled_from([2, 4, 6]), EVENTS), st.integers(0, 20)), min_size=1, max_size=20
)


@settings(max_examples=examples(25))
@given(steps=STEPS)
def test_whatever_is_told_in_any_order_the_rules_hold(served: Served, steps: list[Any]) -> None:
    profiles = served.profiles
    user_id = profiles.new_id()
    profiles.rate(user_id, 8, 5.0, now=NOW)
    profiles.rate(user_id, 10, 5.0, now=NOW)
    films = {2: Film(), 4: Film(), 6: Film(), 8: Film(stars=(5.0, NOW)), 10: Film(stars=(5.0, NOW))}
    events: list[tuple[str, int, Film, Film]] = []
    for n, step in enumerate(steps, start=1):
        now = NOW + n * timedelta(seconds=1.37)
        if isinstance(step, int):
            if step < len(events):
                event_id, movie_id, before, after = events[step]
                if films[movie_id] == after:
                    profiles.undo(event_id)
                    films[movie_id] = deepcopy(before)
                    del events[step]
                else:
                    with pytest.raises(Conflict, match="since then"):
                        profiles.undo(event_id)
        else:
            movie_id, event = step
            before = deepcopy(films[movie_id])
            if films[movie_id].told(event, now):
                event_id = profiles.tell(user_id, movie_id, event, now=now)
                events.append((event_id, movie_id, before, deepcopy(films[movie_id])))
            else:
                with pytest.raises(NotFound):
                    profiles.tell(user_id, movie_id, event, now=now)
        out = {movie_id for movie_id, film in films.items() if film.is_aside}
        assert not out & served.listed(user_id)
        assert {2, 4, 6} - out <= served.listed(user_id) | {2}  # a seed is not like itself
    again = Profiles(served.database)
    again.load()
    for known in (profiles, again):
        assert {movie_id: seen_as(known, user_id, movie_id) for movie_id in films} == {
            movie_id: whole_seconds(film) for movie_id, film in films.items()
        }
    assert again.kept(user_id) == profiles.kept(user_id)
    assert again.put_aside(user_id) == profiles.put_aside(user_id)
    assert (again.n_users, again.n_ratings) == (profiles.n_users, profiles.n_ratings)
    count = f"from feedback select count(*) where user_id = {user_id}"
    assert rows(served.database, count).item() == len(events) + 2


def stored(database: Database, user_id: int) -> dict[str, list[tuple]]:
    tables = ("ratings", "opinions", "watches", "watchlist", "notes", "unlearned", "feedback")
    return {
        table: rows(database, f"from {table} where user_id = {user_id} order by all").rows()
        for table in tables
    }


@pytest.mark.parametrize("user_id", [6, ANA])
def test_undoing_restores_every_row_as_it_was(served: Served, user_id: int) -> None:
    profiles = served.profiles
    for n, event in enumerate(SOME):
        profiles.tell(user_id, 4, event, now=NOW + timedelta(seconds=n))
    before, listed = stored(served.database, user_id), served.listed(user_id)
    for event in (*SOME, *(Event(kind) for kind in EventType if kind.endswith("_removed"))):
        event_id = profiles.tell(user_id, 4, event, now=NOW + timedelta(days=1))
        assert stored(served.database, user_id) != before
        change = profiles.undo(event_id)
        assert (change.user_id, change.movie_id) == (user_id, 4)
        assert stored(served.database, user_id) == before
        assert served.listed(user_id) == listed
        with pytest.raises(NotFound, match="no event"):
            profiles.undo(event_id)


SOME = (
    Event(EventType.RATING, 3.5),
    Event(EventType.WATCHED, watched_on=date(2025, 1, 1)),
    Event(EventType.LIKE),
    Event(EventType.WATCHLIST),
    Event(EventType.NOTE, note='"½", she said'),
    Event(EventType.UNLEARNED),
)


def test_undoing_a_changed_rating_of_the_release_leaves_it_the_releases(served: Served) -> None:
    before = stored(served.database, 8)["ratings"]
    event_id = served.profiles.rate(8, 2, 0.5, now=NOW)
    assert stored(served.database, 8)["ratings"] != before
    served.profiles.undo(event_id)
    assert stored(served.database, 8)["ratings"] == before


def test_an_unlearned_film_is_seen_but_no_taste(served: Served) -> None:
    profiles, recommender = served.profiles, served.recommender
    user_id = profiles.new_id()
    for movie_id in (2, 4, 6, 8):
        profiles.rate(user_id, movie_id, 5.0, now=NOW)
    without = recommender.recommend(user_id, k=5).results
    profiles.rate(user_id, 3, 5.0, now=NOW)
    with_it = recommender.recommend(user_id, k=5).results
    event_id = profiles.tell(user_id, 3, Event(EventType.UNLEARNED), now=NOW)
    after = recommender.recommend(user_id, k=5).results
    assert after == without != with_it
    assert profiles.history(user_id).stars_of(3) == 5.0  # type: ignore[union-attr]
    assert 3 not in {result.film.movie_id for result in recommender.recommend(user_id, k=500).results}
    first = after[0].film.movie_id
    assert 3 not in {one.film.movie_id for one in recommender.explain(user_id, first).carrying}
    learned = read_ratings(served.database).filter(user_id=user_id)
    assert sorted(learned["movie_id"]) == [2, 4, 6, 8]
    profiles.undo(event_id)
    assert recommender.recommend(user_id, k=5).results == with_it
    assert len(read_ratings(served.database).filter(user_id=user_id)) == 5


def test_with_nothing_left_to_learn_from_films_are_popular_ones(served: Served) -> None:
    user_id = served.profiles.new_id()
    served.profiles.rate(user_id, 2, 5.0, now=NOW)
    served.profiles.tell(user_id, 2, Event(EventType.UNLEARNED), now=NOW)
    answer = served.recommender.recommend(user_id)
    assert answer.is_fallback
    assert "four stars" in str(answer.notice)
    assert served.recommender.expected(user_id, [4]) == [None]
    assert served.recommender.rank(user_id, movie_ids=[2]).results[0].film.movie_id == 2
    with pytest.raises(NotFound, match="no personal place"):
        served.recommender.explain(user_id, 4)


def test_a_day_counts_once_and_the_first_viewing_is_no_rewatch(served: Served) -> None:
    user_id = served.profiles.new_id()
    for day in (None, DAYS[2], DAYS[1], DAYS[2]):
        served.profiles.tell(user_id, 2, Event(EventType.WATCHED, watched_on=day), now=NOW)
    watches = served.profiles.kept_of(user_id, 2).watches
    assert [(one.watched_on, one.nth, one.is_rewatch) for one in watches] == [
        (DAYS[1], 1, True),
        (DAYS[2], 1, False),
    ]
    served.profiles.tell(user_id, 2, Event(EventType.WATCHED, watched_on=DAYS[1], is_rewatch=False), now=NOW)
    assert not served.profiles.kept_of(user_id, 2).watches[0].is_rewatch


def test_a_click_changes_nothing_and_makes_nobody(served: Served) -> None:
    user_id = served.profiles.new_id()
    event_id = served.profiles.tell(user_id, 2, Event(EventType.CLICK), now=NOW)
    assert served.profiles.kept_of(user_id, 2) == Kept()
    with pytest.raises(NotFound):
        served.profiles.ratings(user_id)
    served.profiles.undo(event_id)
    assert stored(served.database, user_id)["feedback"] == []
    assert not served.profiles.is_known(user_id)
    with pytest.raises(NotFound):
        served.profiles.user(user_id)


def test_whoever_is_deleted_leaves_no_request_to_be_logged_later_and_nobody_gets_their_id(
    served: Served,
) -> None:
    ana = served.profiles.make("Ana", now=NOW).user_id
    served.recommender.recommend(ana)
    served.profiles.delete(ana)
    served.log.flush()
    assert rows(served.database, f"from requests where user_id = {ana}").is_empty()
    again = Profiles(served.database)
    again.load()
    assert again.make("Bob", now=NOW).user_id == ana + 1
    # Somebody who says that they are the deleted one is a person again.
    again.rate(ana, 2, 5.0, now=NOW)
    served.recommender.recommend(ana)
    served.log.flush()
    assert rows(served.database, f"from requests where user_id = {ana}").height == 1


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (Event(EventType.NOTE), "needs its text"),
        (Event(EventType.NOTE, note=" \n"), "needs its text"),
        (Event(EventType.NOTE, note="a" * 10_001), "at most 10,000"),
        (Event(EventType.LIKE, note="a"), "event type note"),
        (Event(EventType.LIKE, watched_on=DAYS[1]), "event type watched"),
        (Event(EventType.WATCHED, watched_on=date(2026, 1, 4)), "today"),
        (Event(EventType.WATCHED, watched_on=date(1899, 1, 4)), "1900"),
    ],
)
def test_what_makes_no_sense_is_refused(served: Served, event: Event, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        served.profiles.tell(ANA, 2, event, now=NOW)
