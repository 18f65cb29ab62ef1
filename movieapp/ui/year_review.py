"""A year in review: what one person rated and watched in it, and what stood out."""

from nicegui import ui

from movieapp.serving.own_ratings import OwnRating
from movieapp.serving.year_review import YearReview, year_in_review
from movieapp.ui.cards import facts, film_path, poster_image
from movieapp.ui.charts import bar_chart
from movieapp.ui.figures import day, figure, table
from movieapp.ui.notices import empty, loaded, notice, skeleton_lines
from movieapp.ui.services import Services
from movieapp.ui.taste_parts import Small, own_page, own_stars, strip, tabs_of
from movieapp.ui.taste_words import about_months, about_year_genres
from movieapp.ui.theme import section
from movieapp.ui.viewer import link, viewer

PATH = "/you/year"
LEDE = "Your films of one year: the best, the first and the last, and how it went month by month."
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def register(services: Services) -> None:
    """Add the page."""

    @ui.page(PATH)
    async def year_page(user: str | None = None, year: str | None = None) -> None:
        who = viewer(services, user)
        await own_page(
            services, who, PATH, "Year in review", LEDE, lambda user_id: _content(services, user_id, year)
        )


async def _content(services: Services, user_id: int, asked: str | None) -> None:
    year = _year(asked)
    if asked and year is None:
        notice(f"“{asked[:20]}” is not a year, so this is your newest one.", kind="problem")
    await loaded(
        lambda: year_in_review(
            services.database, services.profiles, services.recommender, user_id, year=year
        ),
        _show,
        skeleton=lambda: skeleton_lines(12),
    )


def _year(asked: str | None) -> int | None:
    is_year = asked is not None and asked.isascii() and asked.isdigit() and len(asked) == 4
    return int(asked) if is_year and asked is not None and int(asked) > 0 else None


def _show(review: YearReview) -> None:
    user_id, year = review.user_id, review.year
    tabs_of(
        ((link(PATH, user=user_id, year=one), str(one)) for one in reversed(review.years)),
        link(PATH, user=user_id, year=year),
        "Year",
    )
    if year is None or not (review.n_rated or review.n_watched):
        empty(
            f"Nothing in {year}",
            "No film was rated or watched in this year. Choose one of the years above, in which there were.",
        )
        return
    _figures(review)
    if not review.n_rated:
        ui.label("You rated none of what you watched, so there is no best.").classes("muted")
    if review.best:
        section(f"The best of {year}")
        strip([Small(one.film, one.stars, day(one.rated_at)) for one in review.best], user_id)
    _ends(review)
    _months(review, year)
    _genres(review)


def _figures(review: YearReview) -> None:
    with ui.element("dl").classes("figures"):
        figure("Films rated", f"{review.n_rated:,}")
        if review.n_watched:
            figure("Films watched", f"{review.n_watched:,}", "viewings with a date")
        if review.mean is not None:
            figure("Your average", f"★ {review.mean:.2f}")
        if review.n_rated:
            figure("Liked", f"{review.n_liked:,}", "with four stars or more")


def _ends(review: YearReview) -> None:
    if review.first is None or review.last is None:
        return
    section("What stood out")
    with ui.element("div").classes("ends"):
        if review.surprise is not None:
            _end(
                "The surprise",
                review.surprise,
                review.user_id,
                f"{review.surprise.expected:.1f} expected of you",
            )
        _end("The first film", review.first, review.user_id, day(review.first.rated_at))
        if review.last is not review.first:
            _end("The last film", review.last, review.user_id, day(review.last.rated_at))


def _end(title: str, one: OwnRating, user_id: int, remark: str) -> None:
    with ui.element("div").classes("panel end"):
        poster_image(one.film)
        with ui.element("div"):
            ui.label(title).classes("eyebrow")
            ui.link(one.film.name, film_path(one.film, user_id)).classes("end-name")
            ui.label(facts(one.film)).classes("muted small")
            own_stars(one.stars)
            ui.label(remark).classes("strip-note")


def _months(review: YearReview, year: int) -> None:
    section("Month by month")
    series: dict[str, list[float | None]] = {"Rated": [float(n) for n in review.rated_by_month]}
    if review.n_watched:
        series["Watched"] = [float(n) for n in review.watched_by_month]
    counts = review.rated_by_month if review.n_rated else review.watched_by_month
    word = "rating" if review.n_rated else "viewing"
    bar_chart(f"Films in {year}", MONTHS, series, about_months(counts, word))


def _genres(review: YearReview) -> None:
    if not review.genres:
        return
    rows = [[one.name, f"{one.n_likes:,}", f"{one.n_ratings:,}", f"{one.mean:.2f}"] for one in review.genres]
    note = about_year_genres([one.name for one in review.genres])
    table("Genres you liked most", ["", "Liked", "Rated", "Your average"], rows, note=note)
