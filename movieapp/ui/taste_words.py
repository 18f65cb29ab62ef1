"""What the figures of a taste, a year and a journey say, in sentences."""

from calendar import month_name
from collections.abc import Sequence
from datetime import datetime

from movieapp.lifecycle.time_machine import Cut, Itinerary, Stop, Visit
from movieapp.serving.taste import Compared, Predictability, Taste
from movieapp.ui.cards import listed

# Genres and decades with fewer ratings are left out of sentences: they would be about chance.
MIN_TOLD = 5
# Others rate a genre at least so often, for it to be remarkable that somebody does not.
MIN_SHARE = 0.02
MUCH_MORE, MUCH_LESS, HARDLY = 1.25, 0.8, 0.05
NO_DIFFERENCE = 0.05


def counted(n: int, word: str) -> str:
    """Return a number with its word: `1 film`, `2,000 films`."""
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"


def share(value: float | None) -> str:
    """Return a share in whole per cent."""
    return "–" if value is None else f"{100 * value:.0f} %"


def about_difference(taste: Taste) -> str:
    """Say how the person's stars compare with those of others for the same films."""
    if taste.difference is None:
        return "Nobody else has rated your films, so there is nothing to compare your stars with."
    if abs(taste.difference) < NO_DIFFERENCE:
        return "You rate as others do: on average the same stars for the same films."
    more = "higher" if taste.difference > 0 else "lower"
    return f"You rate {abs(taste.difference):.1f} stars {more} than others rate the same films."


def about_genres(genres: Sequence[Compared]) -> str:
    """Say which genres are rated much more and much less often than others rate them."""
    more, less = _apart(genres)
    parts = []
    if more is not None:
        parts.append(f"{more.name} {_ratio(more):.1f} times as often as others do")
    if less is not None:
        often = f"{_ratio(less):.1f} times as often" if _ratio(less) >= HARDLY else "hardly ever"
        parts.append(f"{less.name} {often}" + ("" if parts or often == "hardly ever" else " as others do"))
    return f"You rate {listed(parts)}." if parts else "You rate each genre about as often as others do."


def about_best_genre(genres: Sequence[Compared]) -> str:
    """Say which genre gets the most stars and which the fewest; nothing where that is one."""
    told = [genre for genre in genres if genre.n_ratings >= MIN_TOLD and genre.mean is not None]
    ranked = sorted(told, key=lambda genre: (genre.mean or 0.0, genre.name))
    if len(ranked) < 2:
        return ""
    best, worst = ranked[-1], ranked[0]
    return (
        f"You give {best.name} the most stars, {best.mean:.1f} on average over {best.n_ratings:,} films, "
        f"and {worst.name} the fewest, {worst.mean:.1f}."
    )


def about_decades(decades: Sequence[Compared]) -> str:
    """Say from which decade most of the films are, and which is rated much more than by others."""
    most = max(decades, key=lambda one: one.n_ratings, default=None)
    if most is None or not most.n_ratings:
        return "None of your films has a year."
    sentence = f"{share(most.share)} of your films are from the {most.name}"
    more, _ = _apart(decades)
    if more is not None and more is not most:
        return (
            f"{sentence}; those of the {more.name} you rate {_ratio(more):.1f} times as often as others do."
        )
    return f"{sentence}, and {share(most.share_of_others)} of what others rate."


def about_stars(taste: Taste) -> str:
    """Say which stars the person gives most often."""
    half = max(range(10), key=lambda place: taste.stars[place])
    total, others = sum(taste.stars), sum(taste.stars_of_others)
    sentence = (
        f"You give {_stars((half + 1) / 2)} most often: {share(taste.stars[half] / total)} of your ratings"
    )
    return (
        f"{sentence}, {share(taste.stars_of_others[half] / others)} of others'." if others else f"{sentence}."
    )


def about_predictability(found: Predictability) -> str:
    """Say how far the model is from what was given, and how far the others' mean would be."""
    return (
        f"What the model expects is {found.error:.2f} stars from what you gave, on average over "
        f"{counted(len(found.ratings), 'rating')}; the mean of the others' stars is "
        f"{found.error_of_mean:.2f} away. {share(found.close_share)} are within half a star."
    )


HOW_PREDICTED = (
    "No rating took part in what was expected of it. Your ratings were dealt into twenty parts, and each "
    "part was predicted as if you had given only the others. Where the model learned about a film from your "
    "rating of it, too, that was taken out again: what the model holds possible counts the more, the less "
    "it saw the rating coming."
)


def about_cut(itinerary: Itinerary) -> str:
    """Say which moments the time machine goes to, and why."""
    first, last = itinerary.stops[0].at, itinerary.stops[-1].at
    if itinerary.cut is Cut.MONTHS:
        return (
            "We stop on the first day of each month in which you rated films, or of some of them. "
            "Each stop knows only what everybody, you included, had rated before it."
        )
    short = f"on {_day(first)}" if first.date() == last.date() else f"from {_day(first)} on"
    return (
        f"You rated most of your films in a short time, {short}, so there are no months to travel through. "
        "Instead we stop along the way, after your first few ratings, then after twice as many, and so on. "
        "Each stop knows only what everybody, you included, had rated before it."
    )


def stop_title(stop: Stop, cut: Cut) -> str:
    """Return what a moment is called: `March 1998`, or `After 20 ratings`."""
    return f"{stop.at:%B %Y}" if cut is Cut.MONTHS else f"After {counted(stop.n_before, 'rating')}"


def short_title(stop: Stop, cut: Cut) -> str:
    """Return what a moment is called on an axis: `Mar 1998`, or the number of ratings."""
    return f"{stop.at:%b %Y}" if cut is Cut.MONTHS else f"{stop.n_before:,}"


def about_best_moment(visits: Sequence[Visit], cut: Cut) -> str:
    """Say which list of then held the most films that were liked later."""
    best = max(visits, key=lambda visit: visit.n_hits)
    if not best.n_hits:
        return "None of your lists held a film that you came to like."
    title = stop_title(best.stop, cut)
    where = f"of {title}" if cut is Cut.MONTHS else title.lower()
    return f"The list {where} held the most: {best.n_hits} of {len(best.shown)}."


def about_known(visit: Visit) -> str:
    """Say what was known at a moment."""
    return (
        f"Known on {_day(visit.stop.at)}: {counted(visit.stop.n_before, 'rating')} of yours, among "
        f"{visit.n_ratings:,} by {visit.n_people:,} people."
    )


def about_hits(visit: Visit) -> str:
    """Say how many films of a list of then were liked later, beside the popular list."""
    return (
        f"{visit.n_hits} of these {len(visit.shown)} films you came to like; "
        f"of the {len(visit.popular)} most popular ones of then, {visit.n_popular_hits}."
    )


def about_places(visit: Visit) -> str:
    """Say where in the list of then the films stood that the person came to like."""
    if visit.place is None or visit.popular_place is None:
        return f"Of the {counted(visit.n_loved, 'film')} that you came to like, none could be known then."
    return (
        f"From then on you liked {counted(visit.n_loved, 'film')}, of which {visit.n_findable:,} could be "
        f"found. Half of those stood before place {visit.place:,.0f} of {visit.n_films:,}; "
        f"in the popular list before place {visit.popular_place:,.0f}."
    )


def about_journey(visits: Sequence[Visit]) -> str:
    """Say how many films of all lists were liked later, beside the popular lists."""
    n_shown = sum(len(visit.shown) for visit in visits)
    hits, popular = sum(visit.n_hits for visit in visits), sum(visit.n_popular_hits for visit in visits)
    if hits == popular:
        verdict = "as many as in the popular lists of the same moments"
    else:
        more = "more" if hits > popular else "fewer"
        verdict = f"{abs(hits - popular):,} {more} than in the popular lists of the same moments"
    return (
        f"Of {n_shown:,} places in these lists, {hits:,} were films that you came to like: {verdict}. A film "
        "that you never rated counts as missed, though you might have liked it."
    )


def about_months(counts: Sequence[int], word: str) -> str:
    """Say which month had the most of what is counted."""
    most = max(range(12), key=lambda month: counts[month])
    n_months = sum(count > 0 for count in counts)
    if n_months == 1:
        return f"All of it in {month_name[most + 1]}."
    number = counted(counts[most], word)
    return f"{month_name[most + 1]} was the busiest of {n_months} months, with {number}."


def about_year_genres(names: Sequence[str]) -> str:
    """Say which genres were liked most in a year."""
    return f"What you liked most was {listed([*names[:3]])}." if names else "No film got four stars or more."


def _apart(parts: Sequence[Compared]) -> tuple[Compared | None, Compared | None]:
    """Return what is rated much more often than by others, and what much less; each None where nothing is."""
    told = [one for one in parts if one.share is not None and one.share_of_others]
    more = [one for one in told if one.n_ratings >= MIN_TOLD and _ratio(one) >= MUCH_MORE]
    less = [one for one in told if (one.share_of_others or 0) >= MIN_SHARE and _ratio(one) <= MUCH_LESS]
    return max(more, key=_ratio, default=None), min(less, key=_ratio, default=None)


def _ratio(one: Compared) -> float:
    return (one.share or 0.0) / one.share_of_others if one.share_of_others else 0.0


def _stars(value: float) -> str:
    return f"{value:g} star{'s' if value != 1 else ''}"


def _day(when: datetime) -> str:
    return f"{when.day} {when:%B %Y}"
