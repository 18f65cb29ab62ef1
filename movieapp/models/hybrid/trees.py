"""Boosted trees as tables, which a request reads quicker than it walks through trees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, product
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from movieapp.models.base import Stored

if TYPE_CHECKING:
    from lightgbm import Booster

# So many rows at a time stay in the processor's cache.
ROWS_AT_ONCE = 1_024
# Which splits go left is a byte.
MOST_SPLITS = 8
# LightGBM takes what is nearer to zero for zero (kZeroThreshold in its meta.h).
ZERO = np.float32(1e-35)
INFINITY = np.float32(np.inf)
LARGEST = float(np.finfo(np.float32).max)


class Split(NamedTuple):
    """A fork of a tree: left up to the threshold, and for an unknown value if that says so."""

    feature: int
    threshold: np.float32
    is_left_if_unknown: bool
    is_unknown_told_apart: bool


@dataclass
class Trees(Stored):
    """Some boosters, whose answers are averaged, for rows of `n_features` values.

    What a tree adds depends only on which of its splits go left: of s splits, on one of 2^s ways. Each way's
    number is asked of LightGBM once, and so is what each feature adds to it by TreeSHAP (Lundberg et al.,
    2018), which depends on the same alone. LightGBM walks from row to row and from tree to tree; here all
    rows pass a split at once. Scores are equal to the last bit, and its import is spared where one serves.

    Fitted are `features_`, `thresholds_` and `left_if_unknown_` (splits x trees), `added_` (trees x ways)
    float64, `parts_` (trees x ways x splits) float64, the part of the feature of a split that is the tree's
    first with it, and `starts_` (boosters,), the first tree of each.
    """

    name: ClassVar[str] = "trees"
    n_features: int = 0

    @classmethod
    def of(cls, boosters: "Sequence[Booster]") -> Self:
        """Ask the boosters for every way through their trees; small trees only, of eight splits at most."""
        return cls(boosters[0].num_feature())._fill(boosters)

    def scores(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return a score per row of (rows x features)."""
        parts = [self._scores(some) for some in _some_at_once(values)]
        return np.concatenate(parts) if parts else np.empty(0)

    def contributions(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return (rows x features): what each feature adds to the score of a row that nothing is known of."""
        parts = [self._contributions(some) for some in _some_at_once(values)]
        return np.concatenate(parts) if parts else np.empty((0, self.n_features))

    def _scores(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        added = self.added_.ravel().take(self._ways(values))
        # As LightGBM adds, tree after tree: a sum of one row would add in pairs.
        sums = [part.cumsum(axis=0)[-1] for part in np.split(added, self.starts_[1:])]
        return np.asarray(np.mean(sums, axis=0))

    def _contributions(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        parts = self.parts_.reshape(-1, len(self.features_))[self._ways(values)]
        places = self.features_.T[:, None, :] + np.arange(len(values))[None, :, None] * self.n_features
        sums = np.bincount(places.ravel(), parts.ravel(), minlength=values.size)
        return sums.reshape(values.shape) / len(self.starts_)

    def _ways(self, values: NDArray[np.float32]) -> NDArray[np.intp]:
        """Return (trees x rows): the place of each row's way in all tables, one tree's after another's."""
        by_feature = np.ascontiguousarray(values.T)
        has_unknown = bool(np.isnan(values).any())
        ways = np.zeros((self.features_.shape[1], len(values)), np.uint8)
        for place, features in enumerate(self.features_):
            asked = by_feature[features]
            is_left = asked <= self.thresholds_[place][:, None]
            if has_unknown:
                is_left |= np.isnan(asked) & self.left_if_unknown_[place][:, None]
            ways |= is_left.view(np.uint8) << place
        return ways + np.arange(len(ways))[:, None] * self.added_.shape[1]

    def _fill(self, boosters: "Sequence[Booster]") -> Self:
        trees = [tree for booster in boosters for tree in _trees(booster)]
        n_splits = max([1, *map(len, trees)])
        if n_splits > MOST_SPLITS:
            raise ValueError(f"A tree has {n_splits} splits, and tables are kept for {MOST_SPLITS} at most")
        # A split that a tree lacks sends every row left.
        self.features_ = np.zeros((n_splits, len(trees)), np.intp)
        self.thresholds_ = np.full((n_splits, len(trees)), INFINITY)
        self.left_if_unknown_ = np.ones((n_splits, len(trees)), bool)
        for number, tree in enumerate(trees):
            for place, split in enumerate(tree):
                self.features_[place, number] = split.feature
                self.thresholds_[place, number] = split.threshold
                self.left_if_unknown_[place, number] = split.is_left_if_unknown
        self.added_ = np.zeros((len(trees), 2**n_splits))
        self.parts_ = np.zeros((len(trees), 2**n_splits, n_splits))
        counts = [booster.num_trees() for booster in boosters]
        self.starts_ = np.cumsum([0, *counts])[:-1]
        numbers = [(booster, number) for booster in boosters for number in range(booster.num_trees())]
        for place, (booster, number) in enumerate(numbers):
            self._ask(booster, number, place, trees[place])
        return self

    def _ask(self, booster: "Booster", number: int, place: int, tree: list[Split]) -> None:
        """Fill the tables of one tree by rows that go every way through it."""
        rows = np.array(list(_rows(tree, self.n_features)))
        ways = self._ways(rows)[place]
        of_tree = partial(booster.predict, rows, start_iteration=number, num_iteration=1, num_threads=1)
        self.added_.ravel()[ways] = of_tree()
        parts = np.asarray(of_tree(pred_contrib=True))
        features = [split.feature for split in tree]
        for feature in set(features):
            self.parts_.reshape(-1, len(self.features_))[ways, features.index(feature)] = parts[:, feature]


def _trees(booster: "Booster") -> Iterator[list[Split]]:
    for tree in booster.dump_model()["tree_info"]:
        yield list(_splits(tree["tree_structure"]))


def _splits(node: dict[str, Any]) -> Iterator[Split]:
    if "split_feature" not in node:
        return
    if node["decision_type"] != "<=" or node["missing_type"] not in ("None", "NaN"):
        raise ValueError("Tables are kept for splits of numbers only, in which zero is not taken for unknown")
    # Values are float32: up to the threshold is up to the last of them before it.
    threshold = np.float32(min(node["threshold"], LARGEST))
    if float(threshold) > node["threshold"]:
        threshold = np.nextafter(threshold, -INFINITY)
    if -ZERO <= threshold < 0:
        threshold = np.nextafter(-ZERO, -INFINITY)
    told_apart = node["missing_type"] == "NaN"
    is_left_if_unknown = node["default_left"] if told_apart else bool(threshold >= 0)
    yield Split(node["split_feature"], threshold, is_left_if_unknown, told_apart)
    yield from _splits(node["left_child"])
    yield from _splits(node["right_child"])


def _rows(tree: list[Split], n_features: int) -> Iterator[NDArray[np.float32]]:
    """Yield rows that between them go every way through a tree that any row can go."""
    by_feature = groupby(sorted(tree), key=lambda split: split.feature)
    choices = {feature: _choices(list(splits)) for feature, splits in by_feature}
    for chosen in product(*choices.values()):
        row = np.zeros(n_features, np.float32)
        row[list(choices)] = chosen
        yield row


def _choices(splits: list[Split]) -> list[np.float32]:
    """Return a value on each side of every threshold of a feature, and an unknown one if it counts."""
    thresholds = sorted({split.threshold for split in splits})
    unknown = [np.float32(np.nan)] if any(split.is_unknown_told_apart for split in splits) else []
    return [*thresholds, INFINITY, *unknown]


def _some_at_once(values: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    for start in range(0, len(values), ROWS_AT_ONCE):
        yield values[start : start + ROWS_AT_ONCE]
