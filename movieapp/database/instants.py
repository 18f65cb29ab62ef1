"""Instants as the tables hold them: in UTC, without saying so."""

from datetime import UTC, datetime


def naive(instant: datetime) -> datetime:
    """Return an instant as the tables hold it."""
    return instant.astimezone(UTC).replace(tzinfo=None)


def aware(instant: datetime) -> datetime:
    """Return an instant of a table as one that says that it is in UTC."""
    return instant.replace(tzinfo=UTC)
