"""The API over an empty database, and over the release of two tastes."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.api.api_app import App, build, build_serving


@pytest.fixture
def empty() -> Iterator[App]:
    """An app before its first ingest."""
    app = build()
    yield app
    app.database.close()


@pytest.fixture
def app() -> Iterator[App]:
    """An app that serves."""
    app = build_serving()
    yield app
    app.database.close()


@pytest.fixture(scope="session")
def served() -> Iterator[App]:
    """An app that serves, for tests that change nothing."""
    app = build_serving()
    yield app
    app.database.close()


@pytest.fixture
def client(app: App) -> TestClient:
    """A client of the app that serves."""
    return app.client
