"""What aims cost: read from the instance's own comparison or, without one, from what is shipped."""

import json
from pathlib import Path
from typing import Any

import pytest

from movieapp.lifecycle.comparison import AIMS, KEPT_AIMS, PLAIN
from movieapp.lifecycle.prices import PRICED, SHIPPED, measured_prices
from movieapp.models.rerank import STEP, ListAims


def comparison(**lists: dict[str, float]) -> dict[str, Any]:
    """Return a comparison in which all lists are as by accuracy alone, but for those given."""
    figures = dict.fromkeys(PRICED.values(), 0.5)
    measured = {aim: figures | lists.get(aim.replace(" ", "_"), {}) for aim in AIMS}
    return {
        "release": "tiny",
        "window": "validation",
        "n_users": {"returning": 3},
        "aims": {
            "model": "als",
            "lists": {
                aim: {metric: {"value": value} for metric, value in of.items()}
                for aim, of in measured.items()
            },
        },
    }


def test_the_instances_own_comparison_comes_first(tmp_path: Path) -> None:
    found = comparison(discover={"precision@10": 0.48, "new_to_you@10": 0.655})
    (tmp_path / KEPT_AIMS).write_text(json.dumps(found))
    prices = measured_prices(tmp_path / "movieapp.duckdb")
    assert (prices.release, prices.model, prices.n_users, prices.is_own) == ("tiny", "als", 3, True)
    price = prices.of("discover")
    assert price is not None
    assert price.changes["hits"] == pytest.approx(-0.04)
    assert price.changes["new_to_you"] == pytest.approx(0.31)
    assert price.changes["coverage"] == 0
    assert prices.of(PLAIN) is None


@pytest.mark.parametrize("left", [None, "broken", "{}", "earlier version", "without aims", "all zero"])
def test_without_one_that_has_every_aim_the_shipped_ones_hold(tmp_path: Path, left: str | None) -> None:
    found = (
        comparison(accuracy_alone=dict.fromkeys(PRICED.values(), 0.0)) if left == "all zero" else comparison()
    )
    if left == "earlier version":
        del found["aims"]["lists"]["age +1"]
    if left == "without aims":
        found["aims"]["lists"] = {}
    if left is not None:
        (tmp_path / KEPT_AIMS).write_text(left if left in ("broken", "{}") else json.dumps(found))
    prices = measured_prices(tmp_path / "movieapp.duckdb")
    assert (prices.release, prices.is_own) == ("ml-100k", False)
    assert prices == measured_prices(None)


def test_the_shipped_prices_have_every_step_of_every_slider() -> None:
    assert list(json.loads(SHIPPED.read_text())["aims"]["lists"]) == list(AIMS)
    for aim, low in (("diversity", 0.0), ("popularity", -1.0), ("adventure", -1.0), ("age", -1.0)):
        steps = [low + STEP * n for n in range(round((1 - low) / STEP) + 1)]
        assert {getattr(one, aim) for one in AIMS.values()} == set(steps)
    assert ListAims(discover=True) in AIMS.values()
