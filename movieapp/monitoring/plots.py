"""Plots as SVG: drawn in the colours of the page they stand in, readable at 360 px, without any script.

They take their colours from the custom properties --text, --muted, --line, --accent and --other of the page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from math import ceil, floor, log10

WIDTH, HEIGHT = 480.0, 250.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 8.0, 14.0, 36.0
INKS = ("var(--accent)", "var(--other)", "var(--muted)")
# Counts are gathered in these ranges, each up to before the next.
BOUNDS = (
    0,
    1,
    2,
    3,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    10**9,
)
Format = Callable[[float], str]


def number(value: float) -> str:
    """Return a number as people read it: 0.25, 12, 1.5k, 20M."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            scaled = value / (1e3 if unit == "k" else size)
            return f"{scaled:.1f}".removesuffix(".0") + unit
    return f"{value:,.0f}" if value == int(value) else f"{value:.2g}" if abs(value) < 1 else f"{value:,.1f}"


def percent(share: float) -> str:
    """Return a share as people read it."""
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def binned(counts: Iterable[tuple[int, int]]) -> tuple[list[str], list[int]]:
    """Return ranges of a count, and how much lies in each; `counts` are pairs of a count and its weight.

    Empty ranges at both ends are left out.
    """
    found = dict.fromkeys(pairwise(BOUNDS), 0)
    for count, weight in counts:
        found[next(ends for ends in found if ends[0] <= count < ends[1])] += weight
    filled = [place for place, weight in enumerate(found.values()) if weight]
    kept = slice(filled[0], filled[-1] + 1) if filled else slice(0)
    return [_range(low, high) for low, high in list(found)[kept]], list(found.values())[kept]


def _range(low: int, high: int) -> str:
    return f"{low:,}" if high == low + 1 else f"{number(low)}–{number(high - 1)}"


def bars(
    labels: Sequence[str], values: Sequence[float], *, about: str, form: Format = number, x: str = ""
) -> str:
    """Draw a column per label; `x` names the horizontal axis."""
    top = _top(max(values, default=0.0))
    step = (WIDTH - LEFT - RIGHT) / max(len(values), 1)
    width = step * (0.94 if len(values) > 60 else 0.78)
    columns = [
        _column(LEFT + (place + 0.5) * step - width / 2, width, value / top, f"{label}: {form(value)}")
        for place, (label, value) in enumerate(zip(labels, values, strict=True))
    ]
    return svg(
        about, [*_scale(top, form), *columns, *_below(labels, [0.5 + i for i in range(len(labels))], step, x)]
    )


def lines(
    labels: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    *,
    about: str,
    form: Format = number,
    x: str = "",
) -> str:
    """Draw a line per series over the labels; a line is broken where a value is missing."""
    found = [value for values in series.values() for value in values if value is not None]
    top = _top(max(found, default=0.0))
    step = (WIDTH - LEFT - RIGHT) / max(len(labels) - 1, 1)
    radius = 2.2 if len(labels) <= 60 else 0.6
    drawn = []
    for place, values in enumerate(series.values()):
        points = [(LEFT + i * step, None if v is None else _y(v / top)) for i, v in enumerate(values)]
        drawn += [_line(points, INKS[place])]
        drawn += [
            f'<circle cx="{at:.1f}" cy="{y:.1f}" r="{radius}" fill="{INKS[place]}">'
            f"<title>{escape(f'{label}: {form(v)}')}</title></circle>"
            for (at, y), label, v in zip(points, labels, values, strict=True)
            if y is not None and v is not None
        ]
    parts = [*_scale(top, form), *drawn, *_below(labels, list(range(len(labels))), step, x)]
    return svg(about, parts, list(series) if len(series) > 1 else [])


def pairs(
    labels: Sequence[str], series: Mapping[str, Sequence[float | None]], *, about: str, form: Format = percent
) -> str:
    """Draw a group of lying bars per label, one bar per series."""
    thick = 11.0
    group = thick * len(series) + 7
    top = max((v for values in series.values() for v in values if v is not None), default=0.0) or 1.0
    left, room = 118.0, WIDTH - 118.0 - 58
    parts = []
    for row, label in enumerate(labels):
        begin = TOP + row * group
        parts += [words(left - 6, begin + (group - 7) / 2 + 4, label, anchor="end", ink="var(--text)")]
        for place, (name, values) in enumerate(series.items()):
            value = values[row]
            if value is None:
                continue
            y, length = begin + place * thick, max(value / top * room, 0.5)
            parts += [
                f'<rect x="{left}" y="{y:.1f}" width="{length:.1f}" height="{thick - 1.5}" rx="1.5" '
                f'fill="{INKS[place]}"><title>{escape(f"{label}, {name}: {form(value)}")}</title></rect>',
                words(left + length + 4, y + thick - 2, form(value), size=11),
            ]
    return svg(about, parts, list(series), height=TOP + len(labels) * group)


def matrix(labels: Sequence[str], values: Sequence[Sequence[float]], *, about: str) -> str:
    """Draw squares, the stronger the larger the value in the row; the names stand at the rows and columns."""
    left, top, side = 104.0, 92.0, (WIDTH - 104 - 40) / max(len(labels), 1)
    parts = []
    for row, name in enumerate(labels):
        parts += [words(left - 5, top + (row + 0.72) * side, name, anchor="end", ink="var(--text)", size=12)]
        at = left + (row + 0.65) * side
        parts += [
            f'<text transform="translate({at:.1f} {top - 5}) rotate(-60)" font-size="12" '
            f'fill="var(--text)">{escape(name)}</text>'
        ]
        for column, value in enumerate(values[row]):
            what = name if row == column else f"{name} and {labels[column]}"
            parts += [
                f'<rect x="{left + column * side:.1f}" y="{top + row * side:.1f}" width="{side - 1:.1f}" '
                f'height="{side - 1:.1f}" rx="2" fill="var(--accent)" '
                f'fill-opacity="{0.05 + 0.95 * value:.2f}">'
                f"<title>{escape(f'{what}: {percent(value)}')}</title></rect>"
            ]
    return svg(about, parts, height=top + len(labels) * side + 4)


def svg(about: str, parts: Sequence[str], legend: Sequence[str] = (), *, height: float = HEIGHT) -> str:
    """Return the parts of a drawing as one, with what it says for those who do not see it."""
    below = 20.0 if legend else 0.0
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH:.0f} {height + below:.0f}" role="img" '
        f'aria-label="{escape(about)}" font-family="inherit">{"".join(parts)}'
        f"{''.join(_legend(legend, height + 12))}</svg>"
    )


def _legend(names: Sequence[str], y: float) -> list[str]:
    parts, at = [], LEFT
    for place, name in enumerate(names):
        parts += [f'<rect x="{at:.0f}" y="{y - 9:.0f}" width="10" height="10" rx="2" fill="{INKS[place]}"/>']
        parts += [words(at + 15, y, name, ink="var(--text)", size=13)]
        at += 32 + 7.2 * len(name)
    return parts


def _scale(top: float, form: Format) -> list[str]:
    """Draw the lines across and their values."""
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _y(share)
        parts += [
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--line)"/>',
            words(LEFT - 6, y + 4, form(top * share), anchor="end"),
        ]
    return parts


def _below(labels: Sequence[str], places: Sequence[float], step: float, title: str) -> list[str]:
    """Write as many labels below the axis as there is room for, and what they are."""
    longest = max((len(label) for label in labels), default=0)
    every = max(ceil((longest * 7.2 + 12) / step), 1) if labels else 1
    parts = [
        words(LEFT + place * step, HEIGHT - 18, label, anchor="middle")
        for label, place in list(zip(labels, places, strict=True))[::every]
        if LEFT + place * step + longest * 3.6 < WIDTH
    ]
    return (
        [*parts, words((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 3, title, anchor="middle", size=12)]
        if title
        else parts
    )


def _column(left: float, width: float, share: float, title: str) -> str:
    y = _y(share)
    return (
        f'<rect x="{left:.1f}" y="{y:.1f}" width="{width:.2f}" height="{_y(0) - y:.1f}" rx="1.5" '
        f'fill="var(--accent)"><title>{escape(title)}</title></rect>'
    )


def _line(points: Sequence[tuple[float, float | None]], ink: str) -> str:
    path, is_down = "", False
    for x, y in points:
        if y is not None:
            path += f"{'L' if is_down else 'M'}{x:.1f} {y:.1f}"
        is_down = y is not None
    return f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="1.8" stroke-linejoin="round"/>'


def words(
    x: float, y: float, text: str, *, anchor: str = "start", ink: str = "var(--muted)", size: int = 13
) -> str:
    """Return words that begin, end or have their middle (`anchor`) at a point."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{ink}">'
        f"{escape(text)}</text>"
    )


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)


def _top(largest: float) -> float:
    """Return the end of a scale: one whose quarters are round, at or over the largest value."""
    if largest <= 0:
        return 1.0
    size = 10 ** floor(log10(largest))
    return float(
        next(size * step for step in (1, 1.2, 1.6, 2, 3, 4, 6, 8, 10) if size * step >= largest * 0.9999)
    )
