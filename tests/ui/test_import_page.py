"""Import and export: a file is looked at, chosen from and taken in, on the tiny release."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nicegui.testing import User

from movieapp.database import Database
from movieapp.models.rerank import ListAims
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.feedback import Event, EventType
from movieapp.serving.imports import Imports, Waiting
from movieapp.serving.lists import Filters
from movieapp.serving.presets import Presets, Setting
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.serving.status import Status
from movieapp.sources.exports.own import profile_csv
from movieapp.sources.exports.preview import Candidate, Doubtful
from movieapp.sources.exports.rows import Kind, Row
from movieapp.ui.import_news import done, first_choices, news
from movieapp.ui.services import Services
from tests.databases import copy_of, tiny_release
from tests.thorough import examples

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PERSON = 500
# The first two are certain; of the third the year is wrong, and nobody knows the fourth.
RATINGS = """\ufeffDate,Name,Year,Letterboxd URI,Rating
2024-01-05,"The Number 1",1971,u,5
2024-01-06,The Number 2,1972,u,4.5
2024-01-07,The Number 4,1984,u,5
2024-01-08,"Nowhere, ""The"" Man",1999,u,1
"""


@pytest.fixture
def database() -> Iterator[Database]:
    """The tiny release, ingested for one test."""
    database = copy_of(tiny_release)
    yield database
    database.close()


@pytest.fixture
def services(database: Database) -> Iterator[Services]:
    """The serving functions themselves; no version is live."""
    profiles = Profiles(database)
    profiles.load()
    log = RequestLog(database)
    recommender = Recommender(database, profiles, log, clock=lambda: NOW)
    recommender.show(read_catalogue(database))
    status = Status(started_at=NOW)
    status.ready()
    imports = Imports(database, profiles)
    yield Services(recommender, profiles, status, database, clock=lambda: NOW, imports=imports)
    log.close()


def look(services: Services, text: str = RATINGS, name: str = "ratings.csv") -> Waiting:
    """Send a file as the browser's script does."""
    assert services.imports is not None
    return services.imports.look(name, text.encode())


async def show(user: User, waiting: Waiting, *, person: int | str = PERSON) -> None:
    """Open the page and let it know of a file that was sent."""
    await user.open(f"/import?user={person}")
    await user.should_see(marker="drop", retries=20)
    user.find(marker="drop").trigger("looked", {"import_id": waiting.import_id})
    await user.should_see("Letterboxd: ratings.csv" if waiting.name == "ratings.csv" else waiting.name)


async def test_a_file_is_shown_before_anything_is_changed(user: User, services: Services) -> None:
    await show(user, look(services))
    await user.should_see("2 films found for certain")
    await user.should_see("The Number 4 (1984)")
    await user.should_see("1 film not in the data set, left out")
    await user.should_see("New: 3 ratings.")
    assert services.profiles.history(PERSON) is None


async def test_taking_a_file_in_says_what_was_added_and_a_second_time_that_nothing_is_new(
    user: User, services: Services
) -> None:
    await show(user, look(services))
    user.find(marker="take-in").click()
    await user.should_see("Added 3 ratings.", retries=20)
    await user.should_see("See the list")
    rated = {row.movie_id: row.rating for row in services.profiles.ratings(PERSON)}
    assert rated == {1: 5.0, 2: 4.5, 4: 5.0}
    await show(user, look(services))
    await user.should_see("Nothing in it is new.")
    user.find(marker="take-in").click()
    await user.should_see("See the list", retries=20)
    await user.should_see("Nothing in it is new.")


async def test_none_of_the_films_can_be_chosen(user: User, services: Services) -> None:
    await show(user, look(services))
    user.find(marker="doubtful-0").trigger("change", "none")
    await user.should_see("New: 2 ratings.")
    user.find(marker="take-in").click()
    await user.should_see("Added 2 ratings.", retries=20)


async def test_the_file_is_only_right_when_that_is_said(user: User, services: Services) -> None:
    services.profiles.tell(PERSON, 1, Event(EventType.RATING, 1.0), now=NOW)
    waiting = look(services)
    await show(user, waiting)
    await user.should_see("New: 2 ratings. Of 1 other, the file says something else: what is kept stays")
    user.find(marker="take-in").click()
    await user.should_see("Added 2 ratings. 1 rating differs from the file’s and stayed.", retries=20)
    await show(user, waiting)
    user.find(marker="overwrite").click()
    await user.should_see("what is kept is replaced.")
    user.find(marker="take-in").click()
    await user.should_see("Replaced 1 rating.", retries=20)


async def test_a_profile_goes_out_and_comes_back_with_its_name(user: User, services: Services) -> None:
    ana = services.profiles.make("Ana", color="#047857", now=NOW)
    services.profiles.tell(ana.user_id, 1, Event(EventType.RATING, 4.5), now=NOW)
    rainy = Setting(Filters(("Drama",), year_to=1959), ListAims(popularity=-0.5), exclude_seen=False)
    presets = Presets(services.database, services.profiles)
    presets.put(ana.user_id, "Rainy days", rainy, now=NOW)
    text = profile_csv(services.database, ana.user_id)
    services.profiles.delete(ana.user_id)
    await show(user, look(services, text, "ana.csv"), person="")
    (name,) = user.find(marker="new-name").elements
    assert name.value == "Ana"  # type: ignore[attr-defined]
    await user.should_see("The file has 1 preset; each stays out where there is one of its name.")
    user.find(marker="take-in").click()
    await user.should_see("Added 1 rating and 1 preset.", retries=20)
    (made,) = services.profiles.named()
    assert (made.name, made.color) == ("Ana", "#047857")
    assert [(one.name, one.setting) for one in presets.of(made.user_id)] == [("Rainy days", rainy)]
    assert [row.rating for row in services.profiles.ratings(made.user_id)] == [4.5]


async def test_a_refusal_is_shown_as_it_came(user: User) -> None:
    await user.open(f"/import?user={PERSON}")
    await user.should_see(marker="drop", retries=20)
    user.find(marker="drop").trigger("looked", {"problem": "ratings.csv, row 3: the rating is no number."})
    await user.should_see("ratings.csv, row 3: the rating is no number.")
    await user.should_see(marker="drop")


async def test_what_waited_too_long_is_asked_for_again(user: User) -> None:
    await user.open(f"/import?user={PERSON}")
    await user.should_see(marker="drop", retries=20)
    user.find(marker="drop").trigger("looked", {"import_id": "gone"})
    await user.should_see("Send the file again.")


async def test_only_who_keeps_something_can_export_it(user: User, services: Services) -> None:
    await user.open(f"/import?user={PERSON}")
    await user.should_see("so there is nothing to export", retries=20)
    services.profiles.tell(PERSON, 1, Event(EventType.WATCHLIST), now=NOW)
    await user.open(f"/import?user={PERSON}")
    await user.should_see(f"Export user {PERSON} as CSV", retries=20)


def test_of_two_films_of_a_file_the_one_that_is_only_called_alike_is_left_out(services: Services) -> None:
    found = look(services, RATINGS + "2024-01-09,The Numbr 2,1972,u,2\n").preview
    titles = [film.rows[0].title for film in found.doubtful]
    assert first_choices(found.matched, found.doubtful)[titles.index("The Numbr 2")] is None


KINDS = [
    Event(EventType.RATING, 4.0),
    Event(EventType.LIKE),
    Event(EventType.HIDE),
    Event(EventType.WATCHLIST),
    Event(EventType.WATCHED),
    Event(EventType.WATCHED, watched_on=date(2024, 5, 4)),
    Event(EventType.NOTE, note="Seen."),
    Event(EventType.UNLEARNED),
]
told = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(KINDS)), max_size=12)


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(theirs=told.filter(bool), mine=told)
def test_what_is_promised_is_what_is_added(
    services: Services, theirs: list[tuple[int, Event]], mine: list[tuple[int, Event]]
) -> None:
    profiles = services.profiles
    first, second = profiles.new_id(), profiles.new_id()
    for user_id, events in ((first, theirs), (second, mine)):
        for movie_id, event in events:
            profiles.tell(user_id, movie_id, event, now=NOW)
    waiting = look(services, profile_csv(services.database, first), "own.csv")
    promised = news(waiting.preview.settled({}), profiles.history(second), profiles.kept(second))
    take = partial(services.imports.take_in, waiting.import_id, second, now=NOW)  # type: ignore[union-attr]
    assert done(take()).startswith(f"Added {promised.words}." if promised.words else "Nothing in it is new.")
    assert done(take()).startswith("Nothing in it is new.")


def test_of_several_films_of_one_name_none_is_chosen_beforehand() -> None:
    row = Row(Kind.RATING, "ratings.csv", 2, title="Hamlet", stars=4.0)
    hamlets = Doubtful((row,), (Candidate(1, "Hamlet (1996)"), Candidate(2, "Hamlet (1948)")))
    heat = Doubtful((row,), (Candidate(3, "Heat (1995)"), Candidate(4, "Heater (1999)")))
    assert first_choices((), (hamlets, heat)) == {0: None, 1: 3}
