"""A slider whose every step has its words, for those who hear it."""

from collections.abc import Callable, Sequence

from nicegui.elements.mixins.value_element import ValueElement


class WordedSlider(ValueElement[float], component="assets/slider.js"):
    """The browser's own slider from `low` to `high`, named `label`; `words` has one for each of its steps.

    NiceGUI's has its role and its name on one element and the keyboard on another.
    """

    # The browser shows what it was moved to at once; an answer that came late would move it back.
    LOOPBACK = False

    def __init__(
        self,
        label: str,
        *,
        low: float,
        high: float,
        words: Sequence[str],
        value: float,
        on_change: Callable[[float], object],
    ) -> None:
        super().__init__(value=value, on_value_change=lambda event: on_change(float(event.value)))
        step = (high - low) / (len(words) - 1)
        self.props.update(min=low, max=high, step=step, label=label, words=list(words))
