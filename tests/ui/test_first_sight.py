"""What somebody sees first: films with the page, and the way from nobody to a first list."""

from nicegui.testing import User

from movieapp.ui.services import Services


async def test_a_page_brings_its_films_along(user: User) -> None:
    for path in ("/?user=17", "/popular", "/movies/1?user=17"):
        response = await user.http_client.get(path)
        assert "film_card" in response.text, path


async def test_the_welcome_gives_way_to_the_first_rating(user: User) -> None:
    await user.open("/?user=4711")
    await user.should_see("Welcome, user 4711")
    user.find(marker="rate-1").trigger("rated", "4.5")
    await user.should_see("For user 4711")
    await user.should_not_see("New here?")


async def test_somebody_new_is_asked_about_films_first(user: User, services: Services) -> None:
    await user.open("/?user=")
    user.find(marker="new-profile").click()
    await user.should_see(marker="profile-name")
    user.find(marker="profile-name").type("Ana")
    user.find(marker="profile-save").click()
    await user.should_see("Which films do you know?", retries=20)
    (made,) = services.profiles.named()
    assert user.back_history[-1] == f"/welcome?user={made.user_id}"
