"""Ratings as matrices: the only place where ids become rows and columns, and back."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from movieapp.database import Database
from movieapp.preparation.facts import Facts, Films

# A rating of four stars or more is a like, a positive; everything rated is seen.
LIKE = 4.0


def read_ratings(database: Database) -> pl.DataFrame:
    """Return user_id, movie_id, rating and rated_at (UTC), sorted by (rated_at, user_id, movie_id).

    Timestamps tie often; the two ids after them make the order, and so every result, repeatable.
    """
    return database.read("features/ratings")


@dataclass(frozen=True)
class Histories:
    """What some people rated, as the models see it; plain arrays, because one person's is built per request.

    Person i's ratings are `indptr[i]` up to `indptr[i + 1]` of `columns` (int32, sorted within a person),
    `stars` (float32) and `rated_at` (int64, seconds since 1970). Everything rated is seen.
    `demographics` (people x 3) float32 is as `Facts.demographics_of` gives it; None where nothing is known.
    `like` is the least number of stars that makes a like.
    """

    indptr: NDArray[np.int64]
    columns: NDArray[np.int32]
    stars: NDArray[np.float32]
    rated_at: NDArray[np.int64]
    n_movies: int
    demographics: NDArray[np.float32] | None = None
    like: float = LIKE

    @classmethod
    def of_one(
        cls,
        columns: NDArray[np.int32],
        stars: NDArray[np.float32],
        rated_at: NDArray[np.int64],
        *,
        n_movies: int,
        demographics: NDArray[np.float32] | None = None,
    ) -> "Histories":
        """Return a single person's history; columns are sorted, demographics are (1 x 3)."""
        return cls(np.array([0, len(columns)]), columns, stars, rated_at, n_movies, demographics)

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def rows(self) -> NDArray[np.int64]:
        """The person's row of each rating."""
        return np.repeat(np.arange(len(self)), np.diff(self.indptr))

    @cached_property
    def liked(self) -> NDArray[np.bool_]:
        """Whether each rating is a like."""
        return self.stars >= self.like

    @cached_property
    def matrix(self) -> csr_matrix:
        """All stars, (people x movies) float32."""
        return csr_matrix((self.stars, self.columns, self.indptr), shape=(len(self), self.n_movies))

    @cached_property
    def likes(self) -> csr_matrix:
        """The positives, (people x movies) float32, each 1."""
        counts = np.concatenate([[0], np.cumsum(self.liked)])
        ones = np.ones(counts[-1], np.float32)
        parts = (ones, self.columns[self.liked], counts[self.indptr])
        return csr_matrix(parts, shape=(len(self), self.n_movies))

    def take(self, rows: NDArray[np.integer]) -> "Histories":
        """Return the histories of these rows, in this order."""
        lengths = np.diff(self.indptr)[rows]
        indptr = np.concatenate([[0], np.cumsum(lengths)])
        places = np.arange(indptr[-1]) + np.repeat(self.indptr[rows] - indptr[:-1], lengths)
        return Histories(
            indptr,
            self.columns[places],
            self.stars[places],
            self.rated_at[places],
            self.n_movies,
            None if self.demographics is None else self.demographics[rows],
            self.like,
        )


@dataclass(frozen=True)
class Interactions:
    """All ratings that a model may be fitted on, in time order.

    `user_ids` and `movie_ids` are sorted and unique (int32): position in them is the row and the column.
    `rows`, `columns` (int32), `stars` (float32) and `rated_at` (int64, seconds) hold one entry per rating.
    `like` is the least number of stars that makes a like; `demographics` are as in `Histories`, by row.
    """

    user_ids: NDArray[np.int32]
    movie_ids: NDArray[np.int32]
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    stars: NDArray[np.float32]
    rated_at: NDArray[np.int64]
    facts: Facts = field(default_factory=Facts.none)
    like: float = LIKE
    demographics: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        if self.demographics is None and not self.facts.people.is_empty():
            object.__setattr__(self, "demographics", self.facts.demographics_of(self.user_ids))

    @classmethod
    def of(cls, ratings: pl.DataFrame, facts: Facts | None = None, *, like: float = LIKE) -> "Interactions":
        """Convert a frame of `read_ratings`; the users and movies are those that occur in it."""
        users, rows = np.unique(ratings["user_id"].to_numpy(), return_inverse=True)
        movies, columns = np.unique(ratings["movie_id"].to_numpy(), return_inverse=True)
        return cls(
            user_ids=users.astype(np.int32),
            movie_ids=movies.astype(np.int32),
            rows=rows.astype(np.int32),
            columns=columns.astype(np.int32),
            stars=ratings["rating"].to_numpy().astype(np.float32),
            rated_at=seconds(ratings["rated_at"]),
            facts=facts or Facts.none(),
            like=like,
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Users, movies."""
        return len(self.user_ids), len(self.movie_ids)

    @cached_property
    def liked(self) -> NDArray[np.bool_]:
        """Whether each rating is a like."""
        return self.stars >= self.like

    @property
    def until(self) -> int:
        """The instant just after the newest rating, in seconds: what comes from then on is unknown here."""
        return int(self.rated_at[-1]) + 1

    def first(self, n: int) -> "Interactions":
        """Return the oldest n ratings, with the rows and columns of all."""
        return self.at(np.arange(n))

    def at(self, places: NDArray[np.integer]) -> "Interactions":
        """Return the ratings at these places, with the rows and columns of all."""
        parts = (self.rows[places], self.columns[places], self.stars[places], self.rated_at[places])
        return Interactions(self.user_ids, self.movie_ids, *parts, self.facts, self.like, self.demographics)

    def with_everything_liked(self) -> "Interactions":
        """Return the same ratings, each a like: what people come to rate at all."""
        return replace(self, like=0.0)

    @cached_property
    def films(self) -> Films:
        """What is known of the movies, in the order of `movie_ids`, of tags only those written by `until`."""
        return self.facts.films_of(self.movie_ids, before=self.until)

    @cached_property
    def histories(self) -> Histories:
        """Everybody's history, in the order of `user_ids`."""
        order = np.lexsort((self.columns, self.rows))
        counts = np.bincount(self.rows, minlength=len(self.user_ids))
        indptr = np.concatenate([[0], np.cumsum(counts)])
        return Histories(
            indptr,
            self.columns[order],
            self.stars[order],
            self.rated_at[order],
            len(self.movie_ids),
            self.demographics,
            self.like,
        )

    @property
    def likes(self) -> csr_matrix:
        """The positives, (users x movies) float32, each 1."""
        return self.histories.likes

    def histories_of(self, ratings: pl.DataFrame) -> tuple[NDArray[np.int32], Histories]:
        """Return the ids of the people in a frame and their histories in this matrix's columns.

        Ratings of movies without a column are left out, and so are people with no rating left.
        """
        known = ratings.filter(pl.col("movie_id").is_in(self.movie_ids.tolist()))
        people = Interactions.of(known, self.facts, like=self.like)
        columns = np.searchsorted(self.movie_ids, people.movie_ids)[people.columns].astype(np.int32)
        placed = Interactions(
            people.user_ids,
            self.movie_ids,
            people.rows,
            columns,
            people.stars,
            people.rated_at,
            self.facts,
            self.like,
            people.demographics,
        )
        return people.user_ids, placed.histories


def seconds(instants: pl.Series) -> NDArray[np.int64]:
    """Return instants (UTC) as whole seconds since 1970."""
    return instants.dt.epoch("s").to_numpy().astype(np.int64)
