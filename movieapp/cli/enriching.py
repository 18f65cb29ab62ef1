"""The command that brings what is known of films beyond the release: from a file, or from TMDB."""

import argparse
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

from movieapp.cli.edge import progress, settings_of_instance

if TYPE_CHECKING:
    from movieapp.database import Database
    from movieapp.jobs.runs import Clock
    from movieapp.jobs.work import Workplace
    from movieapp.progress import Progress
    from movieapp.sources.metadata_file import Enriched

# Of the rejected rows, so many are shown.
MOST_SHOWN = 10


def enrich(options: argparse.Namespace) -> None:
    """Read a file with metadata, or fetch it from TMDB then and there."""
    settings = settings_of_instance(options)
    from movieapp.instance import clock_of, opened, workplace
    from movieapp.jobs.work import recover
    from movieapp.sources.metadata_file import enrich

    with opened(settings.data) as database, progress() as report:
        place, now = workplace(database, settings), clock_of(database)
        if options.origin is not None:
            place.check()
            done = enrich(database, origin=options.origin, now=now(), progress=report)
            said = _of_file(done)
        else:
            recover(place, clock=now)
            said = _fetch(place, now, report)
        said += [_coverage(database)]
    print("\n".join(said))


def _fetch(place: "Workplace", now: "Clock", report: "Progress") -> list[str]:
    """Fetch everything, however long that takes, and record it as a run of the job."""
    from movieapp.jobs.table import FETCHING, JOBS, perform

    job = JOBS[FETCHING]
    job.check(place)
    patient = replace(place, terms=replace(place.terms, fetching_s=inf))
    try:
        return [perform(job, patient, started_by="command", clock=now, progress=report).summary]
    except KeyboardInterrupt:
        stopped = "stopped; what came is kept, and the next run goes on from there."
        raise KeyboardInterrupt(f"{stopped} {_coverage(place.database)}") from None


def _of_file(done: "Enriched") -> list[str]:
    cover = done.coverage
    by = (
        f"Found {done.n_found:,} films in the file. Matched by TMDB id: {cover.n_by_tmdb_id:,}, by IMDb id: "
        f"{cover.n_by_imdb_id:,}, by title and year: {cover.n_by_title:,}."
    )
    said = [by, f"Rejected rows: {len(done.rejected):,}{':' if done.rejected else '.'}"]
    said += [f"  row {row}: {reason}" for row, reason in done.rejected[:MOST_SHOWN]]
    rest = len(done.rejected) - MOST_SHOWN
    return [*said, f"  and {rest:,} more"] if rest > 0 else said


def _coverage(database: "Database") -> str:
    from movieapp.sources.metadata import coverage

    cover = coverage(database)
    return (
        f"{cover.n_matched:,} of {cover.n_movies:,} films ({cover.share_of_movies:.1%}) have metadata, with "
        f"{cover.share_of_ratings:.1%} of the ratings."
    )
