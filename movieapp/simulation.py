"""A past period lived again under a simulated clock: people ask and rate as they came, nights do their jobs.

The release is set back to what was rated before the period. Then each person of the period asks the
recommender for films just before they gave their real ratings, which arrive at their own instants, and the
jobs run when they are due. Nothing of the future is in the database before its time.
"""

import time as calendar
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path

import polars as pl

from movieapp.database import Database, naive
from movieapp.errors import Invalid, NotFound, NotReady
from movieapp.jobs.preparation import Preparation
from movieapp.jobs.table import AFTER_EVERY_JOB, JOBS, perform
from movieapp.jobs.work import Workplace
from movieapp.lifecycle.training import MIN_RATINGS
from movieapp.models.rerank import ListAims
from movieapp.preparation.interactions import LIKE, read_ratings
from movieapp.preparation.split import TRAIN_SHARE, filtered
from movieapp.progress import Progress, silent
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.serving.status import Status
from movieapp.sources.movielens import ingest

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
# As the page of recommendations and that of a film show them.
N_FILMS, N_SIMILAR = 24, 12
# Who rates films looks at the list again after so many.
RATINGS_PER_LIST = 5
# What serves first: something that later models have to beat before the gate's eyes.
BASELINE = "item_knn"
# All that is asked between two jobs waits to be logged; nothing is dropped.
LOG_CAPACITY = 1_000_000


@dataclass(frozen=True)
class Past:
    """A period to be lived again, whole days in UTC, and the ratings in it, which the database has no more.

    `ratings` are as `read_ratings` gives them: user_id, movie_id, rating, rated_at, in time order.
    """

    release: str
    since: datetime
    until: datetime
    ratings: pl.DataFrame

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since) // DAY


class Clock:
    """The simulated time. It stands still, or runs on by the whole seconds that really pass."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._running_since: float | None = None

    def __call__(self) -> datetime:
        if self._running_since is None:
            return self._at
        return self._at + timedelta(seconds=int(calendar.monotonic() - self._running_since))

    def stand(self, at: datetime) -> None:
        """Be at this instant until told otherwise."""
        self._at, self._running_since = at, None

    def run(self, at: datetime) -> None:
        """Go on from this instant, so that a job is recorded with the time that it takes."""
        self._at, self._running_since = at, calendar.monotonic()


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody looks at their list, and before that at the page of the film that they liked last, if any."""

    at: datetime
    user_id: int
    liked: int | None


@dataclass(frozen=True, slots=True)
class Rating:
    """Somebody rates a film."""

    at: datetime
    user_id: int
    movie_id: int
    stars: float


@dataclass(frozen=True, slots=True)
class Due:
    """A job is due."""

    at: datetime
    job: str


Event = Asking | Rating | Due


def set_back(
    database: Database,
    *,
    origin: Path,
    days: int,
    start: date | None = None,
    now: datetime,
    folder_for_unpacking: Path | None = None,
    progress: Progress = silent,
) -> Past:
    """Read a release into an empty database, and take out again what was rated from the period's start on.

    Without a `start` the period begins with the first whole day after the oldest 70 % of the ratings. Refuses
    (`Invalid`) where too little lies before it, or nothing in it.
    """
    done = ingest(
        database,
        origin=origin,
        replace=False,
        now=now,
        progress=progress,
        folder_for_unpacking=folder_for_unpacking,
    )
    past = _period(done.release, read_ratings(database), start=start, days=days)
    since = naive(past.since)
    with database.transaction() as cursor:
        cursor.write("simulation/delete_later_ratings", since=since)
        cursor.write("simulation/delete_later_tags", since=since)
        cursor.write("simulation/let_ratings_arrive", since=since)
        cursor.write("simulation/cut_dataset", since=since)
        cursor.write("simulation/end", until=naive(past.until))
    return past


def live(
    place: Workplace,
    past: Past,
    *,
    times: Mapping[str, time],
    aims: ListAims,
    progress: Progress = silent,
) -> None:
    """Live the period again: first the start of a new instance, then everything that happens, in time order.

    `times` are those of the nightly jobs, in UTC; the first night is the one after the first day. However it
    ends, the database says until when it was lived, and has what was asked until then.
    """
    world = _World(place, past, aims)
    try:
        world.begin(progress)
        events = [*nights(past, times), *visits(past.ratings)]
        # Equal instants stay in the order given: a person's steps in theirs, jobs before people.
        for event in sorted(events, key=lambda event: event.at):
            share = (event.at - past.since) / (past.until - past.since)
            progress(_told(event), min(max(share, 0.0), 1.0))
            world.meet(event)
    finally:
        world.end()


def visits(ratings: pl.DataFrame) -> Iterator[Asking | Rating]:
    """Give what people do: on each day (UTC) of theirs they ask, rate, and ask again after every few ratings.

    Lists are asked for a second before the rating that follows them: among ratings of one second there is
    no instant at which some are known and others are not.
    """
    columns = ("user_id", "movie_id", "rating", "rated_at")
    rows = ratings.select(columns).sort("user_id", "rated_at", "movie_id").rows()
    for (user_id, _day), sitting in groupby(rows, key=lambda row: (row[0], row[3].date())):
        n_since, liked, last = RATINGS_PER_LIST, None, None
        for _user, movie_id, stars, instant in sitting:
            at = instant.replace(tzinfo=UTC)
            if n_since >= RATINGS_PER_LIST and at != last:
                yield Asking(at - SECOND, user_id, liked)
                n_since, liked = 0, None
            yield Rating(at, user_id, movie_id, stars)
            n_since, last = n_since + 1, at
            liked = movie_id if stars >= LIKE else liked


def nights(past: Past, times: Mapping[str, time]) -> Iterator[Due]:
    """Give the jobs of the night after each day, in the order of their times, and then the publication."""
    in_order = sorted(times.items(), key=lambda one: one[1])
    for n in range(1, past.days + 1):
        for name, at in [*in_order, (AFTER_EVERY_JOB, in_order[-1][1])]:
            yield Due(datetime.combine((past.since + n * DAY).date(), at, UTC), name)


def _told(event: Event) -> str:
    """Return the day for who watches, and what keeps it waiting."""
    is_long = isinstance(event, Due) and JOBS[event.job].trains
    return f"{event.at:%d %B %Y}: retrain" if is_long else f"{event.at:%d %B %Y}"


def _period(release: str, ratings: pl.DataFrame, *, start: date | None, days: int) -> Past:
    """Return the period and its ratings; refuse one that has none, or too little before it."""
    first, newest_kept, last = (
        ratings["rated_at"][place] for place in (0, int(ratings.height * TRAIN_SHARE), -1)
    )
    since = datetime.combine(start or newest_kept.date() + DAY, time(), UTC)
    until = since + days * DAY
    before = ratings.filter(pl.col("rated_at") < naive(since))
    within = ratings.filter(pl.col("rated_at").is_between(naive(since), naive(until), closed="left"))
    extent = f"{release} has ratings from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    if filtered(before).height < MIN_RATINGS:
        raise Invalid(
            f"What was rated before {since:%Y-%m-%d} is too little to train a first version on; {extent}. "
            "Choose a later --start."
        )
    if within.is_empty():
        raise Invalid(
            f"Nobody rated a film in the {days} days from {since:%Y-%m-%d} on; {extent}. "
            "Choose another --start, or more --days."
        )
    return Past(release, since, until, within)


class _World:
    """The instance that lives the period: what serves, its log and its clock."""

    def __init__(self, place: Workplace, past: Past, aims: ListAims) -> None:
        database = place.database
        self._clock = Clock(past.since)
        self._profiles = Profiles(database)
        self._log = RequestLog(database, capacity=LOG_CAPACITY)
        self._recommender = Recommender(database, self._profiles, self._log, clock=self._clock, aims=aims)
        self._place = replace(place, recommender=self._recommender)

    def begin(self, progress: Progress) -> None:
        """Come up with the baseline as the first version; with the full one after it if that is wanted."""
        self._clock.run(self._clock())
        status = Status(started_at=self._clock())
        Preparation(
            self._place,
            profiles=self._profiles,
            recommender=self._recommender,
            status=status,
            release=Path(),  # it is read already
            clock=self._clock,
            recipe=BASELINE,
        ).run(progress, False)
        if self._recommender.live is None:
            raise NotReady(status.current.problem or "The first version could not be trained.")
        if self._place.serves_provisionally():
            self._perform("retrain", progress)

    def meet(self, event: Event) -> None:
        """Let happen what happens then."""
        match event:
            case Asking(at, user_id, liked):
                self._clock.stand(at)
                if liked is not None:
                    # A film that is too new for the model is refused, logged and noted.
                    with suppress(NotFound):
                        self._recommender.similar([liked], k=N_SIMILAR)
                self._recommender.recommend(user_id, k=N_FILMS)
            case Rating(at, user_id, movie_id, stars):
                self._clock.stand(at)
                self._profiles.rate(user_id, movie_id, stars, now=at)
            case Due(at, job):
                self._clock.run(at)
                self._perform(job, silent)

    def end(self) -> None:
        """Log what was asked last, and note how far the time came."""
        self._log.close()
        self._place.database.write("simulation/end", until=naive(self._clock()))

    def _perform(self, job: str, progress: Progress) -> None:
        self._log.flush()
        perform(JOBS[job], self._place, started_by="schedule", clock=self._clock, progress=progress)
