"""Similar films: what is picked, searched for and taken away."""

from nicegui.testing import User

from movieapp.ui.services import Services


async def test_seeds_in_the_url_are_shown_with_what_is_like_them(user: User) -> None:
    await user.open("/seeds?movies=1,3")
    await user.should_see(marker="remove-1")
    await user.should_see(marker="remove-3")
    await user.should_see("Similar to Toy Story and The Matrix.")


async def test_seeds_are_searched_for_picked_and_taken_away(user: User) -> None:
    await user.open("/seeds")
    await user.should_see("Start with a film you love")
    user.find(marker="search-seed").type("casa")
    await user.should_see(marker="suggest-4")
    user.find(marker="suggest-4").click()
    await user.should_see("Similar to Casablanca.")
    user.find(marker="remove-4").click()
    await user.should_see("Start with a film you love")


async def test_a_seed_that_is_no_film_is_told(user: User) -> None:
    await user.open("/seeds?movies=1,777,x")
    await user.should_see("No film has the number 777, x, so it is left out.")
    await user.should_see("Similar to Toy Story.")


async def test_before_a_model_is_trained_similar_films_are_announced(user: User, services: Services) -> None:
    services.recommender.live = None  # type: ignore[misc]
    await user.open("/seeds?movies=1")
    await user.should_see("What is alike is known as soon as the model is trained.")
