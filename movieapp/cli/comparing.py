"""The command that compares models on one release."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movieapp.cli.edge import now, progress, settings_of, settings_of_instance, show
from movieapp.errors import Invalid

if TYPE_CHECKING:
    from movieapp.database import Database
    from movieapp.evaluation.stars import Protocol
    from movieapp.lifecycle.comparison import Comparison


def compare(options: argparse.Namespace) -> None:
    """Fit and measure models side by side, print the tables, and write what was asked for."""
    seed = settings_of(options, seed=options.seed).seed
    _check(options)
    with _release(options) as database:
        if options.stars:
            _compare_stars(options, database, seed=seed)
        else:
            _compare_lists(options, database, seed=seed)


def _check(options: argparse.Namespace) -> None:
    """Refuse options that do not go together."""
    if options.stars and (options.html or options.aims or options.models):
        raise Invalid("--stars goes with --from, --data, --seed and --json only.")
    if options.stars == "u" and options.origin is None:
        raise Invalid("The splits u1 to u5 are in the zip of ML-100K: name it with --from.")


def _compare_lists(options: argparse.Namespace, database: "Database", *, seed: int) -> None:
    from movieapp.cli.leaderboard import page
    from movieapp.lifecycle.comparison import compare
    from movieapp.monitoring.document import html
    from movieapp.preparation.split import Protocol
    from movieapp.tables import comparison_tables

    with progress() as report:
        comparison = compare(
            database,
            protocol=Protocol(options.protocol),
            window_name=options.window,
            seed=seed,
            only=tuple(name for name in options.models.split(",") if name),
            aims=options.aims,
            progress=report,
        )
    show(*comparison_tables(comparison))
    _write_json(options.json, comparison.as_json())
    if options.origin is None:
        keep(comparison, settings_of(options).data)
    if options.html:
        _write(options.html, html(page(comparison, now=now())))


def keep(comparison: "Comparison", data: Path) -> None:
    """Leave a comparison where the instance's pages find it; one of some models leaves that of all there."""
    from movieapp.lifecycle.comparison import KEPT, KEPT_AIMS, KEPT_SOME
    from movieapp.preparation.split import Protocol

    figures = comparison.as_json() | {"compared_at": now().isoformat()}
    _write_json(data / (KEPT if comparison.is_whole else KEPT_SOME), figures)
    if comparison.is_whole:
        (data / KEPT_SOME).unlink(missing_ok=True)
    if comparison.aims and comparison.protocol is Protocol.TIME:
        _write_json(data / KEPT_AIMS, figures)


def _compare_stars(options: argparse.Namespace, database: "Database", *, seed: int) -> None:
    from movieapp.evaluation.stars import measure_stars
    from movieapp.preparation.facts import read_facts
    from movieapp.tables import stars_json, stars_table

    protocol = _stars_protocol(options, database, seed=seed)
    with progress() as report:
        measured = measure_stars(protocol, read_facts(database), progress=report)
    show(stars_table(measured))
    _write_json(options.json, stars_json(measured))


def _stars_protocol(options: argparse.Namespace, database: "Database", *, seed: int) -> "Protocol":
    from movieapp.evaluation.stars import folds, random_90_10, u_splits
    from movieapp.preparation.interactions import read_ratings

    if options.stars == "u":
        return u_splits(options.origin)
    split = folds if options.stars == "folds" else random_90_10
    return split(read_ratings(database), seed=seed)


@contextmanager
def _release(options: argparse.Namespace) -> "Iterator[Database]":
    """Give the release that is named, in a database that no instance sees, or that of the instance."""
    if options.origin is not None:
        from movieapp.lifecycle.comparison import release_in_memory

        with release_in_memory(options.origin, now=now()) as database:
            yield database
        return
    settings = settings_of_instance(options)
    from movieapp.instance import opened, workplace

    with opened(settings.data) as database:
        workplace(database, settings).check()
        yield database


def _write_json(file: Path | None, figures: dict[str, Any]) -> None:
    if file is not None:
        _write(file, json.dumps(figures, indent=1) + "\n")


def _write(file: Path, text: str) -> None:
    from movieapp.monitoring.document import put

    try:
        put(file, text)
    except OSError as error:
        raise Invalid(f"{file} cannot be written ({error.strerror}). Choose another file.") from error
    print(f"Wrote {file}.")
