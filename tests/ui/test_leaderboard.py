"""The last comparison as a page: figures, empty before the first, a sentence for a broken file."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nicegui.testing import User

from movieapp.database import Database
from movieapp.errors import Invalid
from movieapp.lifecycle.comparison import KEPT, KEPT_SOME
from movieapp.ui.aims import aim_name
from movieapp.ui.comparisons import board, last_comparison
from movieapp.ui.services import Services


def figures(ndcg: float, coverage: float, **others: float) -> dict[str, Any]:
    """Return a line's figures; NDCG@10 has an interval of 0.02 to either side."""
    exact = {"coverage@100": coverage, "recall@20": 0.2, "hit_rate@10": 0.5, "mrr": 0.3} | others
    plain = {name: {"value": value, "low": None, "high": None} for name, value in exact.items()}
    return {"ndcg@10": {"value": ndcg, "low": ndcg - 0.02, "high": ndcg + 0.02}} | plain


COMPARISON: dict[str, Any] = {
    "release": "ml-latest-small",
    "protocol": "time",
    "window": "validation",
    "cutoff": "2016-05-04T03:02:01",
    "n_users": {"returning": 1234, "new": 56},
    "n_unknown_positives": 7,
    "models": {
        "item_knn": figures(0.2, 0.5, fit_s=0.4, recommend_all_s=1.25),
        "als": figures(0.25, 0.6, fit_s=3.0, recommend_all_s=0.5),
    },
    "new_users": {"als": figures(0.111, 0.3)},
    "ndcg@10_minus": {"item_knn": {"als": {"value": 0.05, "low": 0.01, "high": 0.09}}},
    "parameters": {},
    "aims": {
        "model": "als",
        "lists": {
            "accuracy alone": figures(0.25, 0.5),
            "discover": figures(0.25, 0.75),
            "diversity 0.5": figures(0.24, 0.56),
            "popularity -0.5": figures(0.2, 0.6),
            "popularity +1": figures(0.1, 0.25),
        },
    },
}


@pytest.fixture
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the comparison of the instance is kept."""
    return tmp_path_factory.mktemp("instance") / KEPT


@pytest.fixture
def services(services: Services, file: Path) -> Iterator[Services]:
    """The pages of an instance with a folder of its own."""
    database = Database(file.parent / "movieapp.duckdb")
    yield replace(services, database=database)
    database.close()


async def test_the_last_comparison_is_shown_best_model_first(user: User, file: Path) -> None:
    file.write_text(json.dumps(COMPARISON))
    await user.open("/leaderboard")
    await user.should_see("ALS has the highest NDCG@10, 0.250.", retries=20)
    for about in ("ml-latest-small", "Time", "Validation", "from 4 May 2016 on", "1,234 returning, 56 new"):
        await user.should_see(about)
    for figure in ("0.230 – 0.270", "0.111", "+0.050", "+0.010 to +0.090", "1.2 s", "3.0 s"):
        await user.should_see(figure)
    await user.should_see("Minus Item-KNN")
    rows = [cells[0] for cells in table_rows(user)]
    assert rows[:2] == ["ALS", "Item-KNN"]


async def test_list_aims_are_shown_with_what_they_bring(user: User, file: Path) -> None:
    file.write_text(json.dumps(COMPARISON))
    await user.open("/leaderboard")
    await user.should_see("the lists of ALS, for returning people", retries=20)
    for name in ("Accuracy alone", "Variety 0.5", "Niche 0.5", "Mainstream 1", "Discover further down"):
        await user.should_see(name)
    await user.should_see(
        "Discover further down shows the most of the catalogue: 75.0 % of the films it may."
    )


async def test_a_comparison_without_aims_says_how_to_measure_them(user: User, file: Path) -> None:
    file.write_text(json.dumps(COMPARISON | {"aims": {"model": "als", "lists": {}}}))
    await user.open("/leaderboard")
    await user.should_see("were not measured: launcher.py compare --aims does.", retries=20)


async def test_a_comparison_of_some_models_stands_below_that_of_all(user: User, file: Path) -> None:
    file.write_text(json.dumps(COMPARISON))
    some = COMPARISON | {
        "models": {"item_knn": figures(0.3, 0.5)},
        "compared_at": "2026-11-20T09:00:00+00:00",
    }
    (file.parent / KEPT_SOME).write_text(json.dumps(some))
    await user.open("/leaderboard")
    await user.should_see("Some of the models", retries=20)
    await user.should_see("20 Nov 2026")
    assert [cells[0] for cells in table_rows(user)][:2] == ["ALS", "Item-KNN"]
    await user.should_see("These models")
    file.unlink()
    await user.open("/leaderboard")
    await user.should_see("No comparison of all models yet", retries=20)
    await user.should_see("The others were not compared.")


async def test_before_a_comparison_the_command_is_named(user: User) -> None:
    await user.open("/leaderboard")
    await user.should_see("No comparison of all models yet", retries=20)
    await user.should_see("launcher.py compare --aims")


BROKEN = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff",
    json.dumps({"release": "x"}).encode(),
    json.dumps(COMPARISON | {"models": {}}).encode(),
    json.dumps(COMPARISON | {"models": {"als": {"ndcg@10": {"value": 1}}}}).encode(),
    json.dumps(COMPARISON | {"cutoff": "yesterday"}).encode(),
]


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_file_is_refused_with_a_way_out(services: Services, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(Invalid, match="damaged or of another version"):
        last_comparison(services)


async def test_a_broken_file_shows_as_a_sentence(user: User, file: Path) -> None:
    file.write_text("{")
    await user.open("/leaderboard")
    await user.should_see("The last comparison cannot be read", retries=20)
    await user.open("/list?user=17")
    await user.should_see("All films for user 17", retries=20)
    await user.should_not_see("cannot be read")


def test_models_stand_by_ndcg_with_what_else_was_measured() -> None:
    best, second = board(COMPARISON).models
    assert (best.name, second.name) == ("als", "item_knn")
    assert best.new is not None
    assert (best.new.value, best.minus["item_knn"].low) == (0.111, 0.01)
    assert (second.new, second.minus) == (None, {})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("accuracy alone", "Accuracy alone"),
        ("diversity 0.25", "Variety 0.25"),
        ("popularity -1", "Niche 1"),
        ("popularity +0.5", "Mainstream 0.5"),
        ("discover", "Discover further down"),
    ],
)
def test_aims_have_the_words_of_the_recommendations_page(name: str, words: str) -> None:
    assert aim_name(name) == words


def table_rows(user: User) -> list[list[str]]:
    """Return the first lines of the cells of every table row on the page."""
    rows = [element for element in user.current_layout.descendants() if element.tag == "tr"]
    cells = [[cell.default_slot.children[0].text for cell in row.default_slot.children] for row in rows]  # type: ignore[attr-defined]
    return [row for row in cells if row[0] not in ("Model", "Aim")]
