"""Decisions about versions: measured on one window, carried out in one step, by hand and back again."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from movieapp.database import Database
from movieapp.errors import Conflict, Invalid, NotFound
from movieapp.evaluation.protocol import Window, measure, window
from movieapp.lifecycle.measured_fit import NotComparable, Translated, measured_fit
from movieapp.lifecycle.promotion import Decision, by_hand, carry_out, is_provisional, roll_back
from movieapp.lifecycle.retraining import clean_up, prune
from movieapp.lifecycle.training import prepared, train
from movieapp.models.popularity import Popularity
from movieapp.preparation.interactions import Histories
from movieapp.registry import Registry, Stage
from tests.checkerboard import interactions
from tests.databases import copy_of, tiny_release, with_registry
from tests.rows import rows

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """The tiny release; the tests of this file run in order and share what they register."""
    database = copy_of(tiny_release)
    yield database
    database.close()


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return Registry(with_registry(tmp_path_factory.mktemp("registry")))


def validation(database: Database) -> Window:
    _, parts, facts = prepared(database)
    return window(parts, "validation", facts)


def decisions(database: Database) -> list[tuple[object, ...]]:
    return rows(
        database, "select champion, challenger, is_promoted, made_by from promotion_decisions order by all"
    ).rows()


def test_a_model_is_asked_in_the_columns_of_another_matrix() -> None:
    # The model knows films 2, 4 and 6, with 1, 2 and 3 likes.
    stars = np.array([[5, 5, 5], [0, 5, 5], [0, 0, 5]])
    fitted = Popularity().fit(interactions(stars))
    translated = Translated.of(fitted, np.array([2, 4, 6], np.int32), np.array([1, 2, 4, 9], np.int32))
    histories = Histories.of_one(
        np.array([0, 2], np.int32), np.array([5, 5], np.float32), np.zeros(2, np.int64), n_movies=4
    )
    assert translated.scores(histories).tolist() == [[-np.inf, 1, 2, -np.inf]]


def test_histories_reach_the_other_model_in_its_own_columns() -> None:
    seen: list[Histories] = []

    class Watching(Popularity):
        def scores(self, histories: Histories) -> np.ndarray:
            seen.append(histories)
            return super().scores(histories)

    fitted = Watching().fit(interactions(np.full((2, 2), 5)))
    translated = Translated.of(fitted, np.array([4, 9], np.int32), np.array([1, 4, 9], np.int32))
    two = Histories(
        indptr=np.array([0, 2, 3]),
        columns=np.array([0, 2, 1], np.int32),
        stars=np.array([1, 2, 3], np.float32),
        rated_at=np.array([7, 8, 9]),
        n_movies=3,
    )
    translated.scores(two)
    (theirs,) = seen
    assert (theirs.indptr.tolist(), theirs.columns.tolist()) == ([0, 1, 2], [1, 0])
    assert (theirs.stars.tolist(), theirs.rated_at.tolist(), theirs.n_movies) == ([2, 3], [8, 9], 2)


def test_the_champion_scores_on_its_own_window_what_it_scored_when_it_was_trained(
    database: Database, registry: Registry
) -> None:
    trained = train(database, lambda: registry, quick=True, recipe="item_knn", seed=3, now=NOW)
    (run,) = (run for run in trained.runs if run.name == "item_knn")
    here = validation(database)
    again = measure(measured_fit(trained.version, here), here)
    np.testing.assert_array_equal(again.per_user["returning"], run.measured.per_user["returning"])


def test_a_champion_that_has_seen_the_window_is_not_compared(database: Database, registry: Registry) -> None:
    here = validation(database)
    champion = registry.version("1")
    earlier = replace(here, cutoff=here.cutoff - timedelta(seconds=1))
    with pytest.raises(NotComparable, match="has seen all ratings before"):
        measured_fit(champion, earlier)
    measured_fit(champion, replace(here, cutoff=here.cutoff + timedelta(days=1)))


def test_a_challenger_that_is_no_better_waits_with_every_number(
    database: Database, registry: Registry
) -> None:
    trained = train(database, lambda: registry, quick=True, recipe="item_knn", seed=3, now=NOW)
    assert trained.production.number == "1"
    assert trained.version.stage is Stage.STAGING
    reasoning = trained.decision.reasoning
    assert "nothing has changed: every figure is what it was" in reasoning
    assert "at least 1 % more is asked." in reasoning
    assert "launcher.py promote 2" in reasoning
    stored = rows(database, "from promotion_decisions where challenger = '2'").row(0, named=True)
    numbers = json.loads(stored["numbers"])
    assert numbers["failed"] == ["ndcg@10"]
    assert numbers["gain"]["value"] == 0.0
    ndcg = numbers["metrics"]["ndcg@10"]
    assert ndcg["before"] == ndcg["after"] == trained.decision.numbers["metrics"]["ndcg@10"]["after"]
    run = registry._client.get_run(trained.version.run_id)
    assert run.data.tags["reasoning"] == reasoning
    assert run.data.metrics["gate/ndcg_at_10/before"] == ndcg["before"]


def test_a_better_challenger_takes_over_on_evidence(database: Database, registry: Registry) -> None:
    train(database, lambda: registry, quick=True, recipe="popularity", seed=3, now=NOW, promote=True)
    trained = train(database, lambda: registry, quick=True, recipe="item_knn", seed=3, now=NOW)
    assert trained.decision.made_by == "gate"
    assert trained.production.number == trained.version.number == "4"
    assert "takes over from version 3 (popularity)" in trained.decision.reasoning
    assert trained.decision.numbers["failed"] == []
    assert is_provisional(database, trained.production)
    assert decisions(database) == [
        ("1", "2", False, "gate"),
        ("1", "3", True, "hand"),
        ("3", "4", True, "gate"),
        (None, "1", True, "gate"),
    ]


def test_a_version_is_promoted_by_hand_with_the_reason(database: Database, registry: Registry) -> None:
    by_hand(database, registry, "1", reason="the other one shows too few old films", now=NOW)
    assert registry.production().number == "1"  # type: ignore[union-attr]
    # What somebody chose is not taken away for being quick.
    assert not is_provisional(database, registry.production())  # type: ignore[arg-type]
    stored = rows(database, "select last(reasoning) from promotion_decisions").item()
    assert stored == "Version 1 (item_knn) was promoted by hand: the other one shows too few old films"
    n_decisions = len(decisions(database))
    assert by_hand(database, registry, "1", now=NOW) is None  # it serves already
    assert len(decisions(database)) == n_decisions
    with pytest.raises(NotFound, match="no version 77"):
        by_hand(database, registry, "77", now=NOW)


def test_a_rollback_returns_to_what_served_before(database: Database, registry: Registry) -> None:
    decision = roll_back(database, registry, reason="complaints", now=NOW)
    assert decision.reasoning == "Version 4 (item_knn) serves again instead of 1: complaints"
    assert registry.production().number == "4"  # type: ignore[union-attr]
    assert decisions(database)[2] == ("1", "4", True, "rollback")
    assert not is_provisional(database, registry.production())  # type: ignore[arg-type]
    roll_back(database, registry, now=NOW)
    assert registry.production().number == "3"  # type: ignore[union-attr]


def test_a_rollback_needs_somewhere_to_go(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="no earlier production version"):
        roll_back(database, Registry(with_registry(tmp_path)), now=NOW)


def test_pruning_keeps_what_serves_waits_or_may_come_back(database: Database, registry: Registry) -> None:
    waiting = train(database, lambda: registry, quick=True, recipe="popularity", seed=3, now=NOW).version
    assert waiting.number == "5"
    assert registry.previous().number == "1"  # type: ignore[union-attr]
    assert prune(registry, keep=1) == ["2"]
    assert prune(registry, keep=0) == ["4"]
    assert prune(registry, keep=0) == []
    assert [version.number for version in registry.versions() if version.is_pruned] == ["4", "2"]
    with pytest.raises(Invalid, match="removed to save space"):
        by_hand(database, registry, "4", now=NOW)
    assert registry.production().number == "3"  # type: ignore[union-attr]


def test_a_promotion_that_took_effect_is_recorded_at_the_next_start(
    database: Database, registry: Registry
) -> None:
    before = len(decisions(database))
    record = {
        "decided_at": "2026-01-02T00:00:00",
        "champion": "3",
        "challenger": "5",
        "is_promoted": True,
        "made_by": "hand",
        "reasoning": "as it was said",
        "numbers": {},
    }
    # Killed after the promotion and before its record.
    registry.note_decision(registry.version("5"), record=record, metrics={})
    registry.promote("5")
    assert clean_up(database, registry) == ["The decision about version 5 is recorded."]
    assert len(decisions(database)) == before + 1
    assert clean_up(database, registry) == []


def test_a_version_without_a_decision_is_archived_and_production_stays(
    database: Database, registry: Registry
) -> None:
    folder = registry.version("5").folder
    run_id = registry.log_run("killed", parameters={}, metrics={}, tags={}, artifacts=folder)
    version = registry.register(run_id, algorithm="popularity", dataset="x", now=NOW)
    record = {"decided_at": "2026-01-03T00:00:00", "is_promoted": True, "reasoning": "never carried out"}
    registry.note_decision(version, record=record, metrics={})
    (said,) = clean_up(database, registry)
    assert "its training ended before a decision" in said
    assert registry.version(version.number).stage is Stage.ARCHIVED
    assert registry.production().number == "5"  # type: ignore[union-attr]


def test_a_half_registered_version_is_never_promoted(database: Database, registry: Registry) -> None:
    half = registry.version("5")
    created = registry._client.create_model_version(
        "movieapp",
        source="nowhere",
        run_id=half.run_id,
        tags={
            "stage": "none",
            "algorithm": "als",
            "path": "nowhere",
            "dataset": half.dataset,
            "checksum": "",
        },
    )
    with pytest.raises(Invalid, match="never completely registered"):
        by_hand(database, registry, str(created.version), now=NOW)
    clean_up(database, registry)
    assert registry.version(str(created.version)).stage is Stage.ARCHIVED
    with pytest.raises(Invalid, match="lost its files"):
        by_hand(database, registry, str(created.version), now=NOW)
    assert registry.production().number == "5"  # type: ignore[union-attr]


def test_without_its_measured_fit_the_champion_stays(database: Database, registry: Registry) -> None:
    serving = registry.production()
    assert serving is not None
    (serving.folder / "measured" / "bundle.json").unlink()
    trained = train(database, lambda: registry, quick=True, recipe="item_knn", seed=3, now=NOW)
    assert trained.production.number == serving.number
    assert "the two cannot be compared" in trained.decision.reasoning
    assert "lost its files" in trained.decision.numbers["not_comparable"]


def test_a_kept_decision_changes_nothing_that_serves(database: Database, registry: Registry) -> None:
    champion = registry.production()
    staged = next(version for version in registry.versions() if version.stage is Stage.STAGING)
    serving = carry_out(
        database,
        registry,
        champion=champion,
        challenger=staged,
        decision=Decision(False, "no better", {}),
        now=NOW,
    )
    assert serving.number == champion.number  # type: ignore[union-attr]
