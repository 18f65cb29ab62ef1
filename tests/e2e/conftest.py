"""One instance on the bundled release, prepared once by the real launcher; copies of it are cheap."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import chromium
from tests.e2e.launcher import Launched


@dataclass(frozen=True)
class Prepared:
    """What a first start looked like from outside, and the folder it left."""

    data: Path
    early_health: dict[str, Any]
    early_page: int
    health: dict[str, Any]
    answer: dict[str, Any]
    exit_code: int
    output: str


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Start on an empty folder, wait until the model serves, ask once, stop."""
    data = tmp_path_factory.mktemp("instance") / "data"
    with Launched(data) as launched:
        early_health = launched.wait_for("training")
        early_page = launched.client.get("/ui/").status_code
        health = launched.wait_for("ok")
        answer = launched.client.post("/recommend", json={"user_id": 42, "k": 10}).json()
        exit_code = launched.stop()
        return Prepared(data, early_health, early_page, health, answer, exit_code, launched.output())


@pytest.fixture
def tiny_data(tiny_instance: Path, tmp_path: Path) -> Path:
    """A folder of a test's own with the tiny release, for what does not go by the films in it."""
    return Path(shutil.copytree(tiny_instance, tmp_path / "data"))


@pytest.fixture(scope="session")
def app(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    """A running app that tests share."""
    data = shutil.copytree(prepared.data, tmp_path_factory.mktemp("shared") / "data")
    with Launched(Path(data), is_warm=True) as launched:
        launched.wait_for("ok")
        yield launched


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a file; each test has a profile of its own in it."""
    with chromium() as browser:
        yield browser
