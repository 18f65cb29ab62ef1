"""The measures of the dashboard, as JSON. They are read from the log in threads, not on the event loop."""

import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.asked import Asked
from movieapp.api.replies import INVALID, reply, shows
from movieapp.api.services import services
from movieapp.errors import Invalid
from movieapp.monitoring import measures
from movieapp.monitoring.drift import drift
from movieapp.monitoring.limits import Verdict, checks
from movieapp.monitoring.measures import Measures, Period

router = APIRouter(prefix="/monitoring", tags=["monitoring"])

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
FORMS = "an instant such as 2026-01-31T12:00:00Z, or a time back such as 30m, 24h or 7d"


def _instant(text: Any) -> datetime | timedelta:
    """Return an instant in UTC or a time back; without a zone, an instant is in UTC."""
    try:
        if back := re.fullmatch(r"(\d{1,5})([mhd])", str(text), re.ASCII):
            return int(back[1]) * UNITS[back[2]]
        instant = datetime.fromisoformat(str(text))
        return instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"has to be {FORMS}, not {str(text)[:40]!r}") from None


Instant = Annotated[
    Any,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "examples": ["2026-01-31T12:00:00Z", "24h"]}),
]


class PeriodAsked(Asked):
    """A period, in the query string."""

    since: Instant = Field(timedelta(days=1), description=f"Where it begins: {FORMS} (before `until`).")
    until: Instant = Field(None, description=f"Where it ends: {FORMS}; now, if it is left out.")

    def period(self, now: datetime) -> Period:
        """Return it in UTC; refuse one that ends before it begins."""
        try:
            until = now if self.until is None else self.until
            until = now - until if isinstance(until, timedelta) else until
            since = until - self.since if isinstance(self.since, timedelta) else self.since
        except OverflowError:
            raise Invalid("since lies before the year 1. Ask for a shorter time.") from None
        if since >= until:
            raise Invalid(
                f"since ({since:%Y-%m-%dT%H:%M:%SZ}) has to be before the period's end "
                f"({until:%Y-%m-%dT%H:%M:%SZ}). Give an earlier instant, or a time back such as 24h."
            )
        return Period(since, until)


class MeasuresShown(BaseModel):
    """Some requests. Latencies are of successful answers, null where there is none; the fallback rate is that
    of the lists for people among them (recommend, home, rank, together), null where there is none.
    """

    n_requests: int
    n_users: int
    n_errors: int = Field(description="With a status of 400 or more.")
    n_failures: int = Field(description="With a status of 500 or more.")
    requests_per_minute: float
    latency_mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    fallback_rate: float | None


class CheckShown(BaseModel):
    """A measure against its limit: red beyond it, amber from 80 % on, unknown if it cannot be said."""

    name: str
    title: str
    unit: str = Field(description="ms, share or count.")
    value: float | None
    limit: float
    verdict: Verdict
    sentence: str


class PeriodShown(BaseModel):
    """What all answers begin with. The period ends just before `until`."""

    request_id: str
    since: datetime
    until: datetime


class CoverageShown(BaseModel):
    """How much of the catalogue was in some list."""

    n_movies: int
    n_shown: int
    n_places: int = Field(description="Places in all lists together.")
    share: float | None


class SummaryShown(PeriodShown, MeasuresShown):
    """All requests of the period, and how they stand against the limits."""

    coverage: CoverageShown
    checks: list[CheckShown]


class EndpointShown(MeasuresShown):
    """The requests of one endpoint."""

    endpoint: str


class EndpointsShown(PeriodShown):
    """By endpoint, the busiest first."""

    endpoints: list[EndpointShown]


class VersionShown(MeasuresShown):
    """The requests that one version answered; null before there was one."""

    model_version: str | None


class VersionsShown(PeriodShown):
    """By version, the newest first."""

    versions: list[VersionShown]


class StretchShown(MeasuresShown):
    """The requests of one hour or day, which begins at `begins_at` (UTC)."""

    begins_at: datetime


class HoursShown(PeriodShown):
    """By hour, oldest first; hours without requests are left out."""

    hours: list[StretchShown]


class DaysShown(PeriodShown):
    """By day, oldest first; days without requests are left out."""

    days: list[StretchShown]


class ShareShown(BaseModel):
    """A group of films, and its shares; null where there was nothing to share."""

    name: str
    shown: float | None
    liked: float | None
    liked_before: float | None


class SharesShown(BaseModel):
    """The groups, and how far apart the shares are: 0 the same, 1 nothing in common."""

    groups: list[ShareShown]
    from_taste: float | None = Field(description="Between shown and liked in the period.")
    of_taste: float | None = Field(description="Between liked in the period and liked before.")


class AgesShown(BaseModel):
    """Ages in days at the period's end."""

    model_days: float | None
    data_days: float | None
    arrival_days: float | None


class DriftShown(PeriodShown):
    """What was shown against what was liked, by genre and by tenth of the films (1 holds the most rated)."""

    n_shown: int
    n_liked: int
    n_liked_before: int
    genres: SharesShown
    popularity: SharesShown
    ages: AgesShown


Query_ = Annotated[PeriodAsked, Query()]


@router.get("/summary", summary="All requests of a period", responses=shows(SummaryShown) | INVALID)
def summary(request: Request, asked: Query_) -> Response:
    """Counts, latencies, fallback rate and coverage of a period, and each of them against its limit."""
    period = asked.period(services(request).clock())
    found = measures.summary(services(request).database, period)
    body = asdict(found.total) | {
        "coverage": asdict(found.coverage) | {"share": found.coverage.share},
        "checks": [asdict(check) for check in checks(found)],
    }
    return _reply(request, period, body)


@router.get("/endpoints", summary="The requests by endpoint", responses=shows(EndpointsShown) | INVALID)
def endpoints(request: Request, asked: Query_) -> Response:
    """The busiest first."""
    period = asked.period(services(request).clock())
    found = measures.by_endpoint(services(request).database, period)
    return _reply(request, period, {"endpoints": _listed(found, "endpoint")})


@router.get("/versions", summary="The requests by model version", responses=shows(VersionsShown) | INVALID)
def versions(request: Request, asked: Query_) -> Response:
    """The newest first."""
    period = asked.period(services(request).clock())
    found = measures.by_version(services(request).database, period)
    return _reply(request, period, {"versions": _listed(found, "model_version")})


@router.get("/hours", summary="The requests by hour", responses=shows(HoursShown) | INVALID)
def hours(request: Request, asked: Query_) -> Response:
    """Oldest first; hours without requests are left out."""
    period = asked.period(services(request).clock())
    found = measures.by_hour(services(request).database, period)
    return _reply(request, period, {"hours": _listed(found, "begins_at")})


@router.get("/days", summary="The requests by day", responses=shows(DaysShown) | INVALID)
def days(request: Request, asked: Query_) -> Response:
    """Days of UTC, oldest first; days without requests are left out."""
    period = asked.period(services(request).clock())
    found = measures.by_day(services(request).database, period)
    return _reply(request, period, {"days": _listed(found, "begins_at")})


@router.get("/drift", summary="What was shown against what was liked", responses=shows(DriftShown) | INVALID)
def shown_and_liked(request: Request, asked: Query_) -> Response:
    """Shares by genre and by popularity of what lists showed, of what was liked in the period, and before it;
    beside them the ages of model and data.
    """
    app = services(request)
    period = asked.period(app.clock())
    live = app.recommender.live
    found = drift(app.database, period, trained_at=live.trained_at if live else None)
    return _reply(request, period, asdict(found))


def _listed(found: dict[Any, Measures], key: str) -> list[dict[str, Any]]:
    return [{key: name} | asdict(one) for name, one in found.items()]


def _reply(request: Request, period: Period, body: dict[str, Any]) -> Response:
    return reply(request, {"since": period.since, "until": period.until} | body)
