"""The table of the jobs: what each does, in a sentence and as a function; and running one of them now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from movieapp.jobs import work
from movieapp.jobs.runs import Clock, Done, Runs, StartedBy
from movieapp.jobs.work import Workplace
from movieapp.progress import Progress, silent

# A time of the day (of this machine's clock), or how often.
When = time | timedelta


@dataclass(frozen=True)
class Job:
    """A job; `trains` if the status shows it, since another version may serve afterwards.

    `runs_beside` if it waits for no other job; it may then change nothing that the others work on.
    `check` refuses what could not even begin.
    """

    name: str
    about: str
    work: work.Work
    trains: bool = False
    runs_beside: bool = False
    check: Callable[[Workplace], object] = lambda place: None


_JOBS = (
    Job(
        "retrain",
        "Trains on what came in since the last time, and lets the new version serve if it is better.",
        work.retrain,
        trains=True,
    ),
    Job("replay", "Holds what was recommended against what was liked afterwards.", work.replay),
    Job("report", "Writes the daily report.", work.report),
    Job("publish", "Puts a copy of the database where analysts read it.", work.publish, runs_beside=True),
    Job("housekeeping", "Deletes old requests, records of runs and files of versions.", work.housekeeping),
    Job(
        "enrich",
        "Fetches from TMDB what is missing of the films: plots, people, posters.",
        work.enrich,
        check=work.access_to_tmdb,
    ),
)
JOBS: Mapping[str, Job] = {job.name: job for job in _JOBS}
# Analysts see what a job did as soon as it is done.
AFTER_EVERY_JOB = "publish"
# Films look bare without what it brings, so that it begins at the start.
FETCHING = "enrich"


def perform(
    job: Job,
    place: Workplace,
    *,
    started_by: StartedBy,
    clock: Clock,
    run_id: str | None = None,
    progress: Progress = silent,
) -> Done:
    """Run a job here and now, and record it, under the id of a run that waited if there is one.

    What `progress` raises ends it between two stages; `Cancelled` and `Stopped` are recorded as such.
    Whatever the work raises is raised again once it is recorded.
    """
    runs = Runs(place.database, clock=clock)
    run_id = run_id or runs.add(job.name, started_by=started_by)
    with runs.recorded(run_id, progress) as recording:
        recording.done = job.work(place, clock(), recording.progress)
    return recording.done
