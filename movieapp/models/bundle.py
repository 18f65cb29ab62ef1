"""All that one served version needs, as one frozen value and as one folder of plain files."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from movieapp.errors import Invalid
from movieapp.models.als import ALS
from movieapp.models.base import Model
from movieapp.models.heads import Heads
from movieapp.models.hybrid import Hybrid
from movieapp.models.item_knn import ItemKNN
from movieapp.models.neighbours import Neighbours
from movieapp.models.popularity import Popularity
from movieapp.models.stars import Stars
from movieapp.preparation.interactions import Histories, Interactions

MODELS: dict[str, type[Model]] = {model.name: model for model in (Popularity, ItemKNN, ALS, Hybrid)}
MANIFEST = "bundle.json"


@dataclass(frozen=True)
class Bundle:
    """A fitted version. `model` ranks; `embedding` gives the space for similar films and for people.

    `movie_ids` and `user_ids` are sorted int32; `people` is (users x factors) float32, `demographics`
    (users x 3) float32; `heads` has the first films of the users' lists, as of the training; `stars`
    predicts what people will rate, if the version has such a model;
    `popularity` is (movies,) float32, the likes of each movie; `facts` holds parameters, metrics and
    cut-offs as JSON values.
    """

    model: Model
    embedding: ALS
    movie_ids: NDArray[np.int32]
    user_ids: NDArray[np.int32]
    people: NDArray[np.float32]
    demographics: NDArray[np.float32]
    popularity: NDArray[np.float32]
    neighbours: Neighbours
    heads: Heads = field(default_factory=Heads.none)
    stars: Stars | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        model: Model,
        embedding: ALS,
        interactions: Interactions,
        *,
        facts: dict[str, Any],
        stars: Stars | None = None,
        n_heads: int = 0,
    ) -> Self:
        """Assemble a bundle from models that were fitted on `interactions`.

        With `n_heads`, the first so many films of everybody's lists are worked out now.
        """
        popularity = Popularity().fit(interactions).likes_
        heads = Heads.none()
        if n_heads:
            heads = model.heads(interactions.histories, n_heads, known=popularity > 0)
        if n_heads and stars is not None:
            heads = with_stars(heads, stars, interactions.histories)
        return cls(
            model=model,
            embedding=embedding,
            movie_ids=interactions.movie_ids,
            user_ids=interactions.user_ids,
            people=embedding.embed(interactions.histories),
            demographics=_demographics(interactions),
            popularity=popularity,
            neighbours=Neighbours.of(embedding.items_),
            heads=heads,
            stars=stars,
            facts=facts,
        )

    def save(self, folder: Path) -> None:
        """Write everything into a new folder, with a checksum for each file."""
        folder.mkdir(parents=True)
        self.model.save(folder / "model")
        if self.embedding is not self.model:
            self.embedding.save(folder / "embedding")
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)
        self.neighbours.save(folder / "neighbours.faiss")
        self.heads.save(folder / "heads")
        if self.stars is not None:
            self.stars.save(folder / "stars")
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        manifest = {
            "model": self.model.name,
            "facts": self.facts,
            "checksums": {file.relative_to(folder).as_posix(): _checksum(file) for file in files},
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; refuse with a sentence if a file is missing or was altered."""
        manifest = _manifest(folder)
        for name, checksum in manifest["checksums"].items():
            file = folder / name
            if not file.is_file():
                raise Invalid(f"The bundle in {folder} lacks {name}. Train again: launcher.py train.")
            if _checksum(file) != checksum:
                raise Invalid(f"{file} is not what training wrote. Train again: launcher.py train.")
        model = MODELS[manifest["model"]].load(folder / "model")
        embedding = model if isinstance(model, ALS) else ALS.load(folder / "embedding")
        arrays = {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in _ARRAYS}
        return cls(
            model=model,
            embedding=embedding,
            neighbours=Neighbours.load(folder / "neighbours.faiss"),
            heads=Heads.load(folder / "heads"),
            stars=Stars.load(folder / "stars") if (folder / "stars").is_dir() else None,
            facts=manifest["facts"],
            **arrays,
        )


def _demographics(interactions: Interactions) -> NDArray[np.float32]:
    if interactions.demographics is not None:
        return interactions.demographics
    return np.full((len(interactions.user_ids), 3), np.nan, np.float32)


def with_stars(heads: Heads, stars: Stars, histories: Histories) -> Heads:
    """Return the heads with what each person is expected to give each film."""
    expected, spreads = heads.stars.copy(), heads.spreads.copy()
    for row in range(len(heads)):
        there = heads.columns[row] >= 0
        predicted = stars.predict(histories.take(np.array([row])), heads.columns[row][there])
        expected[row, there], spreads[row, there] = predicted.stars[0], predicted.spread[0]
    return replace(heads, stars=expected, spreads=spreads)


_ARRAYS = ("movie_ids", "user_ids", "people", "demographics", "popularity")


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["model"] in MODELS and isinstance(manifest["checksums"], dict):
            return manifest
    except FileNotFoundError as error:
        raise Invalid(f"There is no bundle in {folder}. Train again: launcher.py train.") from error
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise Invalid(f"{folder / MANIFEST} cannot be read. Train again: launcher.py train.") from error
    raise Invalid(f"{folder / MANIFEST} names a model that this version does not know. Train again.")


def _checksum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
