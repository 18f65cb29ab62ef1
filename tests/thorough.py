"""How much a run of the tests tries: a plain one is quick; with `SWITCH` set to 1 it leaves nothing out."""

import os

SWITCH = "MOVIEAPP_TEST_THOROUGHLY"
IS_THOROUGH = os.environ.get(SWITCH) == "1"


def examples(n: int) -> int:
    """Return how many of `n` examples Hypothesis makes up: in a plain run, a third of them, or ten."""
    return n if IS_THOROUGH else max(min(n, 10), -(-n // 3))
