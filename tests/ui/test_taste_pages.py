"""The pages about one person, on the tiny release and the serving functions themselves."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from nicegui import background_tasks
from nicegui.testing import User

from movieapp.database import Database
from movieapp.lifecycle.time_machine import Cut, Itinerary, Listed, Stop, TimeMachine, Visit
from movieapp.models.als import ALS
from movieapp.models.bundle import Bundle
from movieapp.models.stars import Stars
from movieapp.preparation.interactions import Interactions, read_ratings
from movieapp.preparation.split import filtered
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.serving.status import Status
from movieapp.serving.taste import Compared
from movieapp.ui import taste_words
from movieapp.ui.notices import LOADING
from movieapp.ui.services import Services
from tests.databases import copy_of, tiny_release

NOW = datetime(2026, 1, 1, tzinfo=UTC)
# Even people gave even films five stars, and one odd film two.
PERSON = 4


@pytest.fixture(scope="module")
def bundle(tiny: Database) -> Bundle:
    """A version that expects stars as well."""
    kept = Interactions.of(filtered(read_ratings(tiny)))
    model = ALS(factors=2, alpha=5.0, regularization=0.1, seed=3).fit(kept)
    stars = Stars(rank=2, iterations=12, burn_in=4, kept=4, components=4, seed=7).fit(kept)
    facts = {"algorithm": "als", "trained_at": "2026-01-01T00:00:00+00:00", "metrics": {}}
    return Bundle.of(model, model, kept, facts=facts, stars=stars)


@pytest.fixture
def database() -> Iterator[Database]:
    """The tiny release, ingested for one test."""
    database = copy_of(tiny_release)
    yield database
    database.close()


@pytest.fixture
def services(database: Database, bundle: Bundle) -> Iterator[Services]:
    """The serving functions themselves, with version 1 live."""
    profiles = Profiles(database)
    profiles.load()
    log = RequestLog(database)
    recommender = Recommender(database, profiles, log, clock=lambda: NOW)
    recommender.show(read_catalogue(database))
    recommender.swap(bundle, version="1")
    status = Status(started_at=NOW)
    status.ready()
    yield Services(recommender, profiles, status, database)
    log.close()


async def test_a_taste_in_figures_and_sentences(user: User) -> None:
    await user.open(f"/you?user={PERSON}")
    await user.should_see("You rate Comedy", retries=40)
    await user.should_see("Given and expected stars")
    await user.should_see("Genres in numbers")
    await user.should_see("How this was worked out")


async def test_a_year_is_chosen_by_link(user: User) -> None:
    await user.open(f"/you/year?user={PERSON}")
    await user.should_see("The best of 2001", retries=40)
    await user.should_see("What stood out")
    await user.should_see("All of it in September.")
    await user.open(f"/you/year?user={PERSON}&year=1931")
    await user.should_see("Nothing in 1931", retries=40)
    await user.open(f"/you/year?user={PERSON}&year=soon")
    await user.should_see("“soon” is not a year", retries=40)
    await user.should_see("The best of 2001", retries=40)


async def test_the_time_machine_travels_and_sums_up(user: User, services: Services) -> None:
    itinerary = TimeMachine(services.database).itinerary(PERSON)
    assert itinerary.stops
    await user.open(f"/you/time-machine?user={PERSON}")
    await user.should_see("You rated most of your films in a short time", retries=40)
    for stop in itinerary.stops:
        await user.should_see(taste_words.stop_title(stop, itinerary.cut), retries=40)
    await user.should_not_see(marker="travelling", retries=40)


async def test_a_journey_ends_with_its_page(
    user: User, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(TimeMachine(services.database).itinerary(PERSON).stops) > 1
    visited, is_closed, visit = [], threading.Event(), TimeMachine.visit

    def held(machine: TimeMachine, user_id: int, stop: Stop) -> Visit:
        visited.append(stop)
        assert is_closed.wait(10)
        return visit(machine, user_id, stop)

    monkeypatch.setattr(TimeMachine, "visit", held)
    client = await user.open(f"/you/time-machine?user={PERSON}")
    await user.should_see("Travelling to the moment after 5 ratings", retries=40)
    client.delete()
    is_closed.set()
    await asyncio.wait([task for task in background_tasks.running_tasks if task.get_name() == LOADING])
    assert len(visited) == 1


@pytest.mark.parametrize("path", ["/you", "/you/year", "/you/time-machine"])
async def test_nobody_chooses_and_who_rated_nothing_is_told_so(user: User, path: str) -> None:
    await user.open(f"{path}?user=")
    await user.should_see("Choose whose ratings to look at.")
    await user.open(f"{path}?user=4711")
    await user.should_see("User 4711 has not rated a film yet.")
    await user.open(f"{path}?user=x")
    await user.should_see("“x” is not a user number.")


async def test_a_history_too_short_for_a_journey(user: User, services: Services) -> None:
    services.profiles.rate(900, 1, 5.0, now=NOW)
    await user.open("/you/time-machine?user=900")
    await user.should_see("Not enough history yet", retries=40)
    await user.open("/you?user=900")
    await user.should_see("Your average", retries=40)


def test_genres_are_told_by_how_far_they_are_from_others() -> None:
    genres = [
        Compared("War", 20, 0.4, 0.2, 4.0, 3.5),
        Compared("Drama", 15, 0.3, 0.3, 3.0, 3.5),
        Compared("Western", 0, 0.0, 0.1, None, 3.5),
        # Too few to tell, and too rare to miss.
        Compared("Film-Noir", 2, 0.04, 0.001, 5.0, 3.5),
        Compared("Musical", 0, 0.0, 0.01, None, 3.5),
    ]
    told = taste_words.about_genres(genres)
    assert told == "You rate War 2.0 times as often as others do and Western hardly ever."
    assert taste_words.about_genres(genres[1:2]) == "You rate each genre about as often as others do."
    assert taste_words.about_best_genre(genres) == (
        "You give War the most stars, 4.0 on average over 20 films, and Drama the fewest, 3.0."
    )


def test_a_journey_is_summed_up_fairly() -> None:
    stop = Stop(datetime(1998, 3, 1), 20)
    lists = ((Listed(1, 5.0), Listed(2, 3.0)), (Listed(3, None), Listed(4, None)))
    visit = Visit(stop, 900, 40, 100, True, *lists, 5, 4, 12.0, 30.5)
    assert taste_words.about_hits(visit) == (
        "1 of these 2 films you came to like; of the 2 most popular ones of then, 0."
    )
    assert "1 more than in the popular lists" in taste_words.about_journey([visit])
    assert "before place 12 of 100; in the popular list before place 30." in taste_words.about_places(visit)
    assert taste_words.stop_title(stop, Cut.MONTHS) == "March 1998"
    assert taste_words.stop_title(stop, Cut.RATINGS) == "After 20 ratings"
    assert "in a short time, on 1 March 1998" in taste_words.about_cut(Itinerary(Cut.RATINGS, (stop,)))
