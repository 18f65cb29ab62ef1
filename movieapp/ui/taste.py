"""Taste in pictures: one person beside everybody else; with it the year in review and the time machine."""

from collections.abc import Sequence

from nicegui import ui

from movieapp.monitoring.document import Note
from movieapp.serving.own_ratings import OwnRating
from movieapp.serving.taste import Compared, Predictability, Taste, taste
from movieapp.ui import time_machine, year_review
from movieapp.ui.charts import bar_chart, scatter_chart
from movieapp.ui.documents import show_note
from movieapp.ui.figures import figure
from movieapp.ui.notices import empty, loaded, skeleton_lines
from movieapp.ui.services import Services
from movieapp.ui.taste_parts import Small, as_table, own_page, strip, told
from movieapp.ui.taste_words import (
    HOW_PREDICTED,
    about_best_genre,
    about_decades,
    about_difference,
    about_genres,
    about_predictability,
    about_stars,
    counted,
    share,
)
from movieapp.ui.theme import section
from movieapp.ui.viewer import viewer

LEDE = "What your ratings say of you, beside what everybody else's say of them."
# Genres that are rated seldom would only lengthen the chart; the table has them all.
MOST_GENRES = 14
# Where the dots of one number of stars would lie on each other, they are set a little apart.
APART = 0.16


def register(services: Services) -> None:
    """Add the pages about one person."""
    year_review.register(services)
    time_machine.register(services)

    @ui.page("/you")
    async def you_page(user: str | None = None) -> None:
        who = viewer(services, user)
        await own_page(
            services, who, "/you", "Taste in pictures", LEDE, lambda user_id: _content(services, user_id)
        )


async def _content(services: Services, user_id: int) -> None:
    await loaded(
        lambda: taste(services.database, services.profiles, services.recommender, user_id),
        _show,
        skeleton=lambda: skeleton_lines(14),
    )


def _show(found: Taste) -> None:
    if not found.n_ratings:
        empty("Nothing to learn from", "All of your ratings are set aside: nothing is learned from them.")
        return
    _figures(found)
    told(
        [
            about_difference(found),
            about_genres(found.genres),
            about_best_genre(found.genres),
            about_decades(found.decades),
        ]
    )
    _charts(found)
    _show_predictability(found)
    _show_contrary(found)


def _figures(found: Taste) -> None:
    with ui.element("dl").classes("figures"):
        figure("Ratings", f"{found.n_ratings:,}")
        others = "" if found.mean_of_others is None else f"others {found.mean_of_others:.2f}"
        figure("Your average", f"★ {found.mean:.2f}", others)
        if found.difference is not None:
            figure(
                "For the same films",
                f"{found.difference:+.1f} stars".replace("-0.0", "+0.0"),
                f"than others, over {counted(found.n_compared, 'film')}",
            )
        if found.predictability is not None:
            figure("Within half a star", share(found.predictability.close_share), "of what was expected")


def _charts(found: Taste) -> None:
    section("What you watch", "The share of your ratings beside that of everybody else's.")
    genres, decades = found.genres[:MOST_GENRES], [one for one in found.decades if _is_dated(one)]
    names = [one.name for one in genres]
    bar_chart("Genres", names, _shares(genres), about_genres(found.genres), unit="%", is_lying=True)
    as_table("Genres", *_table(found.genres))
    with ui.element("div").classes("charts"):
        names = [one.name for one in decades]
        bar_chart("Decades", names, _shares(decades), about_decades(decades), unit="%")
        _stars_chart(found)
    as_table("Decades", *_table(found.decades))
    as_table("Stars", *_stars_table(found))


def _is_dated(decade: Compared) -> bool:
    """Whether it is a decade, or films without a year of which the person rated some."""
    return decade.name[0].isdigit() or decade.n_ratings > 0


def _stars_chart(found: Taste) -> None:
    n_own, n_others = sum(found.stars), max(sum(found.stars_of_others), 1)
    pairs = list(zip(found.stars, found.stars_of_others, strict=True))
    # In some releases there are no halves.
    given = [place for place, pair in enumerate(pairs) if any(pair)]
    series: dict[str, list[float | None]] = {
        "You": [100 * pairs[place][0] / n_own for place in given],
        "Everybody else": [100 * pairs[place][1] / n_others for place in given],
    }
    names = [f"{(place + 1) / 2:g}" for place in given]
    bar_chart("Stars", names, series, about_stars(found), unit="%")


def _shares(parts: Sequence[Compared]) -> dict[str, list[float | None]]:
    def percent(value: float | None) -> float | None:
        return None if value is None else 100 * value

    return {
        "You": [percent(one.share) for one in parts],
        "Everybody else": [percent(one.share_of_others) for one in parts],
    }


def _table(parts: Sequence[Compared]) -> tuple[list[str], list[list[str]]]:
    def stars(value: float | None) -> str:
        return "–" if value is None else f"{value:.2f}"

    rows = [
        [
            one.name,
            f"{one.n_ratings:,}",
            share(one.share),
            share(one.share_of_others),
            stars(one.mean),
            stars(one.mean_of_others),
        ]
        for one in parts
    ]
    return ["", "Your ratings", "Of yours", "Of others'", "Your average", "Others' average"], rows


def _stars_table(found: Taste) -> tuple[list[str], list[list[str]]]:
    rows = [
        [f"{(place + 1) / 2:g}", f"{own:,}", f"{others:,}"]
        for place, (own, others) in enumerate(zip(found.stars, found.stars_of_others, strict=True))
    ]
    return ["Stars", "Your ratings", "Others' ratings"], rows


def _show_predictability(taste_found: Taste) -> None:
    section("How predictable you are", "What the model expects of you, beside what you gave.")
    found = taste_found.predictability
    if found is None:
        empty(
            "Nothing to go by yet",
            "The model that serves expects no stars, or knows none of your films. A full training brings it.",
        )
        return
    _scatter(found)
    show_note(Note("How this was worked out", (HOW_PREDICTED,)))
    if found.better:
        section("Better than expected")
        strip([_expected(one) for one in found.better], taste_found.user_id)
    if found.worse:
        section("Worse than expected")
        strip([_expected(one) for one in found.worse], taste_found.user_id)


def _scatter(found: Predictability) -> None:
    points = [
        (one.stars + APART * (one.film.movie_id % 11 / 5 - 1), one.expected, one.film.name)
        for one in found.ratings
        if one.expected is not None
    ]
    scatter_chart(
        "Given and expected stars",
        points,
        about_predictability(found),
        across="You gave",
        up="Expected",
        ends=(0.0, 5.5),
    )


def _show_contrary(found: Taste) -> None:
    if found.liked_alone:
        section(
            "You like them, few others do", "Of those who rated them, the fewest gave four stars or more."
        )
        strip([_beside_others(one) for one in found.liked_alone], found.user_id)
    if found.disliked_alone:
        section("Everybody likes them, you do not")
        strip([_beside_others(one) for one in found.disliked_alone], found.user_id)


def _expected(one: OwnRating) -> Small:
    return Small(one.film, one.stars, f"{one.expected:.1f} expected")


def _beside_others(one: OwnRating) -> Small:
    return Small(
        one.film, one.stars, f"liked by {share(one.n_likes / one.n_others)} of {one.n_others:,} others"
    )
