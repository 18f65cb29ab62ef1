"""Trees as tables say what LightGBM says of the same trees."""

from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from movieapp.models.hybrid import trees as tables
from movieapp.models.hybrid.ranker import SETTINGS, TABLES, Examples, Ranker
from movieapp.models.hybrid.trees import Trees

N_FEATURES = 8
# What a threshold may lie next to: zero, what LightGBM takes for zero, and just more than that.
SPECIAL = np.array([0, -0.0, 1e-35, -1e-35, 2e-35, -2e-35, 1, -1, 0.5], np.float32)


def values(seed: int, n: int, *, unknown: float) -> NDArray[np.float32]:
    """Return rows with ties, zeros, values next to zero, and unknown ones in the second half of features."""
    rng = np.random.default_rng(seed)
    found = rng.normal(size=(n, N_FEATURES)).astype(np.float32)
    found[:, 2:6] = rng.choice(SPECIAL, (n, 4))
    found[:, 4:][rng.random((n, 4)) < unknown] = np.nan
    return found


def boosters(seed: int, *, unknown: float, n_trees: int = 5) -> list[lightgbm.Booster]:
    """Return two boosters of a few trees of the ranker's size, which learned from such rows."""
    rows = values(seed, 400, unknown=unknown)
    answers = np.nansum(rows[:, ::2], axis=1) + np.isnan(rows[:, 5]) - (rows[:, 3] < 0)
    settings = {"num_leaves": SETTINGS["num_leaves"], "verbose": -1, "min_data_in_leaf": 5, "num_threads": 1}
    made = []
    for n, share in ((n_trees, 1.0), (3, 0.4)):
        data = lightgbm.Dataset(rows, answers)
        made.append(lightgbm.train(settings | {"feature_fraction": share, "seed": seed}, data, n))
    return made


@given(st.integers(0, 2**31), st.sampled_from([0.0, 0.2]), st.sampled_from([0.0, 0.3]))
def test_tables_answer_as_lightgbm_does(seed: int, learned: float, asked: float) -> None:
    made, rows = boosters(seed % 7, unknown=learned), values(seed, 150, unknown=asked)
    trees = Trees.of(made)
    by_lightgbm = [one.predict(rows) for one in made]
    assert trees.scores(rows).tolist() == np.mean(by_lightgbm, axis=0).tolist()
    parts = np.mean([one.predict(rows, pred_contrib=True) for one in made], axis=0)
    assert trees.contributions(rows) == pytest.approx(parts[:, :-1], abs=1e-12)


def test_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    trees, rows = Trees.of(boosters(1, unknown=0.2, n_trees=50)), values(1, 50, unknown=0.2)
    whole = trees.scores(rows), trees.contributions(rows)
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", 7)
    assert np.array_equal(trees.scores(rows), whole[0])
    assert np.array_equal(trees.contributions(rows), whole[1])
    # One row is the last of them, which is by itself in its batch.
    assert [float(trees.scores(row[None])[0]) for row in rows] == whole[0].tolist()
    assert trees.scores(rows[:0]).shape == (0,)
    assert trees.contributions(rows[:0]).shape == (0, N_FEATURES)


def test_a_tree_without_a_split_adds_the_same_to_every_row() -> None:
    data = lightgbm.Dataset(np.zeros((30, 2)), np.arange(30.0))
    booster = lightgbm.train({"verbose": -1}, data, 1)
    trees = Trees.of([booster])
    assert trees.scores(np.ones((2, 2), np.float32)).tolist() == booster.predict(np.ones((2, 2))).tolist()
    assert not trees.contributions(np.ones((2, 2), np.float32)).any()


def test_trees_that_are_too_large_are_refused() -> None:
    rows = values(1, 900, unknown=0)
    booster = lightgbm.train({"num_leaves": 12, "verbose": -1}, lightgbm.Dataset(rows, rows.sum(axis=1)), 1)
    with pytest.raises(ValueError, match="11 splits"):
        Trees.of([booster])


@pytest.mark.parametrize("setting", [{"params": {"zero_as_missing": True}}, {"categorical_feature": [3]}])
def test_splits_of_another_kind_are_refused(setting: dict[str, Any]) -> None:
    rows = values(1, 900, unknown=0)
    rows[:, 3] = np.abs(rows[:, 3]).round()
    data = lightgbm.Dataset(rows, (rows[:, 3] == 1) + rows[:, 0], **setting)
    booster = lightgbm.train({"num_leaves": 7, "verbose": -1}, data, 3)
    with pytest.raises(ValueError, match="splits of numbers only"):
        Trees.of([booster])


@pytest.mark.parametrize("has_tables", [True, False])
def test_a_ranker_comes_back_with_or_without_tables(tmp_path: Path, *, has_tables: bool) -> None:
    rows = values(3, 900, unknown=0)
    examples = Examples(rows, rows[:, 0] > 1, np.full(30, 30))
    ranker = Ranker.fit(examples, seed=7)
    ranker.save(tmp_path)
    if not has_tables:
        # As versions were kept before there were tables.
        for file in (tmp_path / TABLES).iterdir():
            file.unlink()
        (tmp_path / TABLES).rmdir()
    again = Ranker.load(tmp_path)
    assert again.texts == ranker.texts
    assert ranker.trees is not None
    assert again.trees is not None
    assert again.trees.scores(rows).tolist() == ranker.trees.scores(rows).tolist()
    assert np.array_equal(again.trees.contributions(rows), ranker.trees.contributions(rows))
