"""How versions came about: side by side, the decisions with their reasons, and the jobs that make them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from nicegui import run, ui

from movieapp.errors import MovieAppError
from movieapp.monitoring.document import Note
from movieapp.monitoring.overview import Decision, JobRun, VersionFigures, job_runs
from movieapp.monitoring.wording import (
    JOBS,
    VERSIONS,
    VERSIONS_SAID,
    decision_text,
    decision_title,
    job_row,
    version_row,
)
from movieapp.ui.documents import show_note
from movieapp.ui.figures import table
from movieapp.ui.notices import notice, text_button
from movieapp.ui.services import Services
from movieapp.ui.theme import section

if TYPE_CHECKING:
    from movieapp.jobs.background import Listed

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.5


def show_versions(versions: Sequence[VersionFigures]) -> None:
    """Show the versions beside each other."""
    section("Versions side by side")
    if not versions:
        notice("No version has been decided on yet. The first training makes one.")
        return
    table(
        "Measured, and as people received them",
        VERSIONS,
        [version_row(one) for one in versions],
        note=VERSIONS_SAID,
    )


def show_decisions(decisions: Sequence[Decision]) -> None:
    """Show which version was promoted or kept waiting, and open onto why."""
    section("Promotions", "Every decision about which version serves; open one to read why.")
    if not decisions:
        notice("No version has been decided on yet.")
    for one in decisions[:20]:
        show_note(Note(decision_title(one), decision_text(one)))


class JobsPart:
    """The jobs where they can be started, each with its progress and buttons, and below them the newest runs.

    Both are kept up to date.
    """

    def __init__(self, services: Services, runs: Sequence[JobRun]) -> None:
        self._services = services
        self._rows: dict[str, _JobRow] = {}
        section("Jobs")
        self._list = ui.element("div").classes("jobs")
        self._none = notice("No job has run yet.")
        self._show = table("Newest runs", JOBS, [], prose=True)
        self._present(runs)
        ui.timer(LOOK_EVERY_S, self._look)

    async def _look(self) -> None:
        try:
            found = await run.io_bound(_jobs, self._services)
        except MovieAppError as problem:
            log.warning("the page cannot look at the jobs: %s", problem)
            return
        if found is None:
            # The app is being stopped: what looks again and again must not keep it waiting.
            raise asyncio.CancelledError
        if self._list.is_deleted:
            return
        listed, runs = found
        for job in listed:
            if job.name not in self._rows:
                with self._list:
                    self._rows[job.name] = _JobRow(job, self._started, self._cancelled)
            self._rows[job.name].show(job)
        self._present(runs)

    def _present(self, runs: Sequence[JobRun]) -> None:
        self._none.set_visibility(not runs)
        self._show([job_row(run) for run in runs])

    async def _started(self, name: str) -> None:
        assert self._services.jobs is not None
        await run.io_bound(self._services.jobs.start, name)
        await self._look()

    async def _cancelled(self, name: str) -> None:
        assert self._services.jobs is not None
        await run.io_bound(self._services.jobs.cancel, name)
        await self._look()


Act = Callable[[str], Awaitable[None]]


class _JobRow:
    """One job: what it does, when, how far it is, and a button to start or to cancel it."""

    def __init__(self, job: "Listed", start: Act, cancel: Act) -> None:
        with ui.element("div").classes("job panel"):
            with ui.element("div").classes("job-text"):
                ui.label(job.name.capitalize()).classes("panel-title")
                ui.label(job.about).classes("muted small")
                self._when = ui.label().classes("muted small")
            with ui.element("div").classes("job-state"):
                self._state = ui.label().classes("small")
                with ui.element("div").classes("bar job-bar").props("role=progressbar") as self._bar:
                    self._fill = ui.element("div").classes("bar-fill")
            self._start = text_button("Start", lambda: start(job.name)).mark(f"start-{job.name}")
            self._cancel = text_button("Cancel", lambda: cancel(job.name)).mark(f"cancel-{job.name}")
        self._start.props["aria-label"] = f"Start {job.name}"
        self._cancel.props["aria-label"] = f"Cancel {job.name}"
        self._bar.props["aria-label"] = f"Progress of {job.name}"

    def show(self, job: "Listed") -> None:
        """Show how the job is now."""
        following = f"; next {job.next_run_at.astimezone():%d %b, %H:%M}" if job.next_run_at else ""
        self._when.text = f"{job.schedule[:1].upper()}{job.schedule[1:]}{following}"
        percent = round(100 * job.running.share) if job.running else 0
        state = f"{job.running.stage}, {percent} %" if job.running else ""
        self._state.text = state or ("waits for its turn" if job.is_waiting else "")
        self._fill.style(f"width: {percent}%")
        self._bar.props["aria-valuenow"] = str(percent)
        self._bar.set_visibility(job.running is not None)
        is_busy = job.running is not None or job.is_waiting
        self._start.set_visibility(not is_busy)
        self._cancel.set_visibility(is_busy)


def _jobs(services: Services) -> tuple[list["Listed"], Sequence[JobRun]]:
    listed = services.jobs.listing() if services.jobs is not None else []
    return listed, job_runs(services.database, until=services.clock())
