"""How far a training is: one bar from nothing to all, whichever stage it is at."""

import pytest

from movieapp.lifecycle import recipes
from movieapp.lifecycle.stages import FULL, QUICK, Stages, each
from movieapp.progress import parts
from tests.lifecycle.bar import Bar


def test_parts_follow_each_other_by_their_weights() -> None:
    bar = Bar()
    first, second, nothing = parts(bar, (3, 1, 0))
    for part in (first, second, nothing):
        for share in (0.0, 0.5, 1.0):
            part("working", share)
    assert bar.shares == pytest.approx([0, 0.375, 0.75, 0.75, 0.875, 1, 1, 1, 1])


def test_a_part_never_leaves_its_place() -> None:
    bar = Bar()
    first, second = parts(bar, (1, 1))
    first("working", 7.0)
    second("working", -7.0)
    assert bar.shares == [0.5, 0.5]


@pytest.mark.parametrize("quick", [True, False])
def test_the_stages_of_a_training_fill_the_bar(quick: bool) -> None:
    bar = Bar()
    stages = Stages.of(bar, quick=quick)
    in_order = (stages.measuring, stages.fitting, stages.listing, stages.registering, stages.comparing)
    for stage in in_order:
        stage("working", 0.0)
        stage("working", 1.0)
    bar.check()
    assert bar.shares[-1] == 1
    assert sum(FULL) == sum(QUICK) == 100


def test_the_hybrid_takes_most_of_the_bar_of_its_stage() -> None:
    bar = Bar()
    models = recipes.models(n_ratings=100_000, seed=3)
    for fitting, measuring in each(bar, models):
        fitting("fitting", 0.0)
        measuring("measuring", 1.0)
    bar.check()
    assert list(models)[-1] == "hybrid"
    assert bar.shares[-2] < 0.1
