"""What the app knows of a user."""

from nicegui.testing import User


async def test_a_profile_shows_the_summary_and_the_ratings(user: User) -> None:
    await user.open("/profile?user=17")
    await user.should_see("User 17")
    await user.should_see("★ 3.75")
    await user.should_see("Animation, Comedy")
    await user.should_see("Library")
    await user.should_not_see(marker="change-profile")


async def test_a_profile_of_nobody_says_how_it_begins(user: User) -> None:
    await user.open("/profile?user=4711")
    await user.should_see("User 4711 has not rated a film yet.")
