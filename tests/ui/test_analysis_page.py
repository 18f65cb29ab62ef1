"""The page that asks the published file: what it shows before, while and after a question is answered."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nicegui import ui
from nicegui.testing import User

from movieapp.database import PUBLISHED, Database
from movieapp.ui.analysis import _told
from movieapp.ui.mount import add_pages
from movieapp.ui.services import Services

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


class FakeJobs:
    """Starts one job, at once."""

    def __init__(self, publish: Callable[[], None]) -> None:
        self._publish = publish
        self.refuses: Exception | None = None

    def start(self, name: str) -> str:
        assert name == "publish"
        if self.refuses:
            raise self.refuses
        self._publish()
        return "run"


@pytest.fixture
def services(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """As elsewhere, but with a database in a file, and a job that publishes."""
    folder = tmp_path_factory.mktemp("data")
    database = Database(folder / "movieapp.duckdb")
    database.migrate()
    database.write(
        "ingest/record_dataset", release="r", origin="-", checksum="0", now=datetime(2026, 1, 1), n_rejected=0
    )

    def publish() -> None:
        database.publish(folder / PUBLISHED, now=NOW)

    yield replace(services, database=database, jobs=FakeJobs(publish))  # type: ignore[arg-type]
    database.close()


@pytest.fixture
def published(services: Services) -> Services:
    """The services of an instance that has published."""
    assert services.jobs is not None
    services.jobs.start("publish")
    return services


async def ask(user: User, sql: str) -> None:
    """Write a question, and run it."""
    (editor,) = user.find(marker="sql").elements
    assert isinstance(editor, ui.codemirror)
    editor.set_value(sql)
    user.find(marker="run").click()


async def test_before_anything_is_published_the_page_says_so_and_publishes(
    user: User, services: Services
) -> None:
    await user.open("/analysis")
    await user.should_see("Nothing is published yet")
    await user.should_not_see(marker="sql")
    user.find(marker="publish").click()
    await user.should_see(marker="sql", retries=50)
    await user.should_see("on 02 January 2026 at 03:04:00 UTC", retries=50)


async def test_where_nothing_can_publish_there_is_no_button(user: User, services: Services) -> None:
    add_pages(replace(services, jobs=None))
    await user.open("/analysis")
    await user.should_see("Run launcher.py publish")
    await user.should_not_see(marker="publish")


async def test_a_question_shows_its_rows_and_offers_them_as_csv(user: User, published: Services) -> None:
    await user.open("/analysis")
    await user.should_see("Nothing asked yet")
    await user.should_not_see("Download CSV")
    await ask(user, "select '<b>' as \"a & b\", 1 as n, null as nothing")
    await user.should_see("1 row in", retries=50)
    table = next(
        element.content for element in user.find(kind=ui.html).elements if "<table" in element.content
    )
    assert '<th scope="col" class="words" title="VARCHAR">a &amp; b</th>' in table
    assert '<td class="words">&lt;b&gt;</td><td class="number">1</td>' in table
    user.find(marker="csv").click()
    response = await user.download.next()
    assert response.text.splitlines() == ["a & b,n,nothing", "<b>,1,"]


async def test_only_the_first_of_many_rows_are_shown(user: User, published: Services) -> None:
    await user.open("/analysis")
    await ask(user, "select range as n from range(201)")
    await user.should_see("201 rows in", retries=50)
    await user.should_see("the first 200 are shown, the CSV has them all")


async def test_a_refusal_stands_in_place_of_the_answer(user: User, published: Services) -> None:
    await user.open("/analysis")
    await ask(user, "delete from dataset")
    await user.should_see("Only questions are answered here", retries=50)
    await user.should_not_see("Download CSV")
    await ask(user, "select 1 as one where false")
    await user.should_see("nothing fits it", retries=50)
    await user.should_not_see("Only questions are answered here")


async def test_a_question_to_begin_with_is_put_into_the_editor(user: User, published: Services) -> None:
    await user.open("/analysis")
    (choice,) = user.find(marker="questions").elements
    (editor,) = user.find(marker="sql").elements
    assert isinstance(choice, ui.select)
    assert isinstance(editor, ui.codemirror)
    assert "duckdb_views()" in editor.value
    titles: dict[Any, str] = choice.options  # type: ignore[assignment]
    choice.set_value(next(key for key, title in titles.items() if "jobs" in title))
    assert "from job_summary" in editor.value
    user.find(marker="run").click()
    await user.should_see("No rows in", retries=50)


async def test_an_instance_in_memory_has_no_file_to_ask(
    user: User, services: Services, database: Database
) -> None:
    add_pages(replace(services, database=database))
    await user.open("/analysis")
    await user.should_see("kept in memory")


def test_the_age_is_told_in_minutes_and_hours() -> None:
    said = "ago, on 02 January 2026 at 03:04:00 UTC."
    assert _told(NOW, NOW + timedelta(minutes=5, seconds=59)) == f"Published 5 min {said}"
    assert _told(NOW, NOW + timedelta(hours=30)) == f"Published 30 h {said}"
    assert _told(NOW, NOW).startswith("Published just now")
    assert "no release" in _told(None, NOW)
