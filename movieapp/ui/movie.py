"""A film: its facts, how it was rated, your own rating, and what is like it."""

from collections.abc import Callable

from nicegui import ui

from movieapp.errors import NotFound
from movieapp.serving.lists import Film, FilmDetails, RatingStatistics
from movieapp.ui.actions import FilmActions
from movieapp.ui.cards import poster_image
from movieapp.ui.grid import film_grid
from movieapp.ui.icons import icon
from movieapp.ui.lost import lost_content
from movieapp.ui.notices import (
    loaded,
    no_model_yet,
    notice,
    shown,
    skeleton_lines,
    when_ready,
    when_version_changes,
)
from movieapp.ui.services import Services
from movieapp.ui.stars import show_stars, stars_text
from movieapp.ui.theme import attribution, frame, h1, section
from movieapp.ui.unknown import not_known
from movieapp.ui.viewer import Viewer, link, viewer
from movieapp.ui.why import WhyCard


def register(services: Services) -> None:
    """Add the page."""

    @ui.page("/movies/{movie_id}")
    async def movie_page(movie_id: str, user: str | None = None) -> None:
        who = viewer(services, user)
        with frame(services, "Film", who):
            await when_ready(services, lambda: _content(services, movie_id, who))


async def _content(services: Services, text: str, who: Viewer) -> None:
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    film = services.recommender.catalogue.film(int(text)) if is_number else None
    if film is None:
        if not ui.context.client.has_socket_connection:
            ui.status_code(404)
        lost_content(f"No film has the number {text[:20]}. Search for its title above.")
        return
    ui.page_title(f"{film.name} · movieapp")
    article = ui.element("article").classes("film")
    box = ui.element("div")
    with article:
        with ui.element("div").classes("film-poster"):
            poster_image(film, eager=True)
        column = ui.element("div").classes("film-text")
    with column:
        _facts(film, who)
        own = ui.element("div")
        why = WhyCard(services, film, who)
        with own:
            _own_rating(services, film, who, why.renew)

    def fill() -> None:
        box.clear()
        with box:
            shown(lambda: _similar(services, film, who, changed))

    def changed() -> None:
        why.renew()
        fill()

    # Before anything is waited for: a version that comes meanwhile is not missed.
    when_version_changes(services, changed)
    # Worked out beside the facts below, so that the page waits for the slower of the two only.
    why.renew()
    foot = ui.element("footer").classes("part")
    with column:
        await loaded(
            lambda: services.recommender.details(film.movie_id),
            lambda details: _details(details, foot),
            skeleton=lambda: skeleton_lines(7),
        )
    fill()


def _facts(film: Film, who: Viewer) -> None:
    h1(film.name)
    with ui.element("div").classes("film-facts"):
        if film.release_year is not None:
            ui.link(
                str(film.release_year),
                link("/popular", **{"from": film.release_year, "to": film.release_year}),
            ).classes("tag")
        for genre in film.genres:
            ui.link(genre, link("/popular", genres=genre)).classes("tag")
        if not film.genres:
            ui.label("No genres listed").classes("muted")


def _own_rating(services: Services, film: Film, who: Viewer, settled: Callable[[], None]) -> None:
    """Show all that can be told of the film; `settled` is called when something was, or was undone."""
    with ui.element("section").classes("panel own").props('aria-label="Your rating"'):
        if who.user_id is None:
            ui.label("Your rating").classes("panel-title")
            with ui.element("p").classes("muted sentence"):
                ui.link("Say who is watching", "/")
                ui.label("to rate this film, or to put it on a watchlist.")
            return
        with ui.element("div").classes("panel-title"):
            ui.link(f"{who.title}’s rating", link("/library", user=who.user_id))
        FilmActions(services, film, who.user_id, settled=settled, with_note=True)


def _details(details: FilmDetails, foot: ui.element) -> None:
    if details.overview:
        with ui.element("p").classes("overview"):
            ui.label(details.overview)
    _credits(details)
    _statistics(details.statistics)
    links = []
    if details.imdb_id is not None:
        links.append(("IMDb", f"https://www.imdb.com/title/tt{details.imdb_id:07d}/"))
    if details.tmdb_id is not None:
        links.append(("TMDB", f"https://www.themoviedb.org/movie/{details.tmdb_id}"))
    if links:
        with ui.element("p").classes("outgoing"):
            for name, address in links:
                with ui.link(target=address, new_tab=True).props('rel="noopener noreferrer"'):
                    ui.label(name).classes("as-text")
                    icon("out")
    if details.is_from_tmdb:
        with foot, ui.element("div").classes("muted small film-foot"):
            attribution()


def _credits(details: FilmDetails) -> None:
    """Show how long a film is and who made it, as far as that is known."""
    hours, minutes = divmod(details.runtime_min or 0, 60)
    length = f"{hours} h {minutes} min" if hours else f"{minutes} min"
    facts = {
        "Directed by": ", ".join(details.directors),
        "With": ", ".join(details.actors),
        "Length": length if details.runtime_min else "",
    }
    if not any(facts.values()):
        return
    with ui.element("dl").classes("credits"):
        for term, value in facts.items():
            if value:
                with ui.element("dt"):
                    ui.label(term)
                with ui.element("dd"):
                    ui.label(value)


def _statistics(statistics: RatingStatistics) -> None:
    with ui.element("section").classes("panel").props("aria-label=Ratings"):
        if statistics.mean is None or not statistics.n_ratings:
            ui.label("Nobody has rated this film yet.").classes("muted")
            return
        with ui.element("div").classes("score"):
            ui.label(f"{statistics.mean:.2f}").classes("score-number")
            with ui.element("div"):
                show_stars(statistics.mean, label=f"{statistics.mean:.1f} of 5 stars on average")
                count = statistics.n_ratings
                ui.label(f"{count:,} ratings" if count != 1 else "1 rating").classes("muted small")
        histogram(statistics)


def histogram(statistics: RatingStatistics) -> None:
    """Show how many ratings there are of each number of stars."""
    most = max(statistics.histogram)
    with ui.element("div").classes("histogram").props("role=img") as chart:
        for half, count in enumerate(statistics.histogram, start=1):
            with ui.element("div").classes("histogram-column") as column:
                ui.element("div").classes("histogram-bar").style(
                    f"height: {100 * count / most if most else 0:.1f}%"
                )
                ui.label(f"{half // 2}" if half % 2 == 0 else "").classes("histogram-label")
            column.props["title"] = f"{stars_text(half / 2)}: {count:,}"
    told = "; ".join(
        f"{stars_text((i + 1) / 2)}: {count}" for i, count in enumerate(statistics.histogram) if count
    )
    chart.props["aria-label"] = f"How many gave how many stars. {told}."


def _similar(services: Services, film: Film, who: Viewer, changed: Callable[[], None]) -> None:
    title = "Similar films"
    if services.recommender.live is None:
        section(title)
        no_model_yet()
        return
    try:
        answer = services.recommender.similar([film.movie_id], k=12, user_id=who.user_id)
    except NotFound:
        section(title)
        notice(not_known(services, [film]))
        return
    if not answer.results:
        section(title)
        notice("Nothing is known yet that is like this film.")
        return
    section(title, f"People who liked {film.name} also liked these.")
    if answer.notice:
        notice(answer.notice)
    film_grid(services, answer, user_id=who.user_id, settled=changed)
