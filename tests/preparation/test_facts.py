from datetime import datetime

import numpy as np
import polars as pl

from movieapp.database import Database
from movieapp.preparation.facts import AGE, GENDER, OCCUPATION, Facts, read_facts
from movieapp.preparation.interactions import Interactions

NOON = datetime(2000, 1, 1, 12)


def facts() -> Facts:
    none = Facts.none()
    return Facts(
        films=pl.DataFrame(
            {
                "movie_id": [1, 2],
                "title": ["Heat (1995)", "Untitled"],
                "release_year": [1995, None],
                "genres": [["Crime", "Action"], []],
                "overview": ["A thief and a policeman.", None],
                "keywords": [["bank robbery", "los angeles"], []],
            },
            schema=none.films.schema,
        ),
        people=pl.DataFrame(
            {
                "user_id": [7, 8],
                "gender": ["F", None],
                "age": [25, None],
                "occupation": ["writer", "artist"],
            },
            schema=none.people.schema,
        ),
        tags=pl.DataFrame(
            {"movie_id": [1, 1], "tag": ["heist", "late"], "tagged_at": [NOON, NOON.replace(hour=13)]},
            schema=none.tags.schema,
        ),
    )


def test_films_come_in_the_order_asked_for() -> None:
    films = facts().films_of(np.array([2, 1, 3], np.int32), before=2**40)
    assert films.titles == ("Untitled", "Heat (1995)", "")
    assert films.genre_names == ("Action", "Crime")
    assert films.genres.tolist() == [[False, False], [True, True], [False, False]]
    np.testing.assert_array_equal(films.years, np.array([np.nan, 1995, np.nan], np.float32))
    assert films.tags == ("", "heist late", "")
    assert films.overviews == ("", "A thief and a policeman.", "")
    assert films.keywords == ((), ("bank robbery", "los angeles"), ())


def test_tags_of_the_future_are_not_known() -> None:
    noon = int((NOON - datetime(1970, 1, 1)).total_seconds())
    films = facts().films_of(np.array([1], np.int32), before=noon + 1)
    assert films.tags == ("heist",)


def test_demographics_are_numbers_and_unknown_ones_nan() -> None:
    found = facts().demographics_of(np.array([8, 9, 7], np.int32))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found[2, [GENDER, AGE, OCCUPATION]], [0, 25, 1])
    np.testing.assert_array_equal(found[0], [np.nan, np.nan, 0])
    assert np.isnan(found[1]).all()


def test_nothing_is_known_where_there_is_nothing() -> None:
    films = Facts.none().films_of(np.array([5], np.int32), before=0)
    assert films.titles == ("",)
    assert films.genres.shape == (1, 0)


def test_interactions_bring_the_facts_of_their_own_films_and_people(tiny: Database) -> None:
    ratings = pl.DataFrame(
        {"user_id": [1, 2], "movie_id": [4, 2], "rating": [5.0, 4.0], "rated_at": [NOON, NOON]}
    )
    interactions = Interactions.of(ratings, read_facts(tiny))
    assert interactions.films.genre_names == ("Comedy", "Drama", "Romance", "Thriller")
    assert interactions.films.genres.tolist() == [[True, False, False, False], [True, False, True, False]]
    demographics = interactions.histories.demographics
    assert demographics is not None
    assert demographics.shape == (2, 3)
    np.testing.assert_array_equal(interactions.histories.take(np.array([1])).demographics, demographics[1:])
