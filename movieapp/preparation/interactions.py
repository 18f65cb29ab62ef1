"""Ratings as matrices: the only place where ids become rows and columns, and back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from movieapp.database import Database

# A rating of four stars or more is a like, a positive; everything rated is seen.
LIKE = 4.0


def read_ratings(database: Database) -> pl.DataFrame:
    """Return user_id, movie_id, rating and rated_at (UTC), sorted by (rated_at, user_id, movie_id).

    Timestamps tie often; the two ids after them make the order, and so every result, repeatable.
    """
    return database.read("features/ratings")


@dataclass(frozen=True)
class Histories:
    """What some people rated, as the models see it: one matrix row per person, one column per movie.

    `stars` is (people x movies) float32 with sorted indices; a stored entry is a seen movie.
    `rated_at` is int64, seconds since 1970, aligned with `stars.data`.
    """

    stars: csr_matrix
    rated_at: NDArray[np.int64]

    @cached_property
    def likes(self) -> csr_matrix:
        """The positives, (people x movies) float32, each 1."""
        return likes_of(self.stars)

    def __len__(self) -> int:
        return int(self.stars.shape[0])

    def take(self, rows: NDArray[np.integer]) -> "Histories":
        """Return the histories of these rows, in this order."""
        picked = self.stars[rows]
        lengths = np.diff(self.stars.indptr)[rows]
        starts = self.stars.indptr[rows].astype(np.int64)
        within = np.arange(picked.nnz) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return Histories(picked, self.rated_at[np.repeat(starts, lengths) + within])


@dataclass(frozen=True)
class Interactions:
    """All ratings that a model may be fitted on, in time order.

    `user_ids` and `movie_ids` are sorted and unique (int32): position in them is the row and the column.
    `rows`, `columns` (int32), `stars` (float32) and `rated_at` (int64, seconds) hold one entry per rating.
    """

    user_ids: NDArray[np.int32]
    movie_ids: NDArray[np.int32]
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    stars: NDArray[np.float32]
    rated_at: NDArray[np.int64]

    @classmethod
    def of(cls, ratings: pl.DataFrame) -> "Interactions":
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
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Users, movies."""
        return len(self.user_ids), len(self.movie_ids)

    @cached_property
    def histories(self) -> Histories:
        """Everybody's history, in the order of `user_ids`."""
        order = np.lexsort((self.columns, self.rows))
        counts = np.bincount(self.rows, minlength=len(self.user_ids))
        indptr = np.concatenate([[0], np.cumsum(counts)])
        stars = csr_matrix((self.stars[order], self.columns[order], indptr), shape=self.shape)
        return Histories(stars, self.rated_at[order])

    @property
    def likes(self) -> csr_matrix:
        """The positives, (users x movies) float32, each 1."""
        return self.histories.likes

    def histories_of(self, ratings: pl.DataFrame) -> tuple[NDArray[np.int32], Histories]:
        """Return the ids of the people in a frame and their histories in this matrix's columns.

        Ratings of movies without a column are left out, and so are people with no rating left.
        """
        known = ratings.filter(pl.col("movie_id").is_in(self.movie_ids.tolist()))
        people = Interactions.of(known)
        columns = np.searchsorted(self.movie_ids, people.movie_ids)[people.columns].astype(np.int32)
        shape = (len(people.user_ids), len(self.movie_ids))
        placed = Interactions(
            people.user_ids, self.movie_ids, people.rows, columns, people.stars, people.rated_at
        )
        assert placed.shape == shape
        return people.user_ids, placed.histories


def likes_of(stars: csr_matrix) -> csr_matrix:
    """Return the entries of at least four stars as ones."""
    liked = stars.data >= LIKE
    counts = np.concatenate([[0], np.cumsum(liked)])
    return csr_matrix(
        (np.ones(counts[-1], np.float32), stars.indices[liked], counts[stars.indptr]), shape=stars.shape
    )


def fingerprints(
    rows: NDArray[np.integer], movie_ids: NDArray[np.integer], stars: NDArray[np.floating], n_rows: int
) -> NDArray[np.uint64]:
    """Return one number per row that changes when any of the row's ratings does, whatever their order.

    The sum, modulo 2^64, of each rating's SplitMix64 hash (Steele, Lea and Flood, 2014). 0 for no rating.
    """
    mixed = movie_ids.astype(np.uint64) * np.uint64(16) + (stars * 2).astype(np.uint64)
    mixed = (mixed + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    total = np.zeros(n_rows, np.uint64)
    np.add.at(total, rows, mixed)
    return total


def seconds(instants: pl.Series) -> NDArray[np.int64]:
    """Return instants (UTC) as whole seconds since 1970."""
    return instants.dt.epoch("s").to_numpy().astype(np.int64)


def instant(second: int) -> datetime:
    """Return the aware UTC instant of a second since 1970."""
    return datetime.fromtimestamp(int(second), UTC)
