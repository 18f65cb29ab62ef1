"""Features: what the ranker sees of a person and a film, each belonging to a group that people understand."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from movieapp.models.base import Scores
from movieapp.models.hybrid.candidates import Candidates, by_rows
from movieapp.models.hybrid.settled import settled
from movieapp.models.hybrid.signals import OF_PEOPLE
from movieapp.models.hybrid.timeline import DAY_S, Timeline, newest, oldest
from movieapp.models.hybrid.trends import HALF_LIVES, Trends, groups_of
from movieapp.preparation.facts import Films
from movieapp.preparation.interactions import Histories

# What a feature speaks of; `explained` adds the ranker's contributions up by these.
GROUPS = ("taste", "people", "lately", "popular", "genres", "years", "quality", "peers", "person")
# A person's own shares count as five likes of everybody's shares before the first.
PRIOR_LIKES = 5.0
# Release years are looked at in steps of three from 1930, each with its neighbours.
FIRST_YEAR, YEARS_A_STEP, YEAR_STEPS = 1930, 3, 24
# What is known of a film since somebody's last visit is damped by so many ratings of everything.
PRIOR_RATINGS = 500.0


@dataclass(frozen=True, eq=False)
class Features:
    """Features of the candidates: `values` (people x candidates x features) float32, padding included."""

    values: NDArray[np.float32]
    names: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass(eq=False)
class _Table:
    """Features being put side by side."""

    shape: tuple[int, int]
    columns: list[NDArray[np.float32]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)

    def add(self, group: str, name: str, values: NDArray[np.generic]) -> None:
        self.columns.append(np.broadcast_to(np.asarray(values, np.float32), self.shape))
        self.names.append(name)
        self.groups.append(group)


@dataclass(frozen=True, eq=False)
class _People:
    """Some people's histories as the features need them."""

    histories: Histories
    timeline: Timeline
    n_likes: NDArray[np.float64]

    @property
    def in_last_session(self) -> NDArray[np.bool_]:
        return self.timeline.from_last == 0

    def count(self, weights: NDArray[np.generic]) -> NDArray[np.float64]:
        """Add the weights of each person's ratings up."""
        return np.bincount(self.histories.rows, weights, len(self.histories)).astype(np.float64)

    def mean(self, values: NDArray[np.generic], mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        return self.count(values * mask) / np.maximum(self.count(mask), 1)


def features(
    trends: Trends,
    films: Films,
    histories: Histories,
    signals: dict[str, Scores],
    chosen: Candidates,
) -> Features:
    """Describe each candidate for each person, from what was fitted and the histories alone."""
    columns = np.maximum(chosen.columns, 0)
    people = _People(
        histories,
        Timeline.of(histories),
        np.bincount(histories.rows, histories.liked, minlength=len(histories)).astype(np.float64),
    )
    table = _Table(columns.shape)
    _of_signals(table, signals, chosen, columns)
    _of_films(table, trends, films, columns)
    _of_people(table, trends, people, columns)
    _of_years(table, trends, films, people, columns)
    _of_genres(table, trends, films, people, columns)
    _of_peers(table, trends, histories, columns)
    _since_last_visit(table, trends, histories, columns)
    return Features(settled(np.stack(table.columns, axis=2)), tuple(table.names), tuple(table.groups))


def _of_signals(
    table: _Table, signals: dict[str, Scores], chosen: Candidates, columns: NDArray[np.int32]
) -> None:
    """Each model's score against its scores of the person's other films, and its rank."""
    n_open = np.maximum(chosen.is_open.sum(axis=1, keepdims=True), 1)

    def standard(scores: Scores) -> NDArray[np.floating]:
        mean = (scores * chosen.is_open).sum(axis=1, keepdims=True) / n_open
        deviation = np.sqrt((np.square(scores - mean) * chosen.is_open).sum(axis=1, keepdims=True) / n_open)
        return (_at(scores, columns) - mean) / np.maximum(deviation, 1e-6)

    for name, scores in by_rows(standard, signals).items():
        table.add("people" if name in OF_PEOPLE else "taste", f"z_{name}", scores)
    for name, ranks in by_rows(lambda ranks: np.log1p(_at(ranks, columns)), chosen.ranks).items():
        group = "people" if name in OF_PEOPLE else "taste" if name in signals else "popular"
        table.add(group, f"rank_{name}", ranks)
    table.add("taste", "fused", np.take_along_axis(chosen.fused, columns, axis=1))


def _at(values: NDArray[Any], columns: NDArray[np.int32]) -> NDArray[Any]:
    """Return the values at each row's columns; one row of columns serves all rows."""
    return np.take_along_axis(values, np.broadcast_to(columns, (len(values), columns.shape[1])), axis=1)


def _of_films(table: _Table, trends: Trends, films: Films, columns: NDArray[np.int32]) -> None:
    """How popular a film is at different ranges, and whether it is rising; how well it is rated."""
    fading = {half_life: _log_share(trends.popularity(half_life), 0.01) for half_life in HALF_LIVES}
    ever = _log_share(trends.likes_, 0.5)
    for half_life, share in fading.items():
        table.add("lately" if half_life <= 30 else "popular", f"liked_{half_life:g}d", share[columns])
    table.add("popular", "liked_ever", ever[columns])
    table.add("lately", "rated_7d", _log_share(trends.rated_week_, 0.01)[columns])
    table.add("lately", "rising_1d", (fading[1.0] - fading[7.0])[columns])
    table.add("lately", "rising_7d", (fading[7.0] - fading[30.0])[columns])
    table.add("lately", "rising_30d", (fading[30.0] - ever)[columns])
    table.add("lately", "liked_again_30d", _log_share(trends.liked_again_month_, 0.1)[columns])
    table.add("popular", "liked_again", (_log_share(trends.liked_again_, 1) - ever)[columns])
    table.add("quality", "stars_above_mean", trends.stars_above_[columns])
    table.add("quality", "like_share", trends.like_share_[columns])
    table.add("lately", "days_here", ((trends.now_ - trends.first_) / DAY_S)[columns])
    table.add("genres", "n_genres", films.genres.sum(axis=1)[columns])


def _of_people(table: _Table, trends: Trends, people: _People, columns: NDArray[np.int32]) -> None:
    """How active somebody is, and how popular what they like is."""
    histories = people.histories
    n_ratings = np.diff(histories.indptr)
    last = newest(histories, otherwise=int(trends.now_))
    first = oldest(histories, otherwise=int(trends.now_))
    n_sessions = np.zeros(len(histories))
    np.maximum.at(n_sessions, histories.rows, people.timeline.session + 1.0)
    described = {
        "n_ratings": np.log1p(n_ratings),
        "n_likes": np.log1p(people.n_likes),
        "like_share_of_person": (people.n_likes + 1) / (n_ratings + 2),
        "mean_stars_of_person": (people.count(histories.stars) + 3.5) / (n_ratings + 1),
        "days_active": np.log1p((last - first) / DAY_S),
        "days_away": np.log1p(np.maximum(trends.now_ - last, 0) / DAY_S),
        "n_sessions": n_sessions,
        "n_in_last_session": np.log1p(people.count(people.in_last_session)),
    }
    for name, values in described.items():
        table.add("person", name, values[:, None])
    log_likes = np.log1p(trends.likes_)
    theirs = people.mean(log_likes[histories.columns], histories.liked)[:, None]
    table.add("person", "popularity_of_likes", theirs)
    table.add("popular", "popularity_beyond_likes", log_likes[columns] - theirs)


def _of_years(
    table: _Table, trends: Trends, films: Films, people: _People, columns: NDArray[np.int32]
) -> None:
    """When a film came out, against when what somebody likes came out."""
    histories = people.histories
    middle = float(np.nanmean(films.years)) if np.isfinite(films.years).any() else 0.0
    years = np.nan_to_num(films.years, nan=middle).astype(np.float64)
    liked = people.mean(years[histories.columns], histories.liked)
    liked[people.n_likes == 0] = years.mean()
    in_session = people.in_last_session
    of_session = people.mean(years[histories.columns], in_session)
    has_session = people.count(in_session) > 0
    table.add("years", "year", films.years[columns])
    table.add("person", "mean_year_of_likes", liked[:, None])
    table.add("years", "years_after_likes", years[columns] - liked[:, None])
    table.add("years", "years_from_likes", np.abs(years[columns] - liked[:, None]))
    after = np.where(has_session[:, None], years[columns] - of_session[:, None], 0)
    table.add("years", "years_after_session", after)
    steps = np.clip((years - FIRST_YEAR) / YEARS_A_STEP, 0, YEAR_STEPS - 1).astype(np.int64)
    places = np.arange(YEAR_STEPS)
    kernel = np.exp(-0.5 * np.square(places[:, None] - places[None, :]))
    everybody = np.bincount(steps, trends.ratings_, minlength=YEAR_STEPS) @ kernel + 1
    theirs = np.zeros((len(histories), YEAR_STEPS))
    np.add.at(theirs, (histories.rows[histories.liked], steps[histories.columns[histories.liked]]), 1)
    theirs = theirs @ (kernel / kernel.sum(axis=1, keepdims=True))
    affinity = _affinity(theirs, everybody / everybody.sum())
    table.add("years", "year_affinity", np.take_along_axis(affinity, steps[columns], axis=1))


def _of_genres(
    table: _Table, trends: Trends, films: Films, people: _People, columns: NDArray[np.int32]
) -> None:
    """How much more of a film's genres somebody likes, rates, or rated just now than everybody does."""
    genres = films.genres.astype(np.float64)
    everybody = trends.ratings_ @ genres + 1
    everybody /= everybody.sum()
    of_film = (genres / np.maximum(genres.sum(axis=1, keepdims=True), 1)).T
    histories = people.histories
    masks = {
        "genres_liked": histories.liked,
        "genres_of_session": people.in_last_session,
        "genres_rated": np.ones(len(histories.columns), bool),
    }
    for name, mask in masks.items():
        theirs = np.zeros((len(histories), genres.shape[1]))
        np.add.at(theirs, histories.rows[mask], genres[histories.columns[mask]])
        affinity = _affinity(theirs, everybody) @ of_film
        table.add("genres", name, np.take_along_axis(affinity, columns, axis=1))


def _of_peers(table: _Table, trends: Trends, histories: Histories, columns: NDArray[np.int32]) -> None:
    """How much more people of the same gender, age and occupation like a film."""
    ever, lately = (
        [np.take_along_axis(lift, columns, axis=1) for lift in trends.lift(histories, of_month=of_month)]
        for of_month in (False, True)
    )
    table.add("peers", "peers", np.sum(ever, axis=0))
    table.add("peers", "peers_30d", np.sum(lately, axis=0))
    table.add("peers", "peers_of_age", ever[1])
    groups = groups_of(histories)
    table.add("person", "gender", groups[:, [0]])
    table.add("person", "age_group", groups[:, [1]])


def _since_last_visit(
    table: _Table, trends: Trends, histories: Histories, columns: NDArray[np.int32]
) -> None:
    """What happened to a film since somebody was last here, and while they were."""
    last = newest(histories, otherwise=int(trends.now_))
    first = oldest(histories, otherwise=int(trends.now_))
    at_last, at_first = (
        np.searchsorted(trends.instants_, instants).clip(max=len(trends.instants_) - 1)
        for instants in (last, first)
    )
    course, totals = trends.course_, trends.totals
    then, at_start = course[at_last[:, None], columns], course[at_first[:, None], columns]
    now = course[-1][columns]
    then_total = totals[at_last][:, None]
    since_total = np.maximum(totals[-1] - then_total, 0)
    share_then = (then + 1) / (then_total + histories.n_movies)
    since = now - then
    damped = (since + PRIOR_RATINGS * share_then) / ((since_total + PRIOR_RATINGS) * share_then)
    table.add("lately", "ratings_since_visit", np.log1p(since))
    table.add("lately", "lift_since_visit", np.log(damped))
    table.add("popular", "share_at_visit", np.log(share_then * histories.n_movies))
    table.add("popular", "ratings_during_visits", np.log1p(then - at_start))
    table.add("lately", "days_new_at_visit", (last[:, None] - trends.first_[columns]) / DAY_S)


def _log_share(counts: NDArray[np.float64], damping: float) -> NDArray[np.float64]:
    """Return the log of each film's count over the mean count."""
    damped = counts + damping
    found: NDArray[np.float64] = np.log(damped / damped.mean())
    return found


def _affinity(theirs: NDArray[np.float64], everybody: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log ratios of somebody's shares to everybody's, shrunk towards none."""
    total = theirs.sum(axis=1, keepdims=True)
    found: NDArray[np.float64] = np.log(
        (theirs + PRIOR_LIKES * everybody) / ((total + PRIOR_LIKES) * everybody)
    )
    return found
