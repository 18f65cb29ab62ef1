"""Bootstrap intervals: repeatable, of the right width, paired where models are compared."""

import numpy as np
import pytest

from movieapp.evaluation.intervals import difference, estimates


def test_an_interval_surrounds_the_mean_with_the_width_that_theory_gives() -> None:
    values = np.random.default_rng(1).normal(0.3, 0.1, (400, 1))
    (estimate,) = estimates(values)
    assert estimate.value == values.mean()
    assert estimate.high - estimate.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(2).random((50, 3))
    assert estimates(values, seed=5) == estimates(values, seed=5)
    assert estimates(values, seed=5) != estimates(values, seed=6)


def test_a_paired_difference_is_tighter_than_two_intervals_suggest() -> None:
    rng = np.random.default_rng(3)
    easy_or_hard = rng.random((200, 1))
    ours, theirs = easy_or_hard + 0.02, easy_or_hard
    (gain,) = difference(ours, theirs)
    assert gain.value == pytest.approx(0.02)
    assert gain.low > 0.019
    assert estimates(ours)[0].low < estimates(theirs)[0].high
