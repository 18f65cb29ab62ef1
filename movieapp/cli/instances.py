"""Commands that fill an instance: ingest a release, train, measure, and say which version serves."""

import argparse
import json
from typing import TYPE_CHECKING

from movieapp.cli.edge import now, progress, settings_of, settings_of_instance, show
from movieapp.errors import NotReady

if TYPE_CHECKING:
    from movieapp.settings import Settings


def ingest(options: argparse.Namespace) -> None:
    """Read a release into the database."""
    from movieapp.instance import opened
    from movieapp.sources.download import download
    from movieapp.sources.movielens import ingest
    from movieapp.sources.releases import bundled, release

    settings = settings_of(options)
    with opened(settings.data, make=True) as database, progress() as report:
        origin = options.origin or bundled()
        if options.origin is None and options.release not in (None, bundled().stem):
            wanted = release(options.release)
            origin = download(wanted, folder=settings.data / "downloads", progress=report)
        done = ingest(
            database,
            origin=origin,
            replace=options.replace,
            now=now(),
            progress=report,
            folder_for_unpacking=settings.data,
        )
    if done.is_unchanged:
        print(f"{done.release} is already here: nothing changed.")
        return
    print(
        f"{done.release}: {done.n_ratings:,} ratings by {done.n_users:,} users of {done.n_movies:,} movies, "
        f"{done.n_tags:,} tags. Rejected rows: {done.n_rejected:,}"
        + (" (see the table rejected_rows)." if done.n_rejected else ".")
    )
    if done.n_people_moved:
        print(
            f"{done.n_people_moved:,} people made here have new user numbers, since the release uses theirs; "
            "their names stay."
        )
    if done.n_own_dropped:
        print(
            f"{done.n_own_dropped:,} of people's own ratings, events and notes are of films or people that "
            "this release does not have; they are kept in the table rejected_rows."
        )


def train(options: argparse.Namespace) -> None:
    """Train and measure all models and register one."""
    from movieapp.instance import clock_of, opened, workplace
    from movieapp.jobs.runs import Done, Runs
    from movieapp.jobs.work import recover
    from movieapp.lifecycle.training import train
    from movieapp.tables import evaluation_tables

    settings = settings_of(options)
    with opened(settings.data, make=True) as database, progress() as report:
        place, clock = workplace(database, settings), clock_of(database)
        recover(place, clock=clock)
        runs = Runs(database, clock=clock)
        with runs.recorded(runs.add("train", started_by="command"), report) as recording:
            trained = train(
                database,
                place.open_registry,
                recipe=options.model,
                seed=settings.seed,
                now=clock(),
                promote=options.promote,
                quick=not settings.train_fully,
                progress=recording.progress,
            )
            recording.done = Done("done", trained.decision.reasoning)
    show(*evaluation_tables(trained.runs))
    print(trained.decision.reasoning)


def promote(options: argparse.Namespace) -> None:
    """Let a version serve because somebody says so."""
    settings = settings_of_instance(options)
    from movieapp.instance import clock_of, opened, workplace
    from movieapp.jobs.work import recover
    from movieapp.lifecycle.promotion import by_hand

    with opened(settings.data) as database:
        _check_versions(settings)
        place, clock = workplace(database, settings), clock_of(database)
        recover(place, clock=clock)
        registry = place.open_registry()
        decision = by_hand(database, registry, options.version, reason=options.reason, now=clock())
    print(decision.reasoning if decision else f"Version {options.version} serves already: nothing changed.")


def rollback(options: argparse.Namespace) -> None:
    """Let the version serve again that served before."""
    settings = settings_of_instance(options)
    from movieapp.instance import clock_of, opened, workplace
    from movieapp.jobs.work import recover
    from movieapp.lifecycle.promotion import roll_back

    with opened(settings.data) as database:
        _check_versions(settings)
        place, clock = workplace(database, settings), clock_of(database)
        recover(place, clock=clock)
        decision = roll_back(database, place.open_registry(), reason=options.reason, now=clock())
    print(decision.reasoning)


def _check_versions(settings: "Settings") -> None:
    """Refuse before a registry is made only to find it empty."""
    from movieapp.registry import has_registry

    if not has_registry(settings.data):
        raise NotReady(f"There is no version in {settings.data} yet: launcher.py train makes one.")


def evaluate(options: argparse.Namespace) -> None:
    """Measure all models in a window and print the table."""
    settings = settings_of_instance(options)
    from movieapp.instance import clock_of, opened
    from movieapp.lifecycle.training import evaluate
    from movieapp.registry import Registry
    from movieapp.tables import evaluation_json, evaluation_tables

    with opened(settings.data) as database, progress() as report:
        runs = evaluate(
            database,
            lambda: Registry(settings.data),
            window_name=options.window,
            seed=settings.seed,
            now=clock_of(database)(),
            progress=report,
        )
    if options.json:
        print(json.dumps(evaluation_json(runs), indent=1))
    else:
        show(*evaluation_tables(runs))


def tune(options: argparse.Namespace) -> None:
    """Search the parameters of ALS on the validation window."""
    settings = settings_of_instance(options)
    from movieapp.instance import opened
    from movieapp.lifecycle.tuning import choose, tune
    from movieapp.tables import trials_table

    with opened(settings.data) as database, progress() as report:
        trials = tune(database, seed=settings.seed, limit=options.trials, progress=report)
    chosen = choose(trials)
    if options.json:
        trials_as_json = [trial.as_dict() for trial in trials]
        print(json.dumps({"chosen": chosen.as_dict(), "trials": trials_as_json}, indent=1))
        return
    show(trials_table(trials))
    print(
        f"Chosen: factors {chosen.factors}, alpha {chosen.alpha:g}, regularization {chosen.regularization:g} "
        "(of the settings within 2 % of the best NDCG@10, the one with the highest Recall@20)."
    )
