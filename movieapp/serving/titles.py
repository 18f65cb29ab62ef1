"""An index of titles: by name, by word, and by what is spelled alike."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from movieapp.sources.titles import ARTICLES, all_normalised, name, normalised, without_article

_LEADING_ARTICLE = rf"^(?:{'|'.join(sorted({normalised(article) for article in ARTICLES}))}) (.+)$"


@dataclass(frozen=True, eq=False)
class Postings:
    """Rows by key. `keys` are sorted, each once; those of `keys[i]` are `rows[starts[i]:starts[i + 1]]`.

    `rows` (pairs,) int64, ascending for each key; `starts` (keys + 1,) int64.
    """

    keys: list[str]
    rows: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, keys: pl.Series, rows: pl.Series) -> Self:
        """Arrange pairs of a key and a row; a pair that comes twice counts once."""
        # By key first: sorting all pairs by their keys takes three times as long.
        grouped = pl.DataFrame({"key": keys, "row": rows}).group_by("key").agg(pl.col("row").unique().sort())
        grouped = grouped.sort("key")
        ends = grouped["row"].list.len().cast(pl.Int64).cum_sum().to_numpy()
        all_rows = grouped["row"].explode().cast(pl.Int64).to_numpy()
        return cls(grouped["key"].to_list(), all_rows, np.concatenate([[0], ends]))

    def of_key(self, key: str) -> NDArray[np.int64]:
        """Return the rows of this very key."""
        place = bisect_left(self.keys, key)
        is_there = place < len(self.keys) and self.keys[place] == key
        return self._between(place, place + is_there)

    def of_prefix(self, prefix: str) -> NDArray[np.int64]:
        """Return the rows of all keys that begin so; a row may come more than once."""
        return self._between(*self._range(prefix))

    def closest(self, key: str) -> str | None:
        """Return the key that is spelled most alike and begins with the same letter, if one is near."""
        start, stop = self._range(key[:1])
        return next(iter(get_close_matches(key, self.keys[start:stop], n=1, cutoff=0.75)), None)

    def _range(self, prefix: str) -> tuple[int, int]:
        return bisect_left(self.keys, prefix), bisect_left(self.keys, prefix + chr(0x10FFFF))

    def _between(self, start: int, stop: int) -> NDArray[np.int64]:
        return self.rows[self.starts[start] : self.starts[stop]]


@dataclass(frozen=True, eq=False)
class TitleIndex:
    """Rows by whole normalised name, with and without article and year, and rows by word."""

    by_name: Postings
    by_word: Postings

    @classmethod
    def of(cls, titles: pl.Series, names_of: Sequence[list[str]]) -> Self:
        """Index titles by their position, with every name of each."""
        rows = pl.Series(np.arange(len(titles)))
        owners = pl.Series(np.repeat(rows.to_numpy(), [len(called) for called in names_of]))
        keys = all_normalised(pl.Series(list(chain.from_iterable(names_of)), dtype=pl.String))
        bare = keys.str.replace(_LEADING_ARTICLE, "${1}")
        texts, rows_of_texts = pl.concat([keys, all_normalised(titles)]), pl.concat([owners, rows])
        words = pl.DataFrame({"row": rows_of_texts, "word": texts.str.split(" ")}).explode("word")
        words = words.filter(pl.col("word") != "")
        return cls(
            Postings.of(pl.concat([texts, bare]), pl.concat([rows_of_texts, owners])),
            Postings.of(words["word"], words["row"]),
        )

    def titled(self, text: str) -> NDArray[np.int64]:
        """Return the rows with this name, the article as it is, or else left out."""
        wanted = normalised(name(text))
        found = self.by_name.of_key(wanted)
        return found if len(found) else self.by_name.of_key(without_article(wanted))
