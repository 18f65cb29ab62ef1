"""The dashboard: whose figures it shows, and of when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from nicegui.testing import User

from movieapp.database import Database
from movieapp.jobs.background import Listed, Running
from movieapp.ui import dashboard, lifecycle
from movieapp.ui.services import Services
from tests.databases import copy_of
from tests.monitoring.logged import a_request, log
from tests.monitoring.test_overview import decide

FIRST = datetime(2026, 1, 2, 3, 4)
SECOND = datetime(2026, 2, 3, 4, 5)
# Tenths of a second to wait for what a thread reads, on a busy machine.
LONG = 100


@pytest.fixture
def services(services: Services) -> Iterator[Services]:
    """As elsewhere, but with a database of the test's own."""
    database = copy_of()
    yield replace(services, database=database)
    database.close()


async def opened(user: User, path: str) -> None:
    """Open the dashboard and wait for what it reads."""
    await user.open(path)
    await user.should_see("Explore the release in plots", retries=LONG)


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
    await opened(user, "/dashboard")
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
    await opened(user, "/dashboard")
    await user.should_see("Returning users · 1,032 people in the validation window")
    await user.should_see("Measured on 03 Feb 2026, 04:05 UTC")
    await user.should_see("The live v3 is of another training")
    for figure in ("0.322", "0.222 – 0.422", "Coverage@100", "0.750"):
        await user.should_see(figure)
    for figure in ("NDCG@10, returning users", "0.311", "0.211 – 0.411, validation window"):
        await user.should_see(figure)
    await user.should_see("the 15 % of the ratings that come before the newest 15 %")
    await user.should_not_see("0.333")


async def test_the_training_of_the_live_version_is_named(user: User, released: Services) -> None:
    evaluated(released, FIRST, ndcg=0.311, n_users=31, window="validation")
    assert released.recommender.live.trained_at == FIRST.replace(tzinfo=UTC)  # type: ignore[union-attr]
    await opened(user, "/dashboard")
    await user.should_see("Measured on 02 Jan 2026, 03:04 UTC, when v3 was trained.")


def ago(**time: float) -> datetime:
    """Return an instant before this one, as the database takes it."""
    return (datetime.now(UTC) - timedelta(**time)).replace(tzinfo=None)


async def test_measures_stand_against_their_limits(user: User, services: Services) -> None:
    slow = [a_request(requested_at=ago(minutes=5), latency_ms=120.0, user_id=user_id) for user_id in (1, 2)]
    failed = a_request(requested_at=ago(minutes=5), endpoint="similar", status=503)
    log(services.database, [*slow, failed])
    await opened(user, "/dashboard")
    for words in (
        "19 of 20 answers took at most 120 ms, over the limit of 100 ms.",
        "Nothing was answered by /similar in this time; the limit is 50 ms.",
        "1 of 3 requests failed with a status of 500 or more; none may. The app's log says why.",
        "red",
        "Requests per hour (UTC)",
        "Requests by endpoint",
    ):
        await user.should_see(words)


async def test_what_was_asked_long_ago_is_shown_and_said_to_be_past(user: User, services: Services) -> None:
    log(services.database, [a_request(requested_at=datetime(1998, 4, 22, 11, 30))])
    await opened(user, "/dashboard?period=7d")
    await user.should_see("Nothing was asked after 22 April 1998, 11:30 UTC: this is the time before that.")
    await user.should_see("Requests per day (UTC)")
    await user.should_see("None of 1 request failed, as it should be.")


async def test_versions_and_decisions_come_with_their_reasons(user: User, services: Services) -> None:
    numbers = {"metrics": {"ndcg@10": {"before": 0.1, "after": 0.1234}}}
    decide(
        services.database, "7", FIRST, numbers, is_promoted=False, reasoning="The evidence does not suffice."
    )
    await opened(user, "/dashboard")
    await user.should_see("v7")
    await user.should_see("0.123")
    await user.should_see("02 Jan 2026, 03:04 UTC: version 7 kept waiting")
    await user.should_see("The evidence does not suffice.")
    await user.should_see("ndcg@10 0.100 → 0.123.")


def run_a_job(services: Services, job: str) -> None:
    """Store a run that is half done."""
    with services.database.transaction() as cursor:
        cursor._cursor.execute(
            "insert into job_runs (run_id, job, started_by, started_at, stage, progress) "
            "values (uuid(), ?, 'page', ?, 'training als', 0.5)",
            [job, ago(minutes=1)],
        )


async def test_runs_are_shown_without_buttons_where_no_job_can_be_started(
    user: User, services: Services
) -> None:
    run_a_job(services, "retrain")
    await opened(user, "/dashboard")
    await user.should_see("training als, 50 %")
    await user.should_not_see(marker="start-retrain")


@dataclass
class FakeJobs:
    """One job, which runs until it is cancelled."""

    running: Running | None = None

    def start(self, name: str) -> str:
        self.running = Running("1", "training als", 0.25)
        return "1"

    def cancel(self, name: str) -> str:
        self.running = None
        return "1"

    def listing(self) -> list[Listed]:
        return [Listed("retrain", "Trains again.", "every day at 03:00", None, False, self.running, [])]


class TestWithJobs:
    """A page whose buttons start jobs and cancel them."""

    @pytest.fixture
    def services(self, services: Services) -> Services:
        """With one job."""
        return replace(services, jobs=FakeJobs())  # type: ignore[arg-type]

    async def test_a_job_is_started_followed_and_cancelled(
        self, user: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lifecycle, "LOOK_EVERY_S", 0.1)
        await opened(user, "/dashboard")
        await user.should_see("Trains again.", retries=LONG)
        await user.should_see("Every day at 03:00")
        user.find("start-retrain").click()
        await user.should_see("training als, 25 %", retries=LONG)
        await user.should_not_see(marker="start-retrain")
        user.find("cancel-retrain").click()
        await user.should_see(marker="start-retrain", retries=LONG)
        await user.should_not_see("training als, 25 %")


async def test_the_page_follows_without_being_reloaded(
    user: User, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard, "EVERY_S", 0.1)
    monkeypatch.setattr(dashboard, "REST", 0)
    await opened(user, "/dashboard")
    await user.should_see("Nothing was asked yet")
    log(services.database, [a_request(requested_at=ago(seconds=1))])
    decide(services.database, "8", FIRST, {}, reasoning="It is the first.")
    await user.should_see("None of 1 request failed, as it should be.", retries=LONG)
    await user.should_see("It is the first.", retries=LONG)
    log(services.database, [a_request(requested_at=ago(seconds=1), endpoint="popular")])
    await user.should_see("None of 2 requests failed, as it should be.", retries=LONG)
    await user.should_see("popular", retries=LONG)


async def test_a_second_visitor_sees_what_is_kept_at_once_and_then_what_is_new(
    user: User, services: Services
) -> None:
    log(services.database, [a_request(requested_at=ago(seconds=1))])
    await opened(user, "/dashboard")
    await user.should_see("None of 1 request failed, as it should be.")
    log(services.database, [a_request(requested_at=ago(seconds=1))])
    await opened(user, "/dashboard")
    await user.should_see("None of 2 requests failed, as it should be.", retries=LONG)


async def test_exploring_says_what_to_do_before_there_is_a_release(user: User) -> None:
    await user.open("/explore")
    await user.should_see("There is no release to explore yet.", retries=LONG)


async def test_exploring_shows_the_release_in_plots(user: User, services: Services) -> None:
    films = pl.DataFrame({"movie_id": [1], "title": ["-"], "release_year": [2000], "genres": [["Drama"]]})
    services.database.append("ingest/movies", films)
    ratings = pl.DataFrame({"user_id": [1], "movie_id": [1], "rating": [4.0], "seconds": [978_652_800]})
    services.database.write("ingest/ratings", incoming=ratings, now=FIRST)
    services.database.write(
        "ingest/record_dataset", release="ours", origin="-", checksum="0", now=FIRST, n_rejected=0
    )
    await user.open("/explore")
    await user.should_see("100 % of the ratings are likes, 4 stars or more; the mean is 4.00.", retries=LONG)
    await user.should_see("Drama is the most common genre: 100 % of the films have it.")


class TestOnDisk:
    """An instance with a folder."""

    @pytest.fixture
    def data(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """The folder."""
        return tmp_path_factory.mktemp("data")

    @pytest.fixture
    def services(self, services: Services, data: Path) -> Iterator[Services]:
        """As elsewhere, in a file."""
        database = Database(data / "movieapp.duckdb")
        database.migrate()
        yield replace(services, database=database)
        database.close()

    async def test_daily_reports_are_linked_and_served_and_nothing_else_is(
        self, user: User, data: Path
    ) -> None:
        await opened(user, "/dashboard")
        await user.should_see("No daily report yet; each day's is linked here.")
        (data / "reports").mkdir()
        (data / "reports" / "2026-01-02.html").write_text("<p>As written.</p>")
        (data / "session.key").write_text("secret")
        await opened(user, "/dashboard")
        await user.should_see("2026-01-02")
        page = await user.http_client.get("/reports/2026-01-02.html")
        assert page.text == "<p>As written.</p>"
        for name in ("2026-01-03.html", "..%2fsession.key", "%2e%2e%2fsession.key"):
            answer = await user.http_client.get(f"/reports/{name}")
            assert "secret" not in answer.text
            assert answer.status_code == 404
