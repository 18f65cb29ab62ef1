"""What commands have in common: settings from their options, progress on stderr, tables on stdout."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from movieapp.progress import Progress
    from movieapp.settings import Settings


def now() -> datetime:
    """The instant; the one place where commands read the clock."""
    return datetime.now(UTC)


def settings_of(options: argparse.Namespace, **given: object) -> "Settings":
    """Return the settings, with what the command line gives before the environment."""
    from movieapp.settings import read

    return read(data=options.data, **given)


def settings_of_instance(options: argparse.Namespace, **given: object) -> "Settings":
    """Return the settings of a command that works on an instance; refuse where there is none.

    Asked before a command imports what it works with, so that a mistyped folder is told at once.
    """
    settings = settings_of(options, **given)
    from movieapp.database import has_database, open_database

    if not has_database(settings.data):
        # It opens nothing: it says what is wrong with the folder.
        open_database(settings.data, make=False)
    return settings


@contextmanager
def progress() -> "Iterator[Progress]":
    """Show long work: a bar on a terminal, a plain line per stage elsewhere; both on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        stages: list[str] = []

        def line(stage: str, share: float) -> None:
            if stage not in stages[-1:]:
                stages.append(stage)
                print(stage, file=sys.stderr, flush=True)

        yield line
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        bar = bars.add_task("starting", total=1.0)
        yield lambda stage, share: bars.update(bar, description=stage, completed=share)


def show(*tables: Any) -> None:
    """Print tables."""
    from rich.console import Console

    # Without a terminal there is no width to fit: a pipe gets whole lines.
    console = Console()
    Console(width=None if console.is_terminal else 160).print(*tables)
