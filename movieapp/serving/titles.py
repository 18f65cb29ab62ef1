"""Indexes of names: films by title, by word, and by the people who made them; and words spelled alike."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from movieapp.sources.titles import ARTICLES, all_normalised, name, normalised, without_article

_LEADING_ARTICLE = rf"^(?:{'|'.join(sorted({normalised(article) for article in ARTICLES}))}) (.+)$"
# "Jackson" finds Samuel L. Jackson, and so does "L. Jackson"; of longer names the last words find nobody.
NAME_PARTS = 4

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Postings:
    """Rows by key. `keys` are sorted, each once; those of `keys[i]` are `rows[starts[i]:starts[i + 1]]`.

    `rows` (pairs,) int64, ascending for each key; `starts` (keys + 1,) int64.
    """

    keys: list[str]
    rows: Rows
    starts: Rows

    @classmethod
    def of(cls, keys: pl.Series, rows: pl.Series) -> Self:
        """Arrange pairs of a key and a row; a pair that comes twice counts once."""
        # By key first: sorting all pairs by their keys takes three times as long.
        grouped = pl.DataFrame({"key": keys, "row": rows}).group_by("key").agg(pl.col("row").unique().sort())
        grouped = grouped.sort("key")
        ends = grouped["row"].list.len().cast(pl.Int64).cum_sum().to_numpy()
        all_rows = grouped["row"].explode().cast(pl.Int64).to_numpy()
        return cls(grouped["key"].to_list(), all_rows, np.concatenate([[0], ends]))

    def of_key(self, key: str) -> Rows:
        """Return the rows of this very key."""
        place = bisect_left(self.keys, key)
        is_there = place < len(self.keys) and self.keys[place] == key
        return self._between(place, place + is_there)

    def of_prefix(self, prefix: str) -> Rows:
        """Return the rows of all keys that begin so; a row may come more than once."""
        start = bisect_left(self.keys, prefix)
        return self._between(start, bisect_left(self.keys, prefix + chr(0x10FFFF)))

    def of_alike(self, key: str) -> Rows:
        """Return the rows of the keys that are the fewest typing mistakes away, if any is near."""
        most = _mistakes(key)
        near: list[tuple[int, int]] = []
        for length in range(len(key) - most, len(key) + most + 1):
            words, places = self._by_length.get(length, ([], []))
            found = process.extract(key, words, scorer=OSA.distance, score_cutoff=most, limit=None)
            near += [(distance, places[place]) for _, distance, place in found]
        fewest = min(near, default=(0, 0))[0]
        nearest = [self._between(place, place + 1) for distance, place in sorted(near) if distance == fewest]
        return np.concatenate(nearest or [self.rows[:0]])

    @cached_property
    def _by_length(self) -> dict[int, tuple[list[str], list[int]]]:
        """The keys of each length, and their places: words that are much longer or shorter are not alike."""
        found: dict[int, tuple[list[str], list[int]]] = defaultdict(lambda: ([], []))
        for place, key in enumerate(self.keys):
            words, places = found[len(key)]
            words.append(key)
            places.append(place)
        return dict(found)

    def _between(self, start: int, stop: int) -> Rows:
        return self.rows[self.starts[start] : self.starts[stop]]


@dataclass(frozen=True, eq=False)
class TitleIndex:
    """Rows by whole name, with and without article and year, blanks left out; and rows by word."""

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
        whole = pl.concat([texts, bare]).str.replace_all(" ", "", literal=True)
        return cls(
            Postings.of(whole, pl.concat([rows_of_texts, owners])), Postings.of(words["word"], words["row"])
        )

    def named(self, words: str) -> Rows:
        """Return the rows with this whole normalised name."""
        return self.by_name.of_key(words.replace(" ", ""))

    def titled(self, text: str) -> Rows:
        """Return the rows with this name, the article as it is, or else left out."""
        wanted = normalised(name(text))
        found = self.named(wanted)
        return found if len(found) else self.named(without_article(wanted))


def people_index(people: pl.Series) -> Postings:
    """Index films by the names of their people, normalised, whole and without the first words of each.

    `people` has a list of names per film; the rows are its positions.
    """
    pairs = pl.DataFrame({"row": np.arange(len(people)), "name": people}).explode("name").drop_nulls()
    unique = pairs["name"].unique(maintain_order=True)
    words = pl.DataFrame({"name": unique, "words": all_normalised(unique).str.split(" ")})
    pairs = pairs.join(words, on="name", maintain_order="left")
    parts = [
        pairs.filter(pl.col("words").list.len() > n).select(
            "row", key=pl.col("words").list.slice(n).list.join(" ")
        )
        for n in range(NAME_PARTS)
    ]
    keys = pl.concat(parts).filter(pl.col("key") != "")
    return Postings.of(keys["key"], keys["row"])


def _mistakes(word: str) -> int:
    """Return how many letters of a word may be wrong; a number with a wrong digit is another number."""
    if any(letter.isdigit() for letter in word) or len(word) < 3:
        return 0
    return 1 if len(word) < 6 else 2 if len(word) < 10 else 3
