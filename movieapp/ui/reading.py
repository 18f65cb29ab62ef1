"""What the dashboard reads from the database, and keeps for the next visitor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from movieapp.database import Database
from movieapp.monitoring.measures import Period, newest_request
from movieapp.monitoring.overview import Overview, overview
from movieapp.ui.services import Services

PERIODS = {
    "24h": ("Last 24 hours", timedelta(days=1)),
    "7d": ("7 days", timedelta(days=7)),
    "30d": ("30 days", timedelta(days=30)),
}
KEEP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Found:
    """What the page shows; `is_past` when the period ends with the newest request, long ago."""

    overview: Overview
    is_past: bool
    read_at: datetime


class Reader:
    """Reads what the page shows, and keeps it: the next visitor sees that at once, and then what is new.

    Over a million requests a reading takes more than half a second.
    """

    def __init__(self, services: Services) -> None:
        self._database = services.database
        self._clock = services.clock
        self._turn = Lock()
        self._kept: dict[str, Found] = {}

    def read(self, period: str) -> Found:
        """Read a period that ends now; one reading at a time, which those who waited for it share."""
        asked_at = self._clock()
        with self._turn:
            kept = self._kept.get(period)
            if kept is None or kept.read_at < asked_at:
                kept = self._kept[period] = _read(self._database, PERIODS[period][1], self._clock())
        return kept

    def kept(self, period: str) -> Found | None:
        """Return what was read last, if that was not long ago."""
        found = self._kept.get(period)
        return found if found is not None and self._clock() - found.read_at < KEEP else None


def _read(database: Database, length: timedelta, now: datetime) -> Found:
    """Read the period before `now` or, if nothing was asked in it, that before the newest request."""
    newest = newest_request(database)
    is_past = newest is not None and newest < now - length
    until = newest + timedelta(seconds=1) if newest is not None and is_past else now
    return Found(overview(database, Period(until - length, until)), is_past, now)
