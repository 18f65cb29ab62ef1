"""What brings an instance up: ingest if it is empty, train if nothing serves, then show and swap."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from movieapp.errors import MovieAppError
from movieapp.jobs.priority import lower_priority
from movieapp.jobs.runs import Clock, Done, Recording, Runs, Stopped
from movieapp.jobs.work import Workplace, tidy
from movieapp.lifecycle.promotion import champion_of
from movieapp.lifecycle.training import train
from movieapp.models.bundle import Bundle
from movieapp.progress import Progress
from movieapp.registry import Registry, Version, has_registry
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.status import Status
from movieapp.sources.movielens import ingest

log = logging.getLogger(__name__)

NAME = "prepare"


class Preparation:
    """Every step leaves the app serving what it can; a failure becomes a sentence in the status.

    It is recorded as a run where there was anything to read or to train. `recipe` names the model of the
    first version; without it that is the best on validation.
    """

    def __init__(
        self,
        place: Workplace,
        *,
        profiles: Profiles,
        recommender: Recommender,
        status: Status,
        release: Path,
        clock: Clock,
        recipe: str | None = None,
    ) -> None:
        self._place = place
        self._profiles = profiles
        self._recommender = recommender
        self._status = status
        self._release = release
        self._clock = clock
        self._recipe = recipe
        self._runs = Runs(place.database, clock=clock)

    def run(self, progress: Progress, was_interrupted: bool) -> None:
        """Bring the instance up; `Stopped` from `progress` ends it between two stages.

        What an interrupted run left is put right, before anything trains.
        """
        try:
            with ExitStack() as stack:
                self._bring_up(_Recorder(self._runs, stack, progress), was_interrupted)
        except Stopped:
            log.info("preparation stopped")
        except MovieAppError as problem:
            log.error("%s", problem)
            self._status.degraded(str(problem))
        except Exception:
            log.exception("preparing the instance failed")
            self._status.degraded(
                "Preparing the model failed unexpectedly; popular films are served. "
                "The log has the details; a restart tries again."
            )

    def _bring_up(self, recorder: "_Recorder", was_interrupted: bool) -> None:
        is_first = not has_registry(self._place.data)
        self._films(recorder)
        recorder.progress("looking for the model", 0.0)
        version = None if is_first else champion_of(self._place.database, self._place.data)
        if version is None:
            if was_interrupted:
                tidy(self._place)
            version = self._train(recorder.recorded("Trained the first version."))
        recorder.progress("loading the model", 0.0)
        self._recommender.swap(Bundle.load(version.serving_folder()), version=version.number)
        self._status.ready()
        log.info("serving version=%s algorithm=%s", version.number, version.algorithm)
        if was_interrupted:
            tidy(self._place)

    def _films(self, recorder: "_Recorder") -> None:
        """Make popular films available: from the database, or from the bundled release first."""
        database = self._place.database
        if database.read("catalog/dataset").is_empty():
            ingest(
                database,
                origin=self._release,
                replace=False,
                now=self._clock(),
                progress=recorder.recorded(f"Read {self._release.stem}."),
            )
        recorder.progress("reading the ratings", 0.0)
        self._profiles.load()
        self._recommender.show(read_catalogue(database, self._place.posters))

    def _train(self, progress: Progress) -> Version:
        with ThreadPoolExecutor(1, initializer=lower_priority) as opener:
            # MLflow takes seconds to import and to make its tables: meanwhile, the models are fitted.
            opened = opener.submit(Registry, self._place.data)
            trained = train(
                self._place.database,
                opened.result,
                recipe=self._recipe,
                seed=self._place.terms.seed,
                now=self._clock(),
                # Somebody waits for the first films; the full training follows while they look at them.
                quick=True,
                progress=progress,
            )
        return trained.production


class _Recorder:
    """Begins the record of a preparation when there is something to record."""

    def __init__(self, runs: Runs, stack: ExitStack, progress: Progress) -> None:
        self._runs = runs
        self._stack = stack
        self._recording: Recording | None = None
        self.progress = progress

    def recorded(self, doing: str) -> Progress:
        """Note what is being done, as a sentence for when it is done; return the progress to report to."""
        if self._recording is None:
            run_id = self._runs.add(NAME, started_by="start")
            self._recording = self._stack.enter_context(self._runs.recorded(run_id, self.progress))
            self.progress = self._recording.progress
        before = f"{self._recording.done.summary} " if self._recording.done else ""
        self._recording.done = Done("done", f"{before}{doing}")
        return self.progress
