"""Numbers without their last bits, so that the order of a sum changes nothing.

Sums come out a little different for one person than for many at once; without the last bits, what is equal
stays equal, and ranks and trees see the same in both.
"""

import numpy as np
from numpy.typing import NDArray

BITS = 16
TINY = np.float32(1e-30)


def settled(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return float32 values with 16 bits of mantissa; 0 for what is not finite."""
    finite = np.where(np.isfinite(values), values, np.float32(0)).astype(np.float32)
    return ((finite.view(np.uint32) + np.uint32(0x80)) & np.uint32(0xFFFFFF00)).view(np.float32)


def settled_scores(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (people x movies) float32 on a grid of 2^-16 of each person's highest; 0 if not finite.

    What is nothing but rounding noise beside the highest score becomes 0.
    """
    finite = np.where(np.isfinite(scores), scores, np.float32(0))
    highest = np.abs(finite).max(axis=1, keepdims=True, initial=0)
    # A highest score this small is nothing but noise itself, and its step would be no number.
    step = np.exp2(np.floor(np.log2(np.where(highest > TINY, highest, 1))) - BITS)
    return (np.round(finite / step) * step).astype(np.float32)
