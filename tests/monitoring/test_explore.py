"""The report on a release, on one small enough to count by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from movieapp.database import Database
from movieapp.errors import NotReady
from movieapp.monitoring.document import markdown
from movieapp.monitoring.explore import exploration, explore
from tests.databases import copy_of

NOW = datetime(2026, 1, 2, tzinfo=UTC)
FIRST = datetime(2001, 1, 5)


def released(ratings: list[tuple[int, int, float, datetime]]) -> Database:
    """Return a database with ten films, every other one a drama and a war film, and these ratings."""
    database = copy_of()
    films = pl.DataFrame(
        {
            "movie_id": range(1, 11),
            "title": ["-"] * 10,
            "release_year": [2000] * 10,
            "genres": [["Drama", "War"] if number % 2 else ["Drama"] for number in range(1, 11)],
        }
    )
    database.append("ingest/movies", films)
    columns = ["user_id", "movie_id", "rating", "rated_at"]
    rows = pl.DataFrame(ratings, schema=columns, orient="row").with_columns(
        seconds=pl.col("rated_at").dt.epoch("s")
    )
    naive = NOW.replace(tzinfo=None)
    database.write("ingest/ratings", incoming=rows, now=naive)
    database.write("ingest/record_dataset", release="ours", origin="-", checksum="0", now=naive, n_rejected=0)
    return database


def test_each_plot_says_what_it_shows() -> None:
    # Twelve people rate films 1 to 5 in a month each, first five stars, then three; film 9 is rated once.
    ratings = [
        (user, film, 5.0 if film == 1 else 3.0, FIRST + timedelta(days=31 * (user - 1), minutes=film))
        for user in range(1, 13)
        for film in range(1, 6)
    ]
    database = released([*ratings, (1, 9, 5.0, FIRST + timedelta(days=400))])
    said = markdown(exploration(database, now=NOW))
    database.close()
    assert "21.3 % of the ratings are likes, 4 stars or more; the mean is 3.43." in said
    assert "Half of the people gave 5 ratings or fewer; the most active gave 6." in said
    assert "0 of 12 people (0 %) have 5 likes or more" in said
    assert "A tenth of the films holds 19.7 % of the ratings; 50 % of the films have fewer than 10." in said
    assert "Drama is the most common genre: 100 % of the films have it." in said
    assert "100 % of War are Drama too" in said
    # The thirteenth month has one person, who was there before.
    assert "Of the people of a month, 7.7 % had been there in an earlier one" in said
    assert "| Ratings | 61 | 60 | 98.4 % |" in said
    assert "| Films with ratings | 6 | 5 | 83.3 % |" in said


def test_returning_people_have_likes_on_both_sides_of_the_cut() -> None:
    # 100 ratings in order of time, ten people and ten films: the last 15 are the test window.
    ratings = [
        (user, film, 5.0, FIRST + timedelta(days=10 * film, minutes=user))
        for film in range(1, 11)
        for user in range(1, 11)
    ]
    database = released(ratings)
    said = markdown(exploration(database, now=NOW))
    database.close()
    # Ratings 86 to 100 are five people's ninth film, which the other five have liked before, then everybody's
    # tenth, which nobody has.
    assert "| Test | 05 Apr 2001 | 15 | 10 | 5 | 0 | 10 |" in said


def test_it_is_one_file_with_drawings(tmp_path: Path) -> None:
    database = released([(1, 1, 4.0, FIRST)])
    file = explore(database, tmp_path, now=NOW)
    database.close()
    assert [one.name for one in tmp_path.iterdir()] == ["explore.html"]
    html = file.read_text()
    assert html.count('<svg class="plot"') == 8
    assert "Too little is left to be split in time." in html
    assert "http" not in html


def test_without_a_release_it_says_what_to_do() -> None:
    database = copy_of()
    with pytest.raises(NotReady, match="Ingest one first"):
        exploration(database, now=NOW)
    database.close()
