"""Who is watching: chosen, remembered, unknown, new."""

import pytest
from nicegui.testing import User

from movieapp.ui.services import Services


async def test_choosing_a_user_by_number_opens_their_page(user: User) -> None:
    await user.open("/")
    user.find(marker="user-field").type("17")
    user.find(marker="user-go").click()
    await user.should_see("For user 17")
    assert user.back_history[-1] == "/?user=17"


async def test_the_chosen_user_is_remembered_without_the_url_and_can_be_let_go(user: User) -> None:
    await user.open("/?user=17")
    await user.open("/")
    await user.should_see("For user 17")
    await user.open("/?user=")
    await user.open("/")
    await user.should_see("What to watch tonight?")


async def test_an_unknown_user_gets_a_notice_and_popular_films(user: User) -> None:
    await user.open("/?user=4711")
    await user.should_see("User 4711 has no ratings yet, so these are popular films.")
    await user.should_see("Toy Story")


@pytest.mark.parametrize(
    "typed", ["abc", "-3", "1.5", "0", "99999999999999999999", "9" * 5000, "0" * 5000, "<script>", "１７"]
)
async def test_what_is_no_user_number_is_refused_with_a_sentence(user: User, typed: str) -> None:
    await user.open(f"/?user={typed}")
    await user.should_see("is not a user number. Use a whole number from 1 on.")
    await user.should_see("Toy Story")


async def test_somebody_new_is_made_by_a_first_rating(user: User, services: Services) -> None:
    await user.open("/?user=99")
    user.find(marker="rate-4").trigger("rated", "5")
    await user.should_see("Casablanca: 5 stars saved.")
    await user.open("/?user=99")
    await user.should_see("For user 99")
