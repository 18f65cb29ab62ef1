"""The jobs: see them, start one, let one end."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.replies import INVALID, NOT_FOUND, NOT_READY, reply, shows
from movieapp.api.services import services
from movieapp.api.shown import Problem
from movieapp.errors import NotReady

if TYPE_CHECKING:
    from movieapp.jobs import Jobs

router = APIRouter(prefix="/jobs", tags=["the app"])

ACCEPTED = 202


class RunningShown(BaseModel):
    """A run under way; `share` is done, 0 to 1: of a training as a whole, else of the stage."""

    run_id: str
    stage: str
    share: float


class RunShown(BaseModel):
    """One run. `outcome` is null until it ends: done, skipped, cancelled, failed or interrupted."""

    run_id: str
    started_by: str = Field(description="schedule, command, api, page or start (that of the app).")
    started_at: datetime
    finished_at: datetime | None
    stage: str | None = Field(description="What it was doing last.")
    progress: float
    outcome: str | None
    summary: str | None
    error: str | None


class JobShown(BaseModel):
    """A job, and its newest runs, the newest first."""

    name: str
    about: str
    schedule: str
    next_run_at: datetime | None
    is_waiting: bool = Field(description="Whether it runs as soon as another job has ended.")
    running: RunningShown | None
    runs: list[RunShown]


class JobsShown(BaseModel):
    """All jobs."""

    request_id: str
    jobs: list[JobShown]


class AcceptedShown(BaseModel):
    """The run that is to begin or to end."""

    request_id: str
    job: str
    run_id: str


ANSWERS: dict[int | str, dict[str, Any]] = {
    ACCEPTED: {"model": AcceptedShown},
    409: {"model": Problem, "description": "It runs already, or does not run."},
    **NOT_FOUND,
    **INVALID,
    **NOT_READY,
}


@router.get("", summary="The jobs and their runs", responses=shows(JobsShown) | NOT_READY)
def listing(request: Request) -> Response:
    """When each job runs by itself, how far it is if it runs, and its newest runs."""
    return reply(request, {"jobs": [_body(asdict(one)) for one in _jobs(request).listing()]})


@router.post(
    "/{name}",
    summary="Start a job",
    status_code=ACCEPTED,
    responses=ANSWERS,
)
def start(request: Request, name: str) -> Response:
    """Let a job run now, or as soon as the one that runs has ended; publish waits for no other.

    It is refused while it runs already.
    """
    return _accepted(request, name, _jobs(request).start(name, started_by="api"))


@router.delete(
    "/{name}",
    summary="Cancel a job",
    status_code=ACCEPTED,
    responses=ANSWERS,
)
def cancel(request: Request, name: str) -> Response:
    """Let a job that runs end at its next stage, or one that waits not begin."""
    return _accepted(request, name, _jobs(request).cancel(name))


def _jobs(request: Request) -> "Jobs":
    jobs = services(request).jobs
    if jobs is None:
        raise NotReady("This server runs no jobs. Start the app with launcher.py.")
    return jobs


def _accepted(request: Request, name: str, run_id: str) -> Response:
    response = reply(request, {"job": name, "run_id": run_id})
    response.status_code = ACCEPTED
    return response


def _body(job: dict[str, object]) -> dict[str, object]:
    runs = job["runs"]
    assert isinstance(runs, list)
    return job | {"runs": [{name: run[name] for name in RunShown.model_fields} for run in runs]}
