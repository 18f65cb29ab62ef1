"""How much a run of the tests tries: a plain one is quick, the project's own check leaves nothing out."""

import os

SWITCH = "MOVIEAPP_TEST_THOROUGHLY"
IS_THOROUGH = os.environ.get(SWITCH) == "1"


def examples(n: int) -> int:
    """Return how many of `n` examples Hypothesis makes up: in a plain run, a third of them."""
    return n if IS_THOROUGH else -(-n // 3)
