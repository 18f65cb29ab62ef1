"""The daily report: its numbers, its two forms, and that it stands alone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from movieapp.database import Database
from movieapp.monitoring.report import LiveModel, report, reports
from tests.databases import copy_of
from tests.monitoring.logged import NOW, a_request, database_of, rate
from tests.monitoring.test_overview import decide

LIVE = LiveModel("3", "als", NOW - timedelta(days=3))
GENRES = [["Drama"], ["Drama", "<War>"], *[["Comedy"]] * 6]


class Loads(HTMLParser):
    """Collects whatever a browser would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "iframe", "img", "object", "embed", "base"):
            self.found.append(tag)
        self.found += [
            f"{name}={value}" for name, value in attrs if name in ("src", "href", "srcset", "action")
        ]
        self.found += [name for name, _ in attrs if name.startswith("on")]


@pytest.fixture
def database() -> Iterator[Database]:
    """Twenty answers a day on three days, one of them slow, one failed today; a decision and a like."""
    requests = [
        a_request(
            requested_at=(NOW - timedelta(days=day, minutes=10 * place)).replace(tzinfo=None),
            user_id=place % 4 + 1,
            latency_ms=400.0 if (day, place) == (0, 1) else 4.0,
            status=503 if (day, place) == (0, 2) else 200,
            recommendations=[1, 2, 3],
        )
        for day in range(3)
        for place in range(1, 21)
    ]
    database = database_of(requests, GENRES)
    rate(database, [(1, 2, 5.0, (NOW - timedelta(hours=1)).replace(tzinfo=None))])
    decide(
        database,
        "3",
        datetime(2026, 1, 1, 3),
        {"metrics": {"ndcg@10": {"before": 0.1, "after": 0.1234}}},
        reasoning="Version 3 <b>takes over</b>.",
    )
    yield database
    database.close()


def test_it_says_the_numbers_in_both_forms(database: Database, tmp_path: Path) -> None:
    page = report(database, tmp_path / "reports", now=NOW, live=LIVE)
    assert page == tmp_path / "reports" / "2026-01-02.html"
    html, markdown = page.read_text(), page.with_suffix(".md").read_text()
    for text in (html, markdown):
        assert "1 of 20 requests failed with a status of 500 or more" in text
        assert "(red)" in text or 'class="tile red"' in text
        assert "Version 3 (als) serves, trained on 30 Dec 2025, 12:30 UTC." in text
        assert "0.123" in text
        assert "01 Jan 2026, 03:00 UTC: version 3 promoted" in text
        assert "60 places in lists; 1 like in the same time, 0 before." in text
    assert markdown.count("| 02 Jan 2026 | 20 | 4 | 1 |") == 1
    assert html.count('<svg class="plot"') >= 6
    assert "<td>20</td>" in html


def test_the_page_needs_nothing_from_anywhere(database: Database, tmp_path: Path) -> None:
    html = report(database, tmp_path, now=NOW, live=LIVE).read_text()
    loads = Loads()
    loads.feed(html)
    assert loads.found == []
    assert not re.search(r"https?://|url\(|@import", html)


def test_words_of_the_data_are_no_markup(database: Database, tmp_path: Path) -> None:
    html = report(database, tmp_path, now=NOW, live=LIVE).read_text()
    assert "Version 3 &lt;b&gt;takes over&lt;/b&gt;." in html
    assert "&lt;War&gt;" in html
    assert "<War>" not in html


def test_an_empty_log_gives_sentences(tmp_path: Path) -> None:
    database = copy_of()
    page = report(database, tmp_path, now=NOW)
    database.close()
    for text in (page.read_text(), page.with_suffix(".md").read_text()):
        assert "Nothing was asked in these 24 hours." in text
        assert "No version serves yet" in text
        assert "No job has run yet." in text
        assert "No release has been read yet." in text
        assert not re.search(r"\bnan\b|\bNone\b(?! of)", text, re.IGNORECASE)


def test_a_second_report_of_a_day_takes_the_place_of_the_first(database: Database, tmp_path: Path) -> None:
    report(database, tmp_path, now=NOW, live=LIVE)
    report(database, tmp_path, now=NOW + timedelta(hours=1))
    report(database, tmp_path, now=datetime(2026, 1, 3, tzinfo=UTC))
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "2026-01-02.html",
        "2026-01-02.md",
        "2026-01-03.html",
        "2026-01-03.md",
    ]
    assert "No version serves yet" in (tmp_path / "2026-01-02.md").read_text()
    assert [file.name for file in reports(tmp_path)] == ["2026-01-03.html", "2026-01-02.html"]
