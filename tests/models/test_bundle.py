"""A bundle survives saving, and is refused when a file is missing or was altered."""

from pathlib import Path

import numpy as np
import pytest

from movieapp.errors import Invalid
from movieapp.models.als import ALS
from movieapp.models.bundle import Bundle
from movieapp.models.item_knn import ItemKNN
from movieapp.preparation.interactions import Interactions


@pytest.fixture
def bundle(two_tastes: Interactions) -> Bundle:
    model = ALS(factors=4, seed=1).fit(two_tastes)
    return Bundle.of(model, model, two_tastes, facts={"algorithm": "als"})


def test_saving_and_loading_keeps_everything(bundle: Bundle, tmp_path: Path) -> None:
    bundle.save(tmp_path / "b")
    loaded = Bundle.load(tmp_path / "b")
    for name in ("movie_ids", "user_ids", "people", "popularity"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(bundle, name))
    assert loaded.facts == bundle.facts
    query, allowed = bundle.embedding.items_[3], np.ones(20, bool)
    for ours, theirs in zip(
        bundle.neighbours.nearest(query, 5, allowed=allowed),
        loaded.neighbours.nearest(query, 5, allowed=allowed),
        strict=True,
    ):
        np.testing.assert_array_equal(ours, theirs)


def test_a_bundle_may_rank_with_one_model_and_embed_with_another(
    two_tastes: Interactions, tmp_path: Path
) -> None:
    knn, als = ItemKNN(8).fit(two_tastes), ALS(factors=4).fit(two_tastes)
    Bundle.of(knn, als, two_tastes, facts={}).save(tmp_path / "b")
    loaded = Bundle.load(tmp_path / "b")
    assert isinstance(loaded.model, ItemKNN)
    np.testing.assert_array_equal(loaded.embedding.items_, als.items_)


def test_an_altered_file_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    bundle.save(tmp_path / "b")
    for file in sorted((tmp_path / "b").rglob("*.*")):
        if file.name == "bundle.json":
            continue
        content = file.read_bytes()
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(Invalid, match="not what training wrote"):
            Bundle.load(tmp_path / "b")
        file.write_bytes(content)
    Bundle.load(tmp_path / "b")


def test_a_missing_file_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    bundle.save(tmp_path / "b")
    (tmp_path / "b" / "people.npy").unlink()
    with pytest.raises(Invalid, match=r"lacks people\.npy"):
        Bundle.load(tmp_path / "b")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"model": "nobody", "checksums": {}}'])
def test_a_broken_manifest_is_refused(bundle: Bundle, tmp_path: Path, text: str) -> None:
    bundle.save(tmp_path / "b")
    (tmp_path / "b" / "bundle.json").write_text(text)
    with pytest.raises(Invalid, match="Train again"):
        Bundle.load(tmp_path / "b")
    with pytest.raises(Invalid, match="There is no bundle"):
        Bundle.load(tmp_path / "nowhere")
