"""What the app knows of a user: a summary, and their ratings to look at, change or remove."""

from nicegui import run, ui

from movieapp.serving.profiles import Rated, UserSummary
from movieapp.ui.cards import facts, film_path, poster_image
from movieapp.ui.figures import day, figure
from movieapp.ui.notices import empty, loaded, notice, skeleton_lines, text_button, when_ready
from movieapp.ui.services import Services
from movieapp.ui.stars import RateControl
from movieapp.ui.theme import frame, h1, heading, section
from movieapp.ui.viewer import Viewer, choose_viewer, link, viewer

PAGE = 30


def register(services: Services) -> None:
    """Add the page."""

    @ui.page("/profile")
    async def profile_page(user: str | None = None) -> None:
        who = viewer(services, user)
        with frame(services, "Profile", who):
            await when_ready(services, lambda: _content(services, who))


async def _content(services: Services, who: Viewer) -> None:
    if who.typed is not None:
        notice(f"“{who.typed[:40]}” is not a user number. Use a whole number from 1 on.", kind="problem")
    if who.user_id is None:
        heading("Profile", "Choose whose ratings to look at.")
        choose_viewer(services, path="/profile")
        return
    user_id = who.user_id
    with ui.element("div").classes("heading heading-row"):
        h1(f"User {user_id}")
        if who.is_known:
            ui.link("To the recommendations", link("/", user=user_id)).classes("button button-quiet")
    if not who.is_known:
        notice(f"Nobody has rated under number {user_id} yet. Rate a film, and the profile begins.")
        ui.link("To the films", link("/", user=user_id)).classes("button button-strong")
        return
    await loaded(lambda: services.profiles.user(user_id), _summary, skeleton=lambda: skeleton_lines(4))
    section("Ratings", "Newest first. Choose other stars to change one.")
    rows = await run.io_bound(services.profiles.ratings, user_id)
    _ratings(services, user_id, rows or [])


def _summary(user: UserSummary) -> None:
    with ui.element("dl").classes("figures"):
        figure("Ratings", f"{user.n_ratings:,}")
        figure("Liked (4 stars or more)", f"{user.n_likes:,}")
        figure("Average", "–" if user.mean_rating is None else f"★ {user.mean_rating:.2f}")
        figure("First rating", day(user.first_rated_at))
        figure("Latest rating", day(user.last_rated_at))
    with ui.element("dl").classes("figures figures-text"):
        if user.favourite_genres:
            figure("Likes most", ", ".join(user.favourite_genres[:3]))
        about = [str(x) for x in (user.gender, user.age, user.occupation) if x not in (None, "")]
        if about:
            figure("From the data set", ", ".join(about))


def _ratings(services: Services, user_id: int, rows: list[Rated]) -> None:
    if not rows:
        empty("No ratings yet", "Rate a film, and it appears here.")
        return
    listing = ui.element("ul").classes("rated")
    shown_rows = [0]

    def more() -> None:
        with listing:
            for row in rows[shown_rows[0] : shown_rows[0] + PAGE]:
                _row(services, user_id, row)
        shown_rows[0] += PAGE
        button.set_visibility(shown_rows[0] < len(rows))

    button = text_button("Show more", more)
    more()


def _row(services: Services, user_id: int, row: Rated) -> None:
    film = services.recommender.catalogue.film(row.movie_id)
    if film is None:
        return
    with ui.element("li").classes("rated-row"):
        poster_image(film)
        with ui.element("div").classes("rated-text"):
            ui.link(film.name, film_path(film, user_id)).classes("rated-name")
            ui.label(facts(film)).classes("muted small")
        ui.label(day(row.rated_at)).classes("muted small rated-day")
        RateControl(services, film, user_id)
