"""Metrics of ranked lists, one value per person.

`hits` is (people x K) bool: whether the film at each place, best first, is relevant.
`n_relevant` is (people,) int: how many films would have been right.
"""

import numpy as np
from numpy.typing import NDArray

Hits = NDArray[np.bool_]
Values = NDArray[np.float64]


def precision(hits: Hits, k: int) -> Values:
    """Return the share of the first k places that are right."""
    return np.asarray(hits[:, :k].sum(axis=1) / k)


def recall(hits: Hits, n_relevant: NDArray[np.integer], k: int) -> Values:
    """Return the share of the relevant films that are among the first k."""
    found: Values = hits[:, :k].sum(axis=1) / n_relevant
    return found


def hit_rate(hits: Hits, k: int) -> Values:
    """Return 1 where at least one of the first k is right."""
    return np.asarray(hits[:, :k].any(axis=1), np.float64)


def ndcg(hits: Hits, n_relevant: NDArray[np.integer], k: int) -> Values:
    """Return discounted gain over that of an ideal list, which has min(k, relevant) right ones on top.

    Binary gains and a log2 discount (Järvelin and Kekäläinen, 2002, section 2.2).
    """
    width = min(k, hits.shape[1])
    discounts = 1.0 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(discounts)[np.minimum(n_relevant, k) - 1]
    gained: Values = (hits[:, :width] @ discounts[:width]) / ideal
    return gained


def reciprocal_rank(hits: Hits) -> Values:
    """Return 1 / place of the first right film, counted from 1; 0 where none is right."""
    first = hits.argmax(axis=1) + 1.0
    return np.where(hits.any(axis=1), 1.0 / first, 0.0)


def coverage(columns: NDArray[np.integer], n_movies: int) -> float:
    """Return the share of all movies that occur in any list; -1 is padding."""
    return len(np.unique(columns[columns >= 0])) / n_movies


def novelty(columns: NDArray[np.integer], popularity: Values) -> Values:
    """Return the mean self-information, in bits, of each list's films.

    `popularity` is the share of people who rated each film (Vargas and Castells, 2011, section 4.1).
    """
    information = -np.log2(np.maximum(popularity, 1e-12))
    return _mean_over_list(information[columns], columns)


def popularity_share(columns: NDArray[np.integer], popularity: Values) -> Values:
    """Return the share of each list that is among the tenth of the films that most people rated."""
    head = popularity >= np.quantile(popularity, 0.9)
    return _mean_over_list(head[columns].astype(np.float64), columns)


def diversity(columns: NDArray[np.integer], genres: NDArray[np.bool_]) -> Values:
    """Return 1 - the mean Jaccard similarity of genres over all pairs of each list.

    `genres` is (movies x genres) bool (Ziegler et al., 2005, section 3.3). Lists have at least two films.
    """
    listed = genres[columns].astype(np.float64) * (columns >= 0)[:, :, None]
    both = np.einsum("ukg,ujg->ukj", listed, listed)
    size = listed.sum(axis=2)
    either = size[:, :, None] + size[:, None, :] - both
    alike = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    first, second = np.triu_indices(columns.shape[1], k=1)
    pairs = (columns[:, first] >= 0) & (columns[:, second] >= 0)
    total = (alike[:, first, second] * pairs).sum(axis=1)
    return 1.0 - total / np.maximum(pairs.sum(axis=1), 1)


def new_to_you(columns: NDArray[np.integer], popularity: Values) -> Values:
    """Return how likely each list's films are not known yet: the mean of 1 - `popularity`.

    The complement of the chance that a film was seen, going by the share of people who rated it (Vargas and
    Castells, 2011, section 4.1); what the person rated is in no list.
    """
    return _mean_over_list((1.0 - popularity)[columns], columns)


def _mean_over_list(values: Values, columns: NDArray[np.integer]) -> Values:
    present = columns >= 0
    mean: Values = (values * present).sum(axis=1) / np.maximum(present.sum(axis=1), 1)
    return mean
