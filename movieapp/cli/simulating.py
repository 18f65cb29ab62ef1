"""The command that lives a past period of a release again, in an instance of its own."""

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movieapp.cli.edge import now, progress, settings_of, show
from movieapp.errors import Conflict, Invalid

if TYPE_CHECKING:
    import polars as pl

    from movieapp.database import Database
    from movieapp.monitoring.limits import Check
    from movieapp.monitoring.overview import Overview
    from movieapp.progress import Progress
    from movieapp.settings import Settings
    from movieapp.simulation import Past


def simulate(options: argparse.Namespace) -> None:
    """Live the period again, then print what became of its versions and lists."""
    from movieapp.instance import aims, clock_of, nightly, opened, workplace
    from movieapp.simulation import live

    settings = settings_of(options, seed=options.seed, train_fully=options.fully)
    _check_folder(settings)
    with progress() as report:
        past = _set_back(options, settings, report)
        with opened(settings.data) as database:
            place = workplace(database, settings)
            try:
                live(place, past, times=nightly(settings), aims=aims(settings), progress=report)
            except KeyboardInterrupt:
                raise KeyboardInterrupt(
                    f"stopped on {clock_of(database)():%d %B %Y} of the simulated time. What was lived until "
                    f"then is in {settings.data}: launcher.py --data {settings.data} shows it. To begin "
                    "again, delete that folder or name another one."
                ) from None
            lived = _Lived(database, past)
    if options.json:
        print(json.dumps(lived.as_json(), indent=1))
    else:
        lived.print()
        print(f"\nlauncher.py --data {settings.data} shows the rest, on the dashboard.")


def _check_folder(settings: "Settings") -> None:
    from movieapp.database import has_database
    from movieapp.registry import has_registry

    if "data" not in settings.model_fields_set:
        raise Invalid("A simulation makes an instance of its own: name a new folder for it with --data.")
    if os.path.isdir(settings.data) and (has_database(settings.data) or has_registry(settings.data)):
        raise Conflict(
            f"{settings.data} holds an instance already, and a simulation makes one of its own: name a new "
            "folder for it with --data, or delete this one."
        )


def _set_back(options: argparse.Namespace, settings: "Settings", report: "Progress") -> "Past":
    """Make the instance as it was when the period began; nothing of it is left if that is refused."""
    from movieapp.instance import opened
    from movieapp.simulation import set_back

    with opened(settings.data, make=True) as database:
        origin = options.origin or _release(options.release, settings.data, report)
        past = set_back(
            database,
            origin=origin,
            days=options.days,
            start=options.start,
            now=now(),
            folder_for_unpacking=settings.data,
            progress=report,
        )
        if options.release not in (None, past.release):
            raise Invalid(f"{origin} holds {past.release}, not {options.release}. Leave one of the two out.")
    return past


def _release(name: str | None, data: Path, report: "Progress") -> Path:
    from movieapp.sources.download import download
    from movieapp.sources.releases import bundled, release

    if name in (None, bundled().stem):
        return bundled()
    return download(release(name or ""), folder=data / "downloads", progress=report)


class _Lived:
    """What the instance says of the period when it is over."""

    def __init__(self, database: "Database", past: "Past") -> None:
        from movieapp.instance import clock_of
        from movieapp.monitoring.limits import checks
        from movieapp.monitoring.measures import Period, summary
        from movieapp.monitoring.overview import overview
        from movieapp.simulation import DAY

        self._past = past
        self._whole: Overview = overview(database, Period(past.since, clock_of(database)()))
        last_week = summary(database, Period(max(past.since, past.until - 7 * DAY), past.until))
        self._checks: tuple[Check, ...] = checks(last_week)
        self._realized: pl.DataFrame = database.read("monitoring/realized_by_version")

    def print(self) -> None:
        """Print versions, decisions, replay and the last week against the limits."""
        from movieapp.monitoring.wording import check_value, decision_title

        total, past = self._whole.summary.total, self._past
        show(self._versions(), self._replay())
        for decision in reversed(self._whole.decisions):
            print(f"\n{decision_title(decision)}.\n{decision.reasoning}")
        print("\nThe last week against its limits:")
        for check in self._checks:
            print(f"- {check.title}: {check_value(check)}. {check.sentence}")
        print(
            f"\nLived {past.days} days of {past.release} again, from {past.since:%d %B %Y} on: "
            f"{total.n_users:,} people asked {total.n_requests:,} times and gave {past.ratings.height:,} "
            "ratings."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the same as JSON values."""
        total, past = self._whole.summary.total, self._past
        return {
            "release": past.release,
            "since": past.since.isoformat(),
            "until": past.until.isoformat(),
            "n_people": total.n_users,
            "n_requests": total.n_requests,
            "n_ratings": past.ratings.height,
            "decisions": [
                {
                    "decided_at": one.decided_at.isoformat(),
                    "champion": one.champion,
                    "challenger": one.challenger,
                    "is_promoted": one.is_promoted,
                    "reasoning": one.reasoning,
                }
                for one in reversed(self._whole.decisions)
            ],
            "versions": {
                one.version: {
                    "model": one.model,
                    "n_requests": one.traffic.n_requests if one.traffic else 0,
                    **{
                        name: {"value": figure.value, "low": figure.low, "high": figure.high}
                        for name, figure in one.offline.items()
                    },
                }
                for one in reversed(self._whole.versions)
            },
            "replay": self._realized.to_dicts(),
            "last_week": {
                one.name: {"value": one.value, "limit": one.limit, "verdict": str(one.verdict)}
                for one in self._checks
            },
        }

    def _versions(self) -> Any:
        from rich.table import Table

        from movieapp.monitoring.wording import OFFLINE, figure_cell

        table = Table("version", *OFFLINE.values(), "requests", title="as measured when decided on")
        for one in reversed(self._whole.versions):
            figures = (figure_cell(one.offline.get(name)).replace("\n", ", ") for name in OFFLINE)
            n_requests = one.traffic.n_requests if one.traffic else 0
            table.add_row(f"{one.version} ({one.model})", *figures, f"{n_requests:,}")
        return table

    def _replay(self) -> Any:
        from rich.table import Table

        from movieapp.monitoring.wording import REALIZED

        table = Table("version", "lists", *REALIZED.values(), "people", title="as people received them, in %")
        grouped = self._realized.group_by("model_version", "is_fallback", maintain_order=True)
        for (version, is_fallback), rows in reversed(list(grouped)):
            cells = {
                row["metric"]: f"{100 * row['value']:.1f} [{100 * row['low']:.1f}, {100 * row['high']:.1f}]"
                + ("" if row["control"] is None else f", popular {100 * row['control']:.1f}")
                for row in rows.iter_rows(named=True)
            }
            kind = "popular, to newcomers" if is_fallback else "personal"
            people = f"{rows['n_users'].max():,}"
            table.add_row(str(version), kind, *(cells.get(name, "") for name in REALIZED), people)
        return table
