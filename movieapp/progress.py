"""How long work says how far it is: a function that takes the stage and the share of it done."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate, pairwise

# Called as progress("ingest: ratings", 0.4); the share runs from 0 to 1 within a stage or, where `parts`
# made it one, within the whole work.
Progress = Callable[[str, float], None]


def silent(stage: str, share: float) -> None:
    """Report to nobody: the default for tests and for callers that do not watch."""


def parts(progress: Progress, weights: Sequence[float]) -> list[Progress]:
    """Return a progress for each part of some work, by how long they take beside each other.

    What each is told, 0 to 1, is passed on as the share of the whole, so that one part begins where the one
    before it ends.
    """
    total = sum(weights)
    ends = [end / total for end in accumulate(weights, initial=0.0)]
    return [partial(_told, progress, begin, end) for begin, end in pairwise(ends)]


def _told(progress: Progress, begin: float, end: float, stage: str, share: float) -> None:
    progress(stage, begin + (end - begin) * min(max(share, 0.0), 1.0))
