"""The stages of a training, by how long each takes, so that its progress is one bar that never runs back."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Self

from movieapp.progress import Progress, parts

# In hundredths of the whole, in the order of `Stages`, rounded from trainings on ml-latest-small and ML-100K
# and, the quick ones, ML-1M: there the registry takes most of the time of a small release.
FULL = (40, 42, 10, 4, 4)
QUICK = (40, 8, 17, 30, 5)
# The hybrid takes so many times as long as one of the other models; fitting one takes so much of that.
HYBRID = 50
FIT = (4, 1)


@dataclass(frozen=True)
class Stages:
    """A progress for each stage, whose share is that of the stage."""

    measuring: Progress
    fitting: Progress
    listing: Progress
    registering: Progress
    comparing: Progress

    @classmethod
    def of(cls, progress: Progress, *, quick: bool) -> Self:
        """Divide the progress of a training."""
        return cls(*parts(progress, QUICK if quick else FULL))


def each(progress: Progress, models: Collection[str]) -> Iterator[tuple[Progress, Progress]]:
    """Give two progresses for each model, named in the order of its turn: of its fit and of its measuring."""
    for one in parts(progress, [HYBRID if name == "hybrid" else 1 for name in models]):
        fitting, measuring = parts(one, FIT)
        yield fitting, measuring
