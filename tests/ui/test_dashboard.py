"""The dashboard: whose figures it shows, and of when."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest
from nicegui.testing import User

from movieapp.database import Database
from movieapp.ui.services import Services

FIRST = datetime(2026, 1, 2, 3, 4)
SECOND = datetime(2026, 2, 3, 4, 5)


@pytest.fixture
def services(services: Services) -> Iterator[Services]:
    """As elsewhere, but with a database of the test's own."""
    database = Database()
    database.migrate()
    yield replace(services, database=database)
    database.close()


def evaluated(services: Services, when: datetime, *, ndcg: float, n_users: int, window: str) -> None:
    """Store what ALS reached."""
    figures = pl.DataFrame(
        {
            "run_id": [f"{when} {window}"] * 2,
            "evaluated_at": [when] * 2,
            "release": ["ours"] * 2,
            "window": [window] * 2,
            "model": ["als"] * 2,
            "slice": ["returning"] * 2,
            "metric": ["ndcg@10", "coverage@100"],
            "value": [ndcg, 0.75],
            "low": [ndcg - 0.1, None],
            "high": [ndcg + 0.1, None],
            "n_users": [n_users] * 2,
        }
    )
    services.database.append("lifecycle/record_evaluations", figures)


@pytest.fixture
def released(services: Services) -> Services:
    """The services once a release is in."""
    services.database.write(
        "ingest/record_dataset", release="ours", origin="-", checksum="0", now=FIRST, n_rejected=0
    )
    return services


async def test_the_dashboard_shows_the_live_version_and_says_that_nothing_was_asked(user: User) -> None:
    await user.open("/dashboard")
    await user.should_see("v3")
    await user.should_see("ALS")
    await user.should_see("Nothing was asked yet")
    await user.should_see("No model has been evaluated on this release yet.")


async def test_the_comparison_is_the_newest_on_validation_and_says_of_when(
    user: User, released: Services
) -> None:
    evaluated(released, FIRST, ndcg=0.311, n_users=31, window="validation")
    evaluated(released, SECOND, ndcg=0.322, n_users=1032, window="validation")
    evaluated(released, SECOND, ndcg=0.333, n_users=33, window="test")
    released.recommender.live.metrics = {"returning": {"ndcg@10": [0.311, 0.211, 0.411]}}  # type: ignore
    await user.open("/dashboard")
    await user.should_see("Returning users · 1,032 people in the validation window")
    await user.should_see("measured on 03 Feb 2026, 04:05 UTC")
    await user.should_see("The live v3 is of another training")
    for figure in ("0.322", "0.222 – 0.422", "Coverage@100", "0.750"):
        await user.should_see(figure)
    for figure in ("NDCG@10, returning users", "0.311", "0.211 – 0.411, validation window"):
        await user.should_see(figure)
    await user.should_not_see("0.333")


async def test_the_training_of_the_live_version_is_named(user: User, released: Services) -> None:
    evaluated(released, FIRST, ndcg=0.311, n_users=31, window="validation")
    assert released.recommender.live.trained_at == FIRST.replace(tzinfo=UTC)  # type: ignore[union-attr]
    await user.open("/dashboard")
    await user.should_see("measured on 02 Jan 2026, 03:04 UTC, when v3 was trained.")
