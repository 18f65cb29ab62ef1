"""What is known of films and people beside the ratings, brought into the order of a matrix."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from movieapp.database import Database

# The columns of demographics.
GENDER, AGE, OCCUPATION = range(3)


@dataclass(frozen=True)
class Films:
    """What is known of some films: one entry each, in the order that was asked for.

    `genres` is (films x genres) bool, its columns as in `genre_names`; `years` is (films,) float32, NaN where
    unknown; `tags` has one text per film, what people had written by then; `overviews` and `keywords` are
    empty where there is no metadata.
    """

    titles: tuple[str, ...]
    years: NDArray[np.float32]
    genres: NDArray[np.bool_]
    genre_names: tuple[str, ...]
    tags: tuple[str, ...]
    overviews: tuple[str, ...] = ()
    keywords: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Facts:
    """Frames as the database has them: films (movie_id, title, release_year, genres, overview, keywords),
    people (user_id, gender, age, occupation) and tags (movie_id, tag, tagged_at), each in a fixed order."""

    films: pl.DataFrame
    people: pl.DataFrame
    tags: pl.DataFrame

    @classmethod
    def none(cls) -> "Facts":
        """Know nothing of anything."""
        return cls(pl.DataFrame(schema=FILMS), pl.DataFrame(schema=PEOPLE), pl.DataFrame(schema=TAGS))

    @cached_property
    def genre_names(self) -> tuple[str, ...]:
        """All genres of the release, in alphabetical order."""
        return tuple(self.films["genres"].explode().drop_nulls().unique().sort().to_list())

    @cached_property
    def occupations(self) -> tuple[str, ...]:
        """All occupations of the release, in alphabetical order."""
        return tuple(self.people["occupation"].drop_nulls().unique().sort().to_list())

    def films_of(self, movie_ids: NDArray[np.integer], *, before: int) -> Films:
        """Return what is known of these films; of the tags only those written before `before` (seconds)."""
        asked = pl.DataFrame({"movie_id": movie_ids}, schema={"movie_id": pl.Int32})
        films = asked.join(self.films, on="movie_id", how="left", maintain_order="left")
        written = (
            self.tags.filter(pl.col("tagged_at").dt.epoch("s") < before)
            .group_by("movie_id", maintain_order=True)
            .agg(pl.col("tag").str.join(" "))
        )
        tags = asked.join(written, on="movie_id", how="left", maintain_order="left")["tag"]
        lists = films["genres"].to_list()
        genres = np.array([[name in (one or ()) for name in self.genre_names] for one in lists], bool)
        return Films(
            titles=tuple(films["title"].fill_null("").to_list()),
            years=films["release_year"].cast(pl.Float32).fill_null(float("nan")).to_numpy(),
            genres=genres.reshape(len(movie_ids), len(self.genre_names)),
            genre_names=self.genre_names,
            tags=tuple(tags.fill_null("").to_list()),
            overviews=tuple(films["overview"].fill_null("").to_list()),
            keywords=tuple(tuple(one or ()) for one in films["keywords"].to_list()),
        )

    def demographics_of(self, user_ids: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return (people x 3) float32: gender (0 F, 1 M), age, place in `occupations`; NaN where unknown."""
        asked = pl.DataFrame({"user_id": user_ids}, schema={"user_id": pl.Int32})
        people = asked.join(self.people, on="user_id", how="left", maintain_order="left")
        places = pl.DataFrame(
            {"occupation": self.occupations, "place": range(len(self.occupations))},
            schema={"occupation": pl.String, "place": pl.Float32},
        )
        occupation = people.join(places, on="occupation", how="left", maintain_order="left")["place"]
        gender = people["gender"].replace_strict({"F": 0.0, "M": 1.0}, default=None, return_dtype=pl.Float32)
        columns = [gender, people["age"].cast(pl.Float32), occupation]
        found: NDArray[np.float32] = np.column_stack([one.fill_null(float("nan")) for one in columns])
        return found


def read_facts(database: Database) -> Facts:
    """Return everything that is known of the films and people of the release."""
    return Facts(
        films=database.read("features/films"),
        people=database.read("features/people"),
        tags=database.read("features/tags"),
    )


FILMS: dict[str, pl.DataType | type[pl.DataType]] = {
    "movie_id": pl.Int32,
    "title": pl.String,
    "release_year": pl.Int16,
    "genres": pl.List(pl.String),
    "overview": pl.String,
    "keywords": pl.List(pl.String),
}
PEOPLE: dict[str, pl.DataType | type[pl.DataType]] = {
    "user_id": pl.Int32,
    "gender": pl.String,
    "age": pl.Int16,
    "occupation": pl.String,
}
TAGS: dict[str, pl.DataType | type[pl.DataType]] = {
    "movie_id": pl.Int32,
    "tag": pl.String,
    "tagged_at": pl.Datetime("us"),
}
