"""Two plots of models as SVG, in the colours of the page: values with intervals, and points with names."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

from movieapp.evaluation.intervals import Estimate
from movieapp.monitoring.plots import WIDTH, number, svg, words

ROW, LEFT, RIGHT, TOP = 24.0, 104.0, 62.0, 8.0
HEIGHT, BOTTOM, SIDE = 300.0, 44.0, 52.0
# The names of all models are to find room.
_text = partial(words, size=11)


@dataclass(frozen=True)
class Point:
    """A model in the plane."""

    name: str
    x: float
    y: float


def intervals(rows: Sequence[tuple[str, Estimate]], *, about: str) -> str:
    """Draw a dot with its interval per row, all from 0."""
    ends = [estimate.value if estimate.high is None else estimate.high for _, estimate in rows]
    scale = (WIDTH - LEFT - RIGHT) / (max(ends) or 1.0)
    parts = []
    for place, (name, estimate) in enumerate(rows):
        y = TOP + (place + 0.5) * ROW
        low, high = estimate.low or estimate.value, estimate.high or estimate.value
        title = f"{name}: {estimate.value:.3f}, 95 % interval {low:.3f} to {high:.3f}"
        parts += [
            _text(LEFT - 8, y + 4, name, anchor="end", ink="var(--text)"),
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="var(--line)"/>',
            f'<line x1="{LEFT + low * scale:.1f}" x2="{LEFT + high * scale:.1f}" y1="{y}" y2="{y}" '
            'stroke="var(--other)" stroke-width="3" stroke-linecap="round"/>',
            f'<circle cx="{LEFT + estimate.value * scale:.1f}" cy="{y}" r="4.5" fill="var(--accent)">'
            f"<title>{escape(title)}</title></circle>",
            _text(WIDTH - RIGHT + 8, y + 4, f"{estimate.value:.3f}"),
        ]
    return svg(about, parts, height=2 * TOP + len(rows) * ROW)


def scatter(points: Sequence[Point], *, about: str, x: str, y: str) -> str:
    """Draw a named dot per point; both axes begin at 0."""
    most_x, most_y = (max(values) or 1.0 for values in zip(*((p.x, p.y) for p in points), strict=True))
    width, height = WIDTH - SIDE - 90, HEIGHT - BOTTOM - 20
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        across, up = SIDE + share * width, HEIGHT - BOTTOM - share * height
        parts += [
            f'<line x1="{SIDE}" x2="{SIDE + width}" y1="{up:.1f}" y2="{up:.1f}" stroke="var(--line)"/>',
            _text(SIDE - 6, up + 4, number(share * most_y), anchor="end"),
            _text(across, HEIGHT - BOTTOM + 16, number(share * most_x), anchor="middle"),
        ]
    taken: list[tuple[float, float, float]] = []
    for point in sorted(points, key=lambda one: one.y):
        across = SIDE + point.x / most_x * width
        up = HEIGHT - BOTTOM - point.y / most_y * height
        beside, end = up + 4, across + 14 + 6.2 * len(point.name)
        # A name that would lie on another moves up.
        while any(begin < end and across < stop and abs(beside - at) < 11 for begin, stop, at in taken):
            beside -= 1
        taken.append((across, end, beside))
        parts += [
            f'<circle cx="{across:.1f}" cy="{up:.1f}" r="4.5" fill="var(--accent)">'
            f"<title>{escape(f'{point.name}: {point.x:.3f}, {point.y:.3f}')}</title></circle>",
            _text(across + 8, beside, point.name, ink="var(--text)"),
        ]
    parts += [
        _text(SIDE + width / 2, HEIGHT - 8, x, anchor="middle"),
        _text(SIDE - 44, 11, y),
    ]
    return svg(about, parts, height=HEIGHT)
