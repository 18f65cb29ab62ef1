"""The gate's rules, each kept and broken by a hair, and the words for what it found."""

import json

import numpy as np
import pytest

from movieapp.lifecycle.gate import SECONDARY, gate, sentences

BEFORE = {"ndcg@10": 0.2, **dict.fromkeys(SECONDARY, 0.4)}
# Everybody gains the same, so that the interval has no width.
GAINS = np.full(50, 0.01)


def after(**changed: float) -> dict[str, float]:
    """Return figures that pass, but for those named; "_at_" stands for "@"."""
    named = {name.replace("_at_", "@"): value for name, value in changed.items()}
    return {**BEFORE, "ndcg@10": 0.21, **named}


def test_the_rules_are_those_of_the_project() -> None:
    assert set(SECONDARY) == {
        *("precision@5", "precision@10", "precision@20", "recall@5", "recall@10", "recall@20"),
        *("hit_rate@5", "hit_rate@10", "hit_rate@20", "ndcg@5", "ndcg@20", "mrr", "served_coverage@100"),
    }


@pytest.mark.parametrize(("value", "passes"), [(0.202, True), (0.2021, True), (0.20199, False)])
def test_ndcg_has_to_rise_by_one_percent(value: float, passes: bool) -> None:
    verdict = gate(BEFORE, after(ndcg_at_10=value), GAINS)
    assert verdict.passes is passes
    assert verdict.failed == ([] if passes else ["ndcg@10"])


@pytest.mark.parametrize("metric", SECONDARY)
def test_no_other_metric_may_fall_by_more_than_five_percent(metric: str) -> None:
    assert gate(BEFORE, {**after(), metric: 0.38}, GAINS).passes
    verdict = gate(BEFORE, {**after(), metric: 0.3799}, GAINS)
    assert verdict.failed == [metric]
    # 0.3799 is 5.025 % under 0.4.
    assert verdict.changes[metric].missed_by == pytest.approx(0.00025)


def test_what_has_no_rule_is_told_and_decides_nothing() -> None:
    verdict = gate({**BEFORE, "novelty@10": 10.0}, {**after(), "novelty@10": 5.0}, GAINS)
    assert verdict.passes
    assert verdict.changes["novelty@10"].relative == -0.5


def test_a_rise_from_nothing_is_a_rise_and_nothing_twice_is_none() -> None:
    nothing = dict.fromkeys(BEFORE, 0.0)
    assert gate(nothing, {**nothing, "ndcg@10": 0.001}, GAINS).passes
    assert gate(nothing, nothing, np.zeros(50)).failed == ["ndcg@10"]


def test_significance_is_asked_for_only_on_demand() -> None:
    # Half of the people lose nearly what the other half gains: the mean is +0.01, the interval wide.
    gains = np.tile([0.5, -0.48], 25)
    assert gate(BEFORE, after(), gains).passes
    verdict = gate(BEFORE, after(), gains, require_significance=True)
    assert verdict.failed == ["significance"]
    assert verdict.gain.value == pytest.approx(0.01)
    assert verdict.gain.low is not None
    assert verdict.unclear_by == -verdict.gain.low > 0
    assert 0.5 < verdict.probability < 0.75
    assert gate(BEFORE, after(), GAINS, require_significance=True).passes


def test_an_interval_that_touches_zero_is_not_clear_of_it() -> None:
    # Whoever is drawn, the mean is never below 0, and often it is 0.
    gains = np.array([1.0] + [0.0] * 49)
    verdict = gate(BEFORE, after(), gains, require_significance=True)
    assert (verdict.gain.low, verdict.unclear_by, verdict.passes) == (0.0, 0.0, False)
    assert "begins there" in sentences(verdict)


def test_the_probability_is_the_share_of_resamples_above_zero() -> None:
    assert gate(BEFORE, after(), GAINS).probability == 1.0
    assert gate(BEFORE, after(), -GAINS).probability == 0.0


def test_sentences_name_the_rule_that_failed_and_by_how_much() -> None:
    said = sentences(gate(BEFORE, after(ndcg_at_10=0.201, recall_at_20=0.36), GAINS))
    assert "same 50 returning users" in said
    assert "NDCG@10 rose from 0.2000 to 0.2010 (+0.50 %); at least 1 % is asked." in said
    assert "That is 0.5 percentage points too little." in said
    assert "Recall@20 fell from 0.4000 to 0.3600 (-10.00 %), 5 percentage points more than the 5 %" in said
    assert "interval from +0.0100 to +0.0100" in said
    assert "probability of 100 %" in said
    assert "None of the 13 other metrics fell by more than 5 %." in sentences(gate(BEFORE, after(), GAINS))


def test_equal_figures_are_said_to_be_unchanged() -> None:
    verdict = gate(BEFORE, BEFORE, np.zeros(50))
    assert verdict.failed == ["ndcg@10"]
    assert sentences(verdict) == (
        "On the same 50 returning users of the validation window, nothing has changed: every figure is what "
        "it was, NDCG@10 0.2000; at least 1 % more is asked."
    )
    # What one person gains another loses.
    assert "nothing has changed" not in sentences(gate(BEFORE, BEFORE, np.tile([0.1, -0.1], 25)))
    assert "nothing has changed" not in sentences(gate(BEFORE, {**BEFORE, "mrr": 0.41}, np.zeros(50)))


def test_numbers_are_json_and_hold_every_metric_before_and_after() -> None:
    verdict = gate({**BEFORE, "mrr": 0.0}, after(mrr=0.1), GAINS)
    numbers = json.loads(json.dumps(verdict.numbers(), allow_nan=False))
    assert set(numbers["metrics"]) == {"ndcg@10", *SECONDARY}
    assert numbers["metrics"]["ndcg@10"] == {
        "before": 0.2,
        "after": 0.21,
        "relative_change": pytest.approx(0.05),
        "missed_by": None,
    }
    assert numbers["metrics"]["mrr"]["relative_change"] is None
    assert numbers["n_users"] == 50
    assert numbers["gain"]["probability_better"] == 1.0
