"""All that one served version needs, as one frozen value and as one folder of plain files."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from movieapp.errors import Invalid
from movieapp.models.als import ALS
from movieapp.models.base import Model
from movieapp.models.item_knn import ItemKNN
from movieapp.models.neighbours import Neighbours
from movieapp.models.popularity import Popularity
from movieapp.preparation.interactions import Interactions

MODELS: dict[str, type[Model]] = {model.name: model for model in (Popularity, ItemKNN, ALS)}
MANIFEST = "bundle.json"


@dataclass(frozen=True)
class Bundle:
    """A fitted version. `model` ranks; `embedding` gives the space for similar films and for people.

    `movie_ids` and `user_ids` are sorted int32; `people` is (users x factors) float32;
    `popularity` is (movies,) float32, the likes of each movie; `facts` holds parameters, metrics and
    cut-offs as JSON values.
    """

    model: Model
    embedding: ALS
    movie_ids: NDArray[np.int32]
    user_ids: NDArray[np.int32]
    people: NDArray[np.float32]
    popularity: NDArray[np.float32]
    neighbours: Neighbours
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        model: Model,
        embedding: ALS,
        interactions: Interactions,
        *,
        facts: dict[str, Any],
    ) -> Self:
        """Assemble a bundle from models that were fitted on `interactions`."""
        return cls(
            model=model,
            embedding=embedding,
            movie_ids=interactions.movie_ids,
            user_ids=interactions.user_ids,
            people=embedding.embed(interactions.histories),
            popularity=Popularity().fit(interactions).likes_,
            neighbours=Neighbours.of(embedding.items_),
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
            facts=manifest["facts"],
            **arrays,
        )


_ARRAYS = ("movie_ids", "user_ids", "people", "popularity")


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
