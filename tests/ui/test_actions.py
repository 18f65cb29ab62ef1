"""What can be done with a film: on cards, in their menu and on the film's page, each with its undoing."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from nicegui.testing import User

from movieapp.database import Unwritable
from movieapp.serving.feedback import Event, EventType
from movieapp.serving.kept import NOTHING
from movieapp.ui import telling
from movieapp.ui.actions import viewing
from movieapp.ui.services import Services

CASABLANCA = 4


async def open_list(user: User) -> None:
    """Open a list with Casablanca in it."""
    await user.open("/popular?user=17")
    await user.should_see(marker=f"tell-{CASABLANCA}", retries=30)


async def test_a_hidden_film_leaves_the_list_and_comes_back_when_undone(
    user: User, services: Services
) -> None:
    await open_list(user)
    user.find(marker=f"tell-{CASABLANCA}").trigger("did", "hide")
    await user.should_see("Casablanca is hidden.")
    await user.should_not_see(marker=f"film-{CASABLANCA}")
    user.find(marker="undo-told").trigger("undo")
    await user.should_see("Undone. Casablanca is as it was before.")
    await user.should_see(marker=f"film-{CASABLANCA}")
    assert services.profiles.kept_of(17, CASABLANCA) == NOTHING


async def rate(user: User) -> None:
    await open_list(user)
    user.find(marker=f"rate-{CASABLANCA}").trigger("rated", "4.5")
    await user.should_see("Casablanca: 4.5 stars saved.")


@pytest.mark.parametrize("is_behind", [False, True])
async def test_a_rating_is_scored_while_it_is_kept_and_again_only_if_that_does_not_hold(
    user: User, services: Services, is_behind: bool
) -> None:
    services.recommender.is_behind = is_behind  # type: ignore[attr-defined]
    await rate(user)
    foreseen, *again = services.recommender.ahead  # type: ignore[attr-defined]
    assert foreseen[:2] == (CASABLANCA, 4.5)
    assert again == [None] * is_behind


async def point(user: User, stars: str) -> None:
    user.find(marker=f"rate-{CASABLANCA}").trigger("pointed", stars)
    await asyncio.sleep(0.05)


async def test_stars_pointed_at_are_scored_once_and_kept_only_when_they_are_given(
    user: User, services: Services
) -> None:
    await open_list(user)
    await point(user, "4.5")
    await point(user, "4.5")
    (foreseen,) = services.recommender.ahead  # type: ignore[attr-defined]
    assert foreseen[:2] == (CASABLANCA, 4.5)
    assert services.profiles.history(17).stars_of(CASABLANCA) is None  # type: ignore[union-attr]
    user.find(marker=f"rate-{CASABLANCA}").trigger("rated", "4.5")
    await user.should_see("Casablanca: 4.5 stars saved.")
    assert services.recommender.ahead == [foreseen]  # type: ignore[attr-defined]


async def test_other_stars_than_those_pointed_at_are_scored_for_themselves(
    user: User, services: Services
) -> None:
    await open_list(user)
    await point(user, "3")
    user.find(marker=f"rate-{CASABLANCA}").trigger("rated", "4.5")
    await user.should_see("Casablanca: 4.5 stars saved.")
    assert [one[1] for one in services.recommender.ahead] == [3, 4.5]  # type: ignore[attr-defined]


async def test_stars_pointed_at_before_something_else_was_told_are_scored_anew(
    user: User, services: Services
) -> None:
    await open_list(user)
    await point(user, "4.5")
    user.find(marker="tell-3").trigger("did", "hide")
    await user.should_see("The Matrix is hidden.")
    user.find(marker=f"rate-{CASABLANCA}").trigger("rated", "4.5")
    await user.should_see("Casablanca: 4.5 stars saved.")
    assert [one and one[1] for one in services.recommender.ahead] == [4.5, 4.5]  # type: ignore[attr-defined]


async def test_stars_pointed_at_long_ago_are_dated_and_scored_anew(
    user: User, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "FORESEEN_FOR", timedelta())
    await open_list(user)
    await point(user, "4.5")
    await point(user, "4.5")
    user.find(marker=f"rate-{CASABLANCA}").trigger("rated", "4.5")
    await user.should_see("Casablanca: 4.5 stars saved.")
    first, second, last = (at for _, _, at in services.recommender.ahead)  # type: ignore[attr-defined]
    assert first < second < last


async def test_what_else_is_told_is_scored_once_it_is_kept(user: User, services: Services) -> None:
    services.recommender.is_behind = True  # type: ignore[attr-defined]
    await open_list(user)
    user.find(marker=f"tell-{CASABLANCA}").trigger("did", "hide")
    await user.should_see("Casablanca is hidden.")
    assert services.recommender.ahead == [None]  # type: ignore[attr-defined]


async def test_a_rating_is_saved_whether_or_not_it_can_be_scored(user: User, services: Services) -> None:
    services.recommender.cannot_score = services.recommender.is_behind = True  # type: ignore[attr-defined]
    await rate(user)
    await user.should_not_see("Something went wrong")
    user.find(marker="undo-told").trigger("undo")
    await user.should_see("Undone. Casablanca is as it was before.")


async def test_what_was_told_can_be_put_away(user: User) -> None:
    await rate(user)
    user.find(marker="undo-told").trigger("close")
    await user.should_not_see("Casablanca: 4.5 stars saved.")


async def test_an_undoing_is_not_undone(user: User) -> None:
    await rate(user)
    user.find(marker="undo-told").trigger("undo")
    await user.should_see("Undone. Casablanca is as it was before.")
    (told,) = user.find("Undone. Casablanca is as it was before.").elements
    assert told.props["canUndo"] is False


async def test_cards_that_stay_are_not_drawn_anew(user: User, services: Services) -> None:
    await open_list(user)
    (stays,) = user.find(marker="film-3").elements
    user.find(marker=f"tell-{CASABLANCA}").trigger("did", "hide")
    await user.should_not_see(marker=f"film-{CASABLANCA}")
    assert user.find(marker="film-3").elements == {stays}


async def test_a_card_shows_that_its_film_is_on_the_watchlist(user: User, services: Services) -> None:
    await open_list(user)
    (card,) = user.find(marker=f"tell-{CASABLANCA}").trigger("did", "watchlist").elements
    await user.should_see("Casablanca is on the watchlist.")
    assert {tool["does"]: tool["isOn"] for tool in card.props["tools"]} == {
        "menu": None,
        "watchlist": True,
        "hide": False,
    }


async def test_a_film_that_is_rated_is_said_to_leave_the_watchlist(user: User) -> None:
    await open_list(user)
    user.find(marker=f"tell-{CASABLANCA}").trigger("did", "watchlist")
    await user.should_see("Casablanca is on the watchlist.")
    user.find(marker=f"rate-{CASABLANCA}").trigger("rated", "4.5")
    await user.should_see("Casablanca: 4.5 stars saved. It left the watchlist.")


async def test_a_rated_film_leaves_the_list_and_comes_back_when_undone(
    user: User, services: Services
) -> None:
    await user.open("/seeds?movies=1&user=17")
    user.find(marker=f"rate-{CASABLANCA}").trigger("rated", "4.5")
    await user.should_see("Casablanca: 4.5 stars saved.")
    await user.should_not_see(marker=f"film-{CASABLANCA}")
    assert services.profiles.rated_in == ["r"]  # type: ignore[attr-defined]
    user.find(marker="undo-told").trigger("undo")
    await user.should_see(marker=f"film-{CASABLANCA}")
    history = services.profiles.history(17)
    assert history is not None
    assert history.stars_of(CASABLANCA) is None


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("watchlist", "Casablanca is on the watchlist."),
        ("like", "Casablanca is liked."),
        ("hide", "Casablanca is hidden."),
        ("unlearn", "Nothing is learned from Casablanca any more."),
    ],
)
async def test_the_menu_of_a_card_tells_everything_and_closes(
    user: User, services: Services, key: str, sentence: str
) -> None:
    await open_list(user)
    user.find(marker=f"tell-{CASABLANCA}").trigger("did", "menu")
    await user.should_see(marker=f"{key}-{CASABLANCA}-switch")
    user.find(marker=f"{key}-{CASABLANCA}-switch").click()
    await user.should_see(sentence)
    assert services.profiles.kept_of(17, CASABLANCA) != NOTHING
    user.find(marker="undo-told").trigger("undo")
    await user.should_see("Undone.")
    assert services.profiles.kept_of(17, CASABLANCA) == NOTHING


async def test_what_holds_is_told_off_by_the_same_button(user: User, services: Services) -> None:
    await user.open(f"/movies/{CASABLANCA}?user=17")
    switch = f"watchlist-{CASABLANCA}-switch"
    user.find(marker=switch).click()
    await user.should_see("Casablanca is on the watchlist.")
    (button,) = user.find(marker=switch).elements
    assert button.props["aria-pressed"] == "true"
    user.find(marker=switch).click()
    await user.should_see("Casablanca is off the watchlist.")
    assert services.profiles.kept_of(17, CASABLANCA) == NOTHING


async def test_a_viewing_is_of_today_unless_another_day_is_chosen(user: User, services: Services) -> None:
    await user.open(f"/movies/{CASABLANCA}?user=17")
    user.find(marker=f"watched-{CASABLANCA}").click()
    await user.should_see("Casablanca: watched on")
    user.find(marker=f"day-{CASABLANCA}").elements.copy().pop().set_value("2001-05-04")
    user.find(marker=f"watched-{CASABLANCA}").click()
    await user.should_see("Casablanca: watched on 4 May 2001.")
    days = [one.watched_on for one in services.profiles.kept_of(17, CASABLANCA).watches]
    assert days == [date(2001, 5, 4), datetime.now(UTC).astimezone().date()]


async def test_a_note_is_written_changed_and_undone(user: User, services: Services) -> None:
    await user.open(f"/movies/{CASABLANCA}?user=17")
    user.find(marker="note").elements.copy().pop().set_value("Here's looking at you. <b>")
    user.find(marker="save-note").click()
    await user.should_see("Note on Casablanca saved.")
    note = services.profiles.kept_of(17, CASABLANCA).note
    assert note is not None
    assert note.text == "Here's looking at you. <b>"
    user.find(marker="note").elements.copy().pop().set_value("")
    user.find(marker="save-note").click()
    await user.should_see("Note on Casablanca removed.")
    user.find(marker="undo-told").trigger("undo")
    await user.should_see("Undone.")
    assert services.profiles.kept_of(17, CASABLANCA).note == note


async def test_what_is_being_written_stays_while_something_else_is_told(user: User) -> None:
    await user.open(f"/movies/{CASABLANCA}?user=17")
    user.find(marker="note").elements.copy().pop().set_value("Half a sent")
    user.find(marker=f"like-{CASABLANCA}-switch").click()
    await user.should_see("Casablanca is liked.")
    (field,) = user.find(marker="note").elements
    assert field.value == "Half a sent"  # type: ignore[attr-defined]


async def test_what_cannot_be_kept_is_said_and_the_film_stays(user: User, services: Services) -> None:
    services.profiles.refuses = Unwritable("The disk is full. Free some space.")  # type: ignore[attr-defined]
    await open_list(user)
    user.find(marker=f"tell-{CASABLANCA}").trigger("did", "hide")
    await user.should_see("The disk is full. Free some space.")
    await user.should_see(marker=f"film-{CASABLANCA}")
    await user.should_not_see(marker="undo-told")


async def test_nobody_in_particular_has_nothing_to_tell(user: User) -> None:
    await user.open("/popular?user=")
    await user.should_see(marker=f"film-{CASABLANCA}")
    await user.should_not_see(marker=f"tell-{CASABLANCA}")


async def test_a_viewing_is_told_in_words(user: User, services: Services) -> None:
    for seen in (None, date(2001, 5, 4)):
        services.profiles.tell(
            17, CASABLANCA, Event(EventType.WATCHED, watched_on=seen, is_rewatch=True), now=services.clock()
        )
    (one,) = services.profiles.kept_of(17, CASABLANCA).watches
    assert viewing(one) == "4 May 2001, again"
    await user.open(f"/movies/{CASABLANCA}?user=17")
    await user.should_see("4 May 2001, again")
    await user.should_see("You have watched it, so it is in no list of films to watch.", retries=20)
