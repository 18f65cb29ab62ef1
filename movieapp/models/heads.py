"""Heads of lists: somebody's first films and what put each where it stands."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from movieapp.preparation.interactions import Histories

Scores = NDArray[np.float32]

# How many liked films are named behind a listed one.
N_SOURCES = 2


@dataclass(frozen=True, eq=False)
class Explained:
    """One person's scores, (movies,) float32, and what is behind those of some columns.

    `contributions` takes columns and gives what `Model.contributions` gives. `grounds` takes columns and
    gives (len(columns) x groups) float32: what each group of quantities, named by `Model.ground_names`,
    added to the score; None where the score is nothing but those contributions.
    """

    scores: Scores
    contributions: Callable[[NDArray[np.integer]], Scores | None]
    grounds: Callable[[NDArray[np.integer]], Scores] | None = None


@dataclass(frozen=True, eq=False)
class Head:
    """The first n films of one list. Columns are the model's.

    `columns` (n,) int32 and `scores` (n,) float32, best first; `sources` (n x 2) int32, the liked films that
    carry most of each score, -1 for none, and `shares` (n x 2) float32, the part that each carries;
    `grounds` (n x groups) float32; `stars` and `spreads` (n,) float32, the stars that the person is expected
    to give and the standard deviation of that, NaN without a model of stars.
    """

    columns: NDArray[np.int32]
    scores: Scores
    sources: NDArray[np.int32]
    shares: Scores
    grounds: Scores
    stars: Scores
    spreads: Scores

    @classmethod
    def of(
        cls, explained: Explained, history: Histories, columns: NDArray[np.integer], *, n_grounds: int
    ) -> Self:
        """Say why these columns stand where they do, without expected stars."""
        sources = np.full((len(columns), N_SOURCES), -1, np.int32)
        shares = np.zeros((len(columns), N_SOURCES), np.float32)
        parts = explained.contributions(columns)
        if parts is not None and len(history.columns):
            # In a ranking of given films may stand one that the person likes: it is no reason for itself.
            others = np.where(columns[:, None] == history.columns, -np.inf, parts)
            places, exact = strongest(others, parts.sum(axis=1))
            shares = exact.astype(np.float32)
            sources = np.where(places >= 0, history.columns[places], -1).astype(np.int32)
        grounds = np.zeros((len(columns), n_grounds), np.float32)
        if explained.grounds is not None and len(columns):
            grounds = explained.grounds(columns)
        unknown = np.full(len(columns), np.nan, np.float32)
        scores = explained.scores[columns]
        return cls(columns.astype(np.int32), scores, sources, shares, grounds, unknown, unknown)

    def take(self, places: NDArray[np.integer]) -> Self:
        """Return these places only."""
        return type(self)(*(getattr(self, field.name)[places] for field in fields(self)))


@dataclass(frozen=True, eq=False)
class Heads:
    """Heads of many people, as one array per field of `Head`, each with the person in front; -1 pads columns.

    `fingerprints` (people,) uint32 tells from which history each was made: a changed one has another.
    """

    fingerprints: NDArray[np.uint32]
    columns: NDArray[np.int32]
    scores: Scores
    sources: NDArray[np.int32]
    shares: Scores
    grounds: Scores
    stars: Scores
    spreads: Scores

    @classmethod
    def stacked(cls, heads: Sequence[Head], histories: Histories, n: int) -> Self:
        """Stack one head per person, each padded to n places."""
        stacked = [
            np.stack([_padded(getattr(head, field.name), n) for head in heads]) for field in fields(Head)
        ]
        return cls(fingerprints(histories), *stacked)

    @classmethod
    def none(cls) -> Self:
        """Hold nobody's head."""
        empty = {field.name: np.empty(0, np.float32) for field in fields(cls)}
        return cls(**empty)  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self.fingerprints)

    def head(self, row: int) -> Head:
        """Return the head of one person."""
        there = self.columns[row] >= 0
        return Head(*(getattr(self, field.name)[row][there] for field in fields(Head)))

    def save(self, folder: Path) -> None:
        """Write each array into a new folder."""
        folder.mkdir()
        for field in fields(self):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; pages are read from the disk when they are asked for."""
        return cls(
            *(
                np.load(folder / f"{field.name}.npy", mmap_mode="r", allow_pickle=False)
                for field in fields(cls)
            )
        )


def fingerprints(histories: Histories) -> NDArray[np.uint32]:
    """Return (people,) uint32 checksums of what each person rated, how and when."""
    marks = np.empty(len(histories), np.uint32)
    for row in range(len(histories)):
        part = slice(histories.indptr[row], histories.indptr[row + 1])
        mark = zlib.crc32(histories.columns[part].tobytes())
        mark = zlib.crc32(histories.stars[part].tobytes(), mark)
        marks[row] = zlib.crc32(histories.rated_at[part].tobytes(), mark)
    return marks


def strongest(
    contributions: NDArray[np.floating], whole: NDArray[np.floating]
) -> tuple[NDArray[np.int64], NDArray[np.floating]]:
    """Return the sources that carry most of each score and their parts of it, each (films x 2).

    `contributions` is (films x sources), `whole` (films,) the scores. -1 stands where nothing more speaks for
    the film, or where its score is not positive.
    """
    left = contributions.copy()
    rows = np.arange(len(left))
    sources = np.full((len(left), N_SOURCES), -1, np.int64)
    shares = np.zeros((len(left), N_SOURCES), left.dtype)
    for place in range(min(N_SOURCES, left.shape[1])):
        best = left.argmax(axis=1)
        parts = left[rows, best]
        carries = (parts > 0) & (whole > 0)
        sources[carries, place] = best[carries]
        shares[carries, place] = parts[carries] / whole[carries]
        left[rows, best] = -np.inf
    return sources, shares


def _padded(values: NDArray[np.generic], n: int) -> NDArray[np.generic]:
    filler = -1 if values.dtype == np.int32 else 0
    widths = [(0, n - len(values))] + [(0, 0)] * (values.ndim - 1)
    return np.pad(values, widths, constant_values=filler)
