"""Commands that run a job here and now, and print what it did."""

import argparse
from dataclasses import replace
from typing import Any

from movieapp.cli.edge import progress, settings_of_instance


def retrain(options: argparse.Namespace) -> None:
    """Train on what came in, and let the gate decide."""
    _run(
        "retrain",
        options,
        force=options.force or None,
        require_significance=options.require_significance or None,
    )


def replay(options: argparse.Namespace) -> None:
    """Hold what was recommended against what was liked afterwards."""
    _run("replay", options, replay_days=options.window_days)


def report(options: argparse.Namespace) -> None:
    """Write the daily report."""
    _run("report", options)


def publish(options: argparse.Namespace) -> None:
    """Put a copy of the database where analysts read it."""
    _run("publish", options)


def housekeeping(options: argparse.Namespace) -> None:
    """Delete what is older than it is kept."""
    _run("housekeeping", options)


def explore(options: argparse.Namespace) -> None:
    """Write the report on the release, and open it if asked."""
    settings = settings_of_instance(options)
    from movieapp.instance import clock_of, opened
    from movieapp.jobs.work import REPORTS
    from movieapp.monitoring.explore import explore

    with opened(settings.data) as database:
        file = explore(database, settings.data / REPORTS, now=clock_of(database)())
    print(f"Wrote {file}.")
    if options.open:
        import webbrowser

        webbrowser.open(file.resolve().as_uri())


def _run(name: str, options: argparse.Namespace, **terms: Any) -> None:
    """Run a job and, as in the serving process, publish for analysts what it left.

    Of `terms`, what is not None takes the place of what the settings say.
    """
    settings = settings_of_instance(options)
    from movieapp.instance import clock_of, opened, workplace
    from movieapp.jobs.table import AFTER_EVERY_JOB, JOBS, perform
    from movieapp.jobs.work import recover

    with opened(settings.data) as database, progress() as show:
        place = workplace(database, settings)
        asked = {term: value for term, value in terms.items() if value is not None}
        place = replace(place, terms=replace(place.terms, **asked))
        clock = clock_of(database)
        recover(place, clock=clock)
        place.check()
        done = perform(JOBS[name], place, started_by="command", clock=clock, progress=show)
        if name != AFTER_EVERY_JOB:
            perform(JOBS[AFTER_EVERY_JOB], place, started_by="command", clock=clock, progress=show)
    print(done.summary)
