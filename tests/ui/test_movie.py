"""A film's page: facts, ratings, and what is not known of it."""

from dataclasses import replace

import pytest
from nicegui.element import Element
from nicegui.testing import User
from ui_fakes import FakeCatalogue

from movieapp.serving.lists import Film
from movieapp.sources.tmdb import ATTRIBUTION
from movieapp.ui.services import Services


async def test_the_stars_that_are_kept_already_are_not_saved_again(user: User, services: Services) -> None:
    await user.open("/movies/1?user=17")
    user.find(marker="rate-1").trigger("rated", "5")
    await user.should_see("Toy Story: still 5 stars.")
    assert services.profiles.rated_in == []  # type: ignore[attr-defined]


async def test_a_film_that_the_model_does_not_know_is_not_promised_to_be_like_others(
    user: User, services: Services
) -> None:
    services.recommender.unknown = {4}  # type: ignore[attr-defined]
    await user.open("/movies/4")
    await user.should_see("The model does not know Casablanca yet")
    await user.should_see("at least 10 ratings by then")
    await user.should_not_see("also liked these")
    await user.should_not_see("noted")
    await user.open("/seeds?movies=1,4")
    await user.should_see("The model does not know Casablanca yet")


async def test_a_film_page_shows_facts_statistics_and_similar_films(user: User) -> None:
    await user.open("/movies/1?user=17")
    await user.should_see("Toy Story")
    await user.should_see("1995")
    await user.should_see("5.00")
    await user.should_see("1 rating")
    await user.should_see("IMDb")
    await user.should_see("Similar to Toy Story.")


async def test_a_film_page_shows_what_tmdb_says_and_that_it_does(user: User, services: Services) -> None:
    film = Film(1, "Toy Story (1995)", "Toy Story", 1995, (), "/posters/1?v=picture")
    plain = services.recommender.details(1)
    known = replace(
        plain,
        film=film,
        overview="Toys live.",
        runtime_min=81,
        directors=("John Lasseter",),
        actors=("Tom Hanks", "Tim Allen"),
    )
    await user.open("/movies/1")
    await user.should_not_see(ATTRIBUTION)
    services.recommender.details = lambda movie_id: known  # type: ignore[method-assign]
    await user.open("/movies/1")
    for told in ("Toys live.", "1 h 21 min", "John Lasseter", "Tom Hanks, Tim Allen", ATTRIBUTION):
        await user.should_see(told)
    services.recommender.details = lambda movie_id: replace(plain, film=film)  # type: ignore[method-assign]
    await user.open("/movies/1")
    await user.should_see(ATTRIBUTION)


async def test_a_poster_lies_over_the_drawn_one_which_shows_if_it_fails(
    user: User, services: Services
) -> None:
    films: FakeCatalogue = services.recommender.films  # type: ignore[attr-defined]
    with_poster = replace(films.films[0], poster_url="/posters/1?v=picture")
    services.recommender.films = FakeCatalogue((with_poster, *films.films[1:]))  # type: ignore[attr-defined]
    plain = services.recommender.details(1)
    services.recommender.details = lambda movie_id: replace(plain, film=with_poster)  # type: ignore[method-assign]
    await user.open("/popular")
    await user.should_see(marker="film-1")
    first, second = (user.find(marker=f"film-{number}").elements.copy().pop() for number in (1, 2))
    assert first.props["poster"] == "/posters/1?v=picture"
    assert first.props["drawn"].startswith("/posters/1.svg?v=")
    assert second.props["poster"] == second.props["drawn"]
    assert second.props["drawn"].startswith("/posters/2.svg?v=")
    await user.open("/movies/1")
    await user.should_see("Toy Story")
    image = next(part for part in user.find(Element).elements if part.props.get("data-drawn"))
    assert image.props["src"] == "/posters/1?v=picture"
    drawn = image.props["data-drawn"]
    assert drawn == first.props["drawn"]
    assert image.style["background"] == f"center / cover url({drawn})"
    assert "this.dataset.drawn" in image.props["onerror"]
    assert (image.props["width"], image.props["height"]) == (400, 600)


async def test_a_rating_on_the_film_page_can_be_removed(user: User, services: Services) -> None:
    await user.open("/movies/1?user=17")
    user.find(marker="unrate-1").click()
    await user.should_see("Toy Story: rating removed.")
    assert services.profiles.stars[17] == {2: 2.5}  # type: ignore[attr-defined]


async def test_a_film_without_year_genres_and_ratings_has_a_page(user: User) -> None:
    await user.open("/movies/5")
    await user.should_see("Untimely <b>")
    await user.should_see("No genres listed")
    await user.should_see("Nobody has rated this film yet.")


@pytest.mark.parametrize("movie_id", ["777", "abc", "99999999999999999999", "-1", "1.0"])
async def test_an_unknown_film_is_not_found(user: User, movie_id: str) -> None:
    response = await user.http_client.get(f"/movies/{movie_id}")
    assert response.status_code == 404
    assert "This reel is missing" in response.text
