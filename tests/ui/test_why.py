"""Why a film stands where it does: worked out by the real recommender, on the tiny release."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from nicegui.testing import User

from movieapp.database import Database
from movieapp.models.als import ALS
from movieapp.models.bundle import Bundle
from movieapp.models.rerank import ListAims
from movieapp.models.stars import Stars
from movieapp.preparation.interactions import Interactions, read_ratings
from movieapp.preparation.split import filtered
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.feedback import Event, EventType
from movieapp.serving.lists import Expected
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.serving.status import Status
from movieapp.ui.services import Services
from movieapp.ui.why import verdict
from tests.databases import copy_of, tiny_release
from tests.tiny_release import UNRATED

NOW = datetime(2026, 1, 1, tzinfo=UTC)
# Even people like even films. Person 4 has rated all of them but the fourth, and film 5 with two stars.
PERSON, UNSEEN, STRANGER = 4, 4, 99_999


@pytest.fixture(scope="module")
def bundle(tiny: Database) -> Bundle:
    """A version that expects stars as well."""
    kept = Interactions.of(filtered(read_ratings(tiny)))
    model = ALS(factors=2, alpha=5.0, regularization=0.1, seed=3).fit(kept)
    stars = Stars(rank=2, iterations=12, burn_in=4, kept=4, components=4, seed=7).fit(kept)
    facts = {"algorithm": "als", "trained_at": "2026-01-01T00:00:00+00:00", "metrics": {}}
    return Bundle.of(model, model, kept, facts=facts, stars=stars)


@pytest.fixture
def aims() -> ListAims:
    """What lists are to be besides accurate, by the settings."""
    return ListAims()


@pytest.fixture
def database() -> Iterator[Database]:
    """The tiny release, ingested for one test; browsers keep theirs in the test's own folder."""
    database = copy_of(tiny_release)
    yield database
    database.close()


@pytest.fixture
def services(database: Database, bundle: Bundle, aims: ListAims) -> Iterator[Services]:
    """The serving functions themselves, with version 1 live."""
    profiles = Profiles(database)
    profiles.load()
    log = RequestLog(database)
    recommender = Recommender(database, profiles, log, clock=lambda: NOW, aims=aims)
    recommender.show(read_catalogue(database))
    recommender.swap(bundle, version="1")
    status = Status(started_at=NOW)
    status.ready()
    yield Services(recommender, profiles, status, database)
    log.close()


async def test_the_place_the_stars_and_the_ratings_behind_it(user: User, services: Services) -> None:
    found = services.recommender.explain(PERSON, UNSEEN)
    await user.open(f"/movies/{UNSEEN}?user={PERSON}")
    await user.should_see(f"Place {found.place}", retries=40)
    await user.should_see(f"of the {found.n_films} films you have not rated")
    assert found.expected is not None
    await user.should_see(f"give or take {found.expected.spread:.1f}")
    assert len(found.carrying) > 1
    for one in found.carrying:
        await user.should_see(f"Without your {one.stars:g} stars for {one.film.name}: ")
        await user.should_see(f"{100 * one.share:.0f} %")
    user.find(marker=f"carried-by-{found.carrying[0].film.movie_id}").click()
    await user.should_see("You gave it 5 stars", retries=40)


async def test_what_a_place_would_be_without_a_rating_is_said(user: User, services: Services) -> None:
    # A film of the other taste stands below; without a rating of the own taste it rises or stays.
    found = services.recommender.explain(PERSON, 7)
    await user.open(f"/movies/7?user={PERSON}")
    for one in found.carrying:
        moved = f"from place {found.place} to {one.place_without}."
        await user.should_see(moved if one.place_without != found.place else "still place", retries=40)


async def test_a_rating_is_put_aside_by_one_click_and_taken_up_again(user: User, services: Services) -> None:
    found = services.recommender.explain(PERSON, UNSEEN)
    aside = found.carrying[0].film
    await user.open(f"/movies/{UNSEEN}?user={PERSON}")
    await user.should_see(marker=f"unlearn-{aside.movie_id}", retries=40)
    user.find(marker=f"unlearn-{aside.movie_id}").click()
    await user.should_see(f"Nothing is learned from {aside.name} any more.")
    await user.should_not_see(marker=f"carried-by-{aside.movie_id}", retries=40)
    assert aside not in [one.film for one in services.recommender.explain(PERSON, UNSEEN).carrying]
    user.find(marker="undo-told").trigger("undo")
    await user.should_see(marker=f"carried-by-{aside.movie_id}", retries=40)
    assert services.recommender.explain(PERSON, UNSEEN).carrying == found.carrying


async def test_a_film_that_is_put_aside_is_said_to_be_in_no_list(user: User, services: Services) -> None:
    services.profiles.tell(PERSON, UNSEEN, Event(EventType.HIDE), now=NOW)
    await user.open(f"/movies/{UNSEEN}?user={PERSON}")
    await user.should_see("You do not want to see it, so it is in no list of films to watch.", retries=40)


async def test_a_rating_given_on_the_page_changes_what_is_said(user: User) -> None:
    await user.open(f"/movies/{UNSEEN}?user={PERSON}")
    await user.should_see("films you have not rated", retries=40)
    user.find(marker=f"rate-{UNSEEN}").trigger("rated", "4.5")
    await user.should_see("You gave it 4.5 stars, so it is in no list of films to watch.", retries=40)
    await user.should_not_see("films you have not rated")
    user.find(marker=f"unrate-{UNSEEN}").click()
    await user.should_see("films you have not rated", retries=40)


async def test_nobody_and_strangers_are_told_what_it_takes(user: User) -> None:
    await user.open(f"/movies/{UNSEEN}?user=")
    await user.should_see("to see where it stands for them")
    await user.open(f"/movies/{UNSEEN}?user={STRANGER}")
    await user.should_see(f"User {STRANGER} has not given 4 stars or more to any film yet.", retries=40)


async def test_a_film_that_the_model_does_not_know_has_no_place(user: User) -> None:
    await user.open(f"/movies/{UNRATED}?user={PERSON}")
    await user.should_see("The model does not know Nobody's Film yet", retries=40)
    await user.should_see("so it has no place.")


async def test_before_there_is_a_model_it_is_announced_and_then_appears(
    user: User, services: Services, bundle: Bundle
) -> None:
    services.recommender.show(services.recommender.catalogue)
    await user.open(f"/movies/{UNSEEN}?user={PERSON}")
    await user.should_see("Why is known as soon as the model is trained.", retries=40)
    services.recommender.swap(bundle, version="2")
    await user.should_see("films you have not rated", retries=60)


@pytest.mark.parametrize("aims", [ListAims(diversity=0.5)])
async def test_a_place_is_said_to_leave_other_aims_out(user: User) -> None:
    await user.open(f"/movies/{UNSEEN}?user={PERSON}")
    await user.should_see("Counted by fit alone", retries=40)


@pytest.mark.parametrize("path", ["/popular", "/seeds?movies=2"])
async def test_cards_tell_the_stars_expected_for_what_is_not_rated(user: User, path: str) -> None:
    separator = "&" if "?" in path else "?"
    await user.open(f"{path}{separator}user={PERSON}")
    await user.should_see(marker=f"film-{UNSEEN}", retries=40)
    (card,) = user.find(marker=f"film-{UNSEEN}").elements
    assert card.props["expected"]["words"].startswith("★ ")
    await user.should_not_see(marker="film-6")
    await user.open(f"{path}{separator}user=")
    await user.should_see(marker=f"film-{UNSEEN}")
    await user.should_not_see("★ ")


@pytest.mark.parametrize(("spread", "word"), [(0.6, "safe bet"), (0.9, ""), (1.3, "gamble")])
def test_an_unusual_give_or_take_has_a_word(spread: float, word: str) -> None:
    assert verdict(Expected(4.2, spread)) == word
