"""Nearest films by embedding: the one place that knows FAISS."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import faiss
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Neighbours:
    """An exact inner-product index over unit vectors, so that a score is a cosine.

    `vectors` is (movies x factors) float32, what the index holds.
    """

    index: faiss.Index
    vectors: NDArray[np.float32]

    @classmethod
    def of(cls, embeddings: NDArray[np.float32]) -> Self:
        """Index (movies x factors) float32 embeddings; a row's number is its movie's column."""
        index = faiss.IndexFlatIP(embeddings.shape[1])
        vectors = unit(embeddings)
        index.add(vectors)
        return cls(index, vectors)

    def nearest(
        self, query: NDArray[np.float32], k: int, *, allowed: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the columns and cosines of the k films nearest to `query` (factors,), best first.

        Only films where `allowed` (movies,) is true are looked at, so a filter never shortens the list.
        """
        k = min(k, int(allowed.sum()))
        if k == 0:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        bits = np.packbits(allowed, bitorder="little")
        # FAISS' Python layer adds these arguments at import, where its annotations do not show them.
        chosen = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))  # type: ignore[call-arg,arg-type]
        cosines, columns = self.index.search(unit(query[None, :]), k, params=chosen)
        return columns[0].astype(np.int32), cosines[0]

    def save(self, file: Path) -> None:
        """Write the index in FAISS' own format."""
        faiss.write_index(self.index, str(file))

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote."""
        index = faiss.read_index(str(file))
        return cls(index, index.reconstruct_n(0, index.ntotal))


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows with length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.ascontiguousarray(vectors / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)
