import pytest

from movieapp.preparation.interactions import Interactions
from tests.checkerboard import checkerboard


@pytest.fixture(scope="session")
def two_tastes() -> Interactions:
    return checkerboard()
