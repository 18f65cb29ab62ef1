from dataclasses import replace
from datetime import datetime

import numpy as np
import polars as pl
import pytest

from movieapp.preparation.facts import FILMS, PEOPLE, TAGS, Facts
from movieapp.preparation.interactions import Interactions
from tests.checkerboard import SIZE, checkerboard


@pytest.fixture(scope="session")
def two_tastes() -> Interactions:
    """Two tastes that can be told from the ratings and from what is said of the films, each alone.

    Everybody rates in two moments, a minute apart; which film is in which differs between people.
    """
    board = checkerboard()
    rated_at = 3600 * board.rows.astype(np.int64) + 60 * ((board.columns // 2 + board.rows // 2) % 2)
    order = np.lexsort((board.columns, rated_at))
    return replace(
        board,
        rows=board.rows[order],
        columns=board.columns[order],
        stars=board.stars[order],
        rated_at=rated_at[order],
        facts=_described(),
    )


def _described() -> Facts:
    """Comedies of 1990 and westerns of 1960, in turns."""
    is_western = [movie % 2 == 0 for movie in range(1, SIZE + 1)]
    films = {
        "movie_id": range(1, SIZE + 1),
        "title": ["Dusty Trails (1960)" if western else "Laughing Matters (1990)" for western in is_western],
        "release_year": [1960 if western else 1990 for western in is_western],
        "genres": [["Western" if western else "Comedy"] for western in is_western],
        "overview": [None] * SIZE,
        "keywords": [[]] * SIZE,
    }
    tags = {
        "movie_id": range(1, SIZE + 1),
        "tag": ["horses" if western else "funny" for western in is_western],
        "tagged_at": [datetime(1970, 1, 1)] * SIZE,
    }
    return Facts(pl.DataFrame(films, FILMS), pl.DataFrame(schema=PEOPLE), pl.DataFrame(tags, TAGS))
