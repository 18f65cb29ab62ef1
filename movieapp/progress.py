"""How long work says how far it is: a function that takes the stage and the share of it done."""

from collections.abc import Callable

# Called as progress("ingest: ratings", 0.4); the share runs from 0 to 1 within a stage.
Progress = Callable[[str, float], None]


def silent(stage: str, share: float) -> None:
    """Report to nobody: the default for tests and for callers that do not watch."""
