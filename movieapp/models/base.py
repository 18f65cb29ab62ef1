"""The one contract that every model keeps: parameters, then `fit`, then answers for any history."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from movieapp.models.heads import Explained, Head, Heads, Scores
from movieapp.preparation.interactions import Histories, Interactions

__all__ = ["Explained", "Model", "Scores", "best"]


@dataclass
class Stored:
    """Parameters and what was learned from data, kept as plain files.

    Fields are hyperparameters; what a fit learns ends in `_` and is a numpy array, a CSR matrix or another
    `Stored`, so that saving needs no pickle.
    """

    name: ClassVar[str]

    @property
    def parameters(self) -> dict[str, object]:
        """The hyperparameters by name."""
        return asdict(self)

    def save(self, folder: Path) -> None:
        """Write parameters as JSON and every fitted array as .npy into a new folder."""
        folder.mkdir(parents=True)
        manifest: dict[str, object] = {"name": self.name, "parameters": self.parameters}
        for key, value in self._fitted().items():
            if isinstance(value, csr_matrix):
                manifest[key] = list(value.shape)
                for part in ("data", "indices", "indptr"):
                    np.save(folder / f"{key}{part}.npy", getattr(value, part), allow_pickle=False)
            elif isinstance(value, Stored):
                value.save(folder / key)
            else:
                np.save(folder / f"{key}.npy", np.asarray(value), allow_pickle=False)
        (folder / "model.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; the answers are the same to the last bit."""
        manifest = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        model = cls(**manifest["parameters"])
        sparse = {key for key in manifest if key.endswith("_")}
        for key in sparse:
            parts = [_array(folder, f"{key}{part}") for part in ("data", "indices", "indptr")]
            setattr(model, key, csr_matrix(tuple(parts), shape=manifest[key]))
        for file in sorted(folder.glob("*_.npy")):
            setattr(model, file.stem, _array(folder, file.stem))
        for key, kind in cls.parts().items():
            setattr(model, key, kind.load(folder / key))
        return model

    @classmethod
    def parts(cls) -> "dict[str, type[Stored]]":
        """The fitted attributes that are `Stored` themselves, and what they are."""
        return {}

    def _forget(self) -> None:
        """Drop what was worked out from an earlier fit and kept."""
        for name, value in vars(type(self)).items():
            if isinstance(value, cached_property):
                vars(self).pop(name, None)

    def _fitted(self) -> dict[str, object]:
        return {key: value for key, value in vars(self).items() if key.endswith("_")}


@dataclass
class Model(Stored, ABC):
    """A recommender over a fixed set of movies.

    Histories need not be those of the fit: everybody is folded in.
    """

    # The groups of quantities that `Explained.grounds` splits a score over.
    ground_names: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def fit(self, interactions: Interactions) -> Self:
        """Learn from the interactions and return self. Deterministic for the same data and parameters."""

    def fit_watched(self, interactions: Interactions, watch: Callable[[float], None]) -> Self:
        """Fit, and tell the share done (0 to 1) where it takes long; what `watch` raises ends the fit."""
        return self.fit(interactions)

    @abstractmethod
    def scores(self, histories: Histories) -> Scores:
        """Return (people x movies) float32 scores; higher is better, seen movies included.

        -inf stands where nothing in the history speaks for or against a movie.
        """

    def contributions(self, history: Histories, columns: NDArray[np.integer]) -> Scores | None:
        """Return what each rating of one person adds to the score of each of `columns`.

        (len(columns) x ratings) float32; each row sums to the score, where that
        is finite. None where the score does not come from the history.
        """
        return None

    def explained(self, history: Histories) -> Explained:
        """Return one person's scores and contributions; a model may work them out together."""
        return Explained(self.scores(history)[0], partial(self.contributions, history))

    def heads(self, histories: Histories, n: int, *, known: NDArray[np.bool_]) -> Heads:
        """Return everybody's first n known films without the seen, and why, as asking one by one would."""
        heads = []
        for row in range(len(histories)):
            history = histories.take(np.array([row]))
            explained = self.explained(history)
            scores = np.where(known, explained.scores, -np.inf).astype(np.float32)[None, :]
            columns = best(scores, n, without=history)[0][0]
            heads.append(Head.of(explained, history, columns[columns >= 0], n_grounds=len(self.ground_names)))
        return Heads.stacked(heads, histories, n)

    def recommend(self, histories: Histories, k: int) -> tuple[NDArray[np.int32], Scores]:
        """Return columns and scores (people x k), best first, without the seen; -1 pads a short list."""
        return best(self.scores(histories), k, without=histories)


def best(scores: Scores, k: int, *, without: Histories | None = None) -> tuple[NDArray[np.int32], Scores]:
    """Return the k best columns and their scores per row, best first; ties go to the lower column.

    What is seen in `without` and scores of -inf are never among them; -1 (with a score of -inf) pads.
    """
    scores = scores.copy()
    if without is not None:
        scores[without.rows, without.columns] = -np.inf
    k = min(k, scores.shape[1])
    columns = np.argsort(-scores, axis=1, kind="stable")[:, :k].astype(np.int32)
    values = np.take_along_axis(scores, columns, axis=1)
    columns[np.isneginf(values)] = -1
    return columns, values


def _array(folder: Path, name: str) -> NDArray[np.generic]:
    array: NDArray[np.generic] = np.load(folder / f"{name}.npy", allow_pickle=False)
    return array
