"""Profiles: made, shown in the header, renamed and deleted."""

from datetime import UTC, datetime

from nicegui import ui
from nicegui.testing import User

from movieapp.serving.feedback import Event, EventType
from movieapp.ui.people import what_goes
from movieapp.ui.services import Services
from movieapp.ui.viewer import ink


async def make(user: User, name: str) -> None:
    await user.open("/profile?user=")
    user.find(marker="new-profile").click()
    await user.should_see(marker="profile-name")
    user.find(marker="profile-name").type(name)
    user.find(marker="color-#047857").trigger("change")
    user.find(marker="profile-save").click()
    await user.should_see(f"{name} has not rated a film yet.")


async def test_a_profile_is_made_with_a_name_and_a_color_and_remembered(
    user: User, services: Services
) -> None:
    await make(user, "Ana")
    (made,) = services.profiles.named()
    assert (made.name, made.color) == ("Ana", "#047857")
    assert user.back_history[-1] == f"/profile?user={made.user_id}"
    await user.open("/popular")
    with user.scope(marker="viewer"):
        await user.should_see("A")
    await user.open("/profile?user=")
    await user.should_see(marker=f"profile-{made.user_id}")


async def test_a_name_that_is_taken_is_refused_with_a_sentence(user: User) -> None:
    await make(user, "Ana")
    await user.open("/profile?user=")
    user.find(marker="new-profile").click()
    await user.should_see(marker="profile-name")
    user.find(marker="profile-name").type("Ana")
    user.find(marker="profile-save").click()
    await user.should_see("There is a profile named Ana already. Choose another name.")


async def test_a_profile_is_renamed_where_it_is_chosen(user: User, services: Services) -> None:
    await make(user, "Ana")
    (made,) = services.profiles.named()
    user.find(marker="viewer").click()
    await user.should_see(marker=f"edit-{made.user_id}")
    user.find(marker=f"edit-{made.user_id}").click()
    await user.should_see(marker="profile-name")
    user.find(marker="profile-name").type(" Maria")
    user.find(marker="profile-save").click()
    await user.should_see("Ana Maria has not rated a film yet.", retries=20)
    assert services.profiles.named()[0].name == "Ana Maria"


async def test_whoever_came_without_a_name_can_get_one(user: User, services: Services) -> None:
    services.profiles.rate(123, 3, 4.5, now=datetime.now(UTC))
    await user.open("/list?user=123")
    user.find(marker="viewer").click()
    await user.should_see("Give user 123 a name", retries=20)
    user.find(marker="name-viewer").click()
    await user.should_see("A name for user 123")
    user.find(marker="profile-name").type("Ana")
    user.find(marker="profile-save").click()
    await user.should_see("All films for Ana", retries=20)
    user.find(marker="viewer").click()
    await user.should_see(marker="edit-123")
    await user.should_not_see("Give user 123 a name")


async def test_a_profile_is_deleted_only_after_it_is_said_what_goes(user: User, services: Services) -> None:
    await make(user, "Ana")
    (made,) = services.profiles.named()
    services.profiles.tell(made.user_id, 1, Event(EventType.RATING, 4.0), now=services.clock())
    await user.open(f"/profile?user={made.user_id}")
    user.find(marker="change-profile").click()
    await user.should_see(marker="profile-delete")
    user.find(marker="profile-delete").click()
    await user.should_see("With it go 1 rating and the log of what Ana was shown.")
    assert services.profiles.named() == [made]
    user.find(marker="delete-it").click()
    await user.should_see("What to watch tonight?", retries=20)
    assert services.profiles.named() == []
    assert services.profiles.history(made.user_id) is None


async def test_what_goes_counts_each_kind(services: Services) -> None:
    profile = services.profiles.make("Ana", now=services.clock())
    for movie_id, told in enumerate(
        (
            Event(EventType.RATING, 4.0),
            Event(EventType.WATCHED),
            Event(EventType.WATCHLIST),
            Event(EventType.HIDE),
            Event(EventType.DISLIKE),
        ),
        start=1,
    ):
        services.profiles.tell(profile.user_id, movie_id, told, now=services.clock())
    assert what_goes(services, profile) == (
        "With it go 1 rating, 1 viewing, 1 film on the watchlist, 2 hidden films and the log of what Ana was "
        "shown."
    )


async def test_people_of_the_release_are_chosen_by_number(user: User) -> None:
    await user.open("/profile?user=")
    assert all(
        one.props.get("open")
        for one in user.find(kind=ui.element).elements
        if one.tag == "details" and "of-release" in one.classes
    )
    user.find(marker="user-field").type("17")
    user.find(marker="user-go").click()
    await user.should_see("★ 3.75")


def test_text_is_dark_on_bright_colors_and_white_on_dark_ones() -> None:
    assert ink("#ffff00") == ink("#ffffff") == "#17161a"
    assert ink("#1d4ed8") == ink("#000000") == "#ffffff"
