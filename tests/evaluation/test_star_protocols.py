import zipfile
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from movieapp.errors import Invalid
from movieapp.evaluation.stars import (
    FILM_PENALTY,
    Fold,
    Protocol,
    folds,
    measure_stars,
    random_90_10,
    u_splits,
)
from movieapp.models.stars import Stars
from movieapp.preparation.facts import Facts


def frame(users: np.ndarray, movies: np.ndarray, stars: np.ndarray) -> pl.DataFrame:
    schema = {"user_id": pl.Int32, "movie_id": pl.Int32, "rating": pl.Float32}
    table = pl.DataFrame({"user_id": users, "movie_id": movies, "rating": stars}, schema_overrides=schema)
    return table.with_columns(rated_at=pl.lit(datetime(2000, 1, 1)))


@pytest.fixture(scope="module")
def tastes() -> pl.DataFrame:
    """Two tastes and a little noise: even people give even films five stars and odd ones one, and so on."""
    users, movies = (one.ravel() for one in np.mgrid[:60, :30])
    stars = np.where((users + movies) % 2 == 0, 4.5, 1.5)
    return frame(users + 1, movies + 1, stars + np.random.default_rng(0).normal(size=len(users)) * 0.2)


def small_model() -> Stars:
    return Stars(rank=2, iterations=40, burn_in=20, kept=5, components=3, neighbours=3)


def test_folds_test_each_rating_once(tastes: pl.DataFrame) -> None:
    protocol = folds(tastes, seed=1)
    assert len(protocol.folds) == 5
    tested = pl.concat([fold.test for fold in protocol.folds])
    assert tested.sort("user_id", "movie_id").equals(tastes)
    for fold in protocol.folds:
        assert fold.train.height + fold.test.height == tastes.height
        assert fold.train.join(fold.test, on=["user_id", "movie_id"], how="semi").is_empty()
    assert folds(tastes, seed=1).folds[0].test.equals(protocol.folds[0].test)
    assert not folds(tastes, seed=2).folds[0].test.equals(protocol.folds[0].test)


def test_a_random_tenth_is_tested(tastes: pl.DataFrame) -> None:
    (fold,) = random_90_10(tastes, seed=1).folds
    assert (fold.train.height, fold.test.height) == (1620, 180)
    assert fold.train.join(fold.test, on=["user_id", "movie_id"], how="semi").is_empty()


@pytest.mark.parametrize("zipped", [True, False])
def test_reads_the_published_splits(tmp_path: Path, zipped: bool) -> None:
    lines = {"u1.base": "2\t7\t4\t60\n1\t7\t5\t30\n", "u1.test": "1\t8\t3\t90\n"}
    origin = tmp_path / "ml-100k.zip" if zipped else tmp_path
    if zipped:
        with zipfile.ZipFile(origin, "w") as archive:
            for name, text in lines.items():
                archive.writestr(f"ml-100k/{name}", text)
    else:
        for name, text in lines.items():
            (tmp_path / name).write_text(text)
    (fold,) = u_splits(origin, [1]).folds
    assert fold.train["user_id"].to_list() == [1, 2]
    assert fold.train["rated_at"].to_list() == [datetime(1970, 1, 1, 0, 0, 30), datetime(1970, 1, 1, 0, 1)]
    assert fold.test.row(0)[:3] == (1, 8, 3.0)


def test_says_which_split_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"has no u1\.base"):
        u_splits(tmp_path)


def test_the_model_beats_the_baseline_where_tastes_differ(tastes: pl.DataFrame) -> None:
    measured = measure_stars(folds(tastes, seed=1, n=2), Facts.none(), model=small_model)
    ours, theirs = measured.figures["stars"]["rmse"], measured.figures["biased"]["rmse"]
    assert ours.value < 0.3  # the noise is 0.2
    assert theirs.value > 1.4  # half the distance between the tastes
    assert ours.low is not None
    assert ours.high is not None
    assert ours.low < ours.value < ours.high
    assert measured.difference["rmse"].value == pytest.approx(ours.value - theirs.value)
    assert measured.figures["stars"]["rmse"].value == pytest.approx(
        np.mean(measured.by_fold["stars"]["rmse"])
    )
    assert measured.n_ratings == tastes.height
    assert measured.calibration[0] < measured.calibration[1] <= 1


def test_the_baseline_is_mean_and_regularized_biases() -> None:
    # Everybody gives film 1 two stars more than film 2, so only the films' biases differ from 0.
    n = 1_000
    users = np.repeat(np.arange(1, n + 1), 2)
    train = frame(users, np.tile([1, 2], n), np.tile([4.0, 2.0], n))
    test = frame(np.array([1, 2, 3]), np.array([1, 2, 3]), np.array([4.0, 2.0, 2.0]))
    measured = measure_stars(
        Protocol("by hand", (Fold("by hand", train, test),)), Facts.none(), model=small_model
    )
    bias = n / (n + FILM_PENALTY)
    errors = np.array([1 - bias, 1 - bias, 1.0])  # a film without a rating is expected to be like all
    found = measured.by_fold["biased"]
    assert found["rmse"][0] == pytest.approx(np.sqrt(np.mean(errors**2)), rel=1e-4)
    assert found["mae"][0] == pytest.approx(errors.mean(), rel=1e-4)
