"""What each job does, on what it is given: the scheduler, the commands and the simulation call the same."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from movieapp.database import PUBLISHED, Database, naive
from movieapp.errors import Invalid, MovieAppError, NotReady
from movieapp.jobs.runs import Clock, Done, Runs, Stopped
from movieapp.lifecycle import replay as replaying
from movieapp.lifecycle import retraining
from movieapp.lifecycle.promotion import champion_of, is_provisional
from movieapp.models.bundle import Bundle
from movieapp.monitoring import report as reporting
from movieapp.monitoring.report import LiveModel
from movieapp.progress import Progress
from movieapp.registry import Registry, Version, has_registry
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.recommender import Recommender
from movieapp.sources.metadata import films_to_fetch
from movieapp.sources.tmdb.access import Access
from movieapp.sources.tmdb.pictures import PosterCache

log = logging.getLogger(__name__)

REPORTS = "reports"
POSTERS = "posters"
# After so long, fetching films gives its turn to the other jobs.
FETCHING_S = 120.0
# A day's lists are final a replay's window after its last request, which is seen the next day.
FINAL_AFTER_DAYS = 2


@dataclass(frozen=True)
class Terms:
    """How the jobs are to be done. `force` trains although nothing came in; without `train_fully`, trainings
    leave out what takes minutes."""

    seed: int
    force: bool = False
    train_fully: bool = True
    require_significance: bool = False
    replay_days: int = replaying.WINDOW_DAYS
    keep_days: int = 30
    keep_versions: int = 5
    fetching_s: float = FETCHING_S


@dataclass(frozen=True)
class Workplace:
    """What the jobs work on. `recommender` is what serves beside them; None where nothing does.

    Without `tmdb` nothing is fetched from there.
    """

    database: Database
    data: Path
    terms: Terms
    recommender: Recommender | None = None
    tmdb: Access | None = None

    @property
    def posters(self) -> PosterCache:
        """The pictures that were fetched."""
        return PosterCache(self.data / POSTERS)

    def open_registry(self) -> Registry:
        """Open the registry, which takes a second."""
        return Registry(self.data)

    def serves_provisionally(self) -> bool:
        """Return whether what serves came from a quick training, and a full one is to follow."""
        if not self.terms.train_fully:
            return False
        version = champion_of(self.database, self.data) if has_registry(self.data) else None
        return version is not None and is_provisional(self.database, version)

    def lacks_films(self, now: datetime) -> bool:
        """Return whether there are films that TMDB could be asked about."""
        return self.tmdb is not None and not films_to_fetch(self.database, now=naive(now)).is_empty()

    def show_films(self) -> None:
        """Let what serves show what is known of the films now."""
        if self.recommender is not None:
            self.recommender.renew(read_catalogue(self.database, self.posters))

    def check(self) -> None:
        """Refuse where no release has been read."""
        if self.database.read("catalog/dataset").is_empty():
            raise NotReady(
                f"There are no films in {self.data} yet. "
                "Start the app once (launcher.py), or run: launcher.py ingest, then launcher.py train."
            )


Work = Callable[[Workplace, datetime, Progress], Done]


def retrain(place: Workplace, now: datetime, progress: Progress) -> Done:
    """Train on what came in, let the gate decide, and serve what it lets through from the next request on."""
    place.check()
    try:
        done = retraining.retrain(
            place.database,
            place.open_registry,
            seed=place.terms.seed,
            now=now,
            force=place.terms.force or place.serves_provisionally(),
            require_significance=place.terms.require_significance,
            quick=not place.terms.train_fully,
            progress=progress,
        )
    except Stopped:
        raise
    except Exception:
        tidy(place)
        # The promotion may have taken effect before what failed, such as its record.
        production = champion_of(place.database, place.data)
        if production is not None:
            _serve(place, production)
        raise
    if done.trained is not None:
        _serve(place, done.trained.production)
    return Done("skipped" if done.outcome == "skipped" else "done", done.summary)


def _serve(place: Workplace, production: Version) -> None:
    """Let this version answer from the next request on, if it does not yet."""
    if place.recommender is None:
        return
    live = place.recommender.live
    if live is None or live.version != production.number:
        bundle = Bundle.load(production.serving_folder())
        place.recommender.swap(bundle, version=production.number)
        log.info("serving version=%s algorithm=%s", production.number, production.algorithm)


def replay(place: Workplace, now: datetime, progress: Progress) -> Done:
    """Hold what was recommended against what was liked afterwards."""
    days = place.terms.replay_days
    done = replaying.replay(place.database, now=now, window_days=days, progress=progress)
    return Done("done" if done.days else "skipped", done.summary)


def report(place: Workplace, now: datetime, progress: Progress) -> Done:
    """Write the report on the last 24 hours."""
    place.check()
    progress("writing the report", 0.0)
    file = reporting.report(place.database, place.data / REPORTS, now=now, live=_live(place))
    return Done("done", f"Wrote {file.name} and {file.with_suffix('.md').name} in {file.parent}.")


def publish(place: Workplace, now: datetime, progress: Progress) -> Done:
    """Put a copy of the database where analysts read it."""
    progress("copying the database", 0.0)
    place.database.publish(place.data / PUBLISHED, now=now)
    return Done("done", f"Published everything to {place.data / PUBLISHED}.")


def housekeeping(place: Workplace, now: datetime, progress: Progress) -> Done:
    """Delete what is older than it is kept: logged requests, records of runs, the files of old versions.

    Days are deleted whole, and a list for a person only once its replay is final, however old it is.
    """
    terms = place.terms
    days = max(terms.keep_days, terms.replay_days + FINAL_AFTER_DAYS)
    until = naive(now).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)
    progress("deleting old requests", 0.0)
    n_requests = place.database.write("jobs/delete_requests", until=until)
    n_runs = place.database.write("jobs/delete_runs", until=until)
    progress("deleting old versions", 0.5)
    pruned: list[str] = []
    if has_registry(place.data):
        pruned = retraining.prune(place.open_registry(), keep=terms.keep_versions)
    versions = f"the files of version {', '.join(pruned)}" if pruned else "no version's files"
    summary = (
        f"Deleted {n_requests:,} requests and {n_runs:,} records of runs from before {until:%Y-%m-%d}, "
        f"and {versions}."
    )
    return Done("done" if n_requests or n_runs or pruned else "skipped", summary)


def enrich(place: Workplace, now: datetime, progress: Progress) -> Done:
    """Fetch some of what is missing of the films from TMDB, and show what came, however that ends."""
    access = access_to_tmdb(place)
    place.check()
    # It brings the HTTP client, which nothing else here needs.
    from movieapp.sources.tmdb.films import fetch

    folder = place.posters.folder
    try:
        done = fetch(
            place.database, access, folder=folder, now=now, progress=progress, most_s=place.terms.fetching_s
        )
    except Stopped:
        raise
    except Exception:
        place.show_films()
        raise
    if done.is_nothing:
        return Done("skipped", "Everything that TMDB has of the films is here.")
    place.show_films()
    return Done("done", done.sentence, goes_on=done.n_left > 0)


def access_to_tmdb(place: Workplace) -> Access:
    """Return how TMDB is reached; refuse without a key."""
    if place.tmdb is None:
        raise Invalid(
            "There is no key for TMDB. Set MOVIEAPP_TMDB_KEY to the API Read Access Token that "
            "https://www.themoviedb.org/settings/api gives you; or give a file: launcher.py enrich --from "
            "movies_metadata.csv."
        )
    return place.tmdb


def recover(place: Workplace, *, clock: Clock) -> None:
    """Mark runs that were cut off, and put right what they left; call it before anything trains."""
    if Runs(place.database, clock=clock).mark_interrupted():
        tidy(place)


def tidy(place: Workplace) -> None:
    """Put right what a training left half done; what hinders that is logged, and tried at the next one."""
    try:
        if has_registry(place.data):
            retraining.clean_up(place.database, place.open_registry())
    except MovieAppError as problem:
        log.error("cleaning up failed: %s", problem)


def _live(place: Workplace) -> LiveModel | None:
    if place.recommender is not None:
        live = place.recommender.live
        return None if live is None else LiveModel(live.version, live.algorithm, live.trained_at)
    version = champion_of(place.database, place.data) if has_registry(place.data) else None
    return None if version is None else LiveModel(version.number, version.algorithm, version.created_at)
