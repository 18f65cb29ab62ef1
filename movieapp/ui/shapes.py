"""The few SVG shapes that posters are made of, as text."""

from collections.abc import Sequence


def circle(x: float, y: float, r: float, fill: str, opacity: float = 1) -> str:
    """Return a disc."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}"{_opacity(opacity)}/>'


def ring(x: float, y: float, r: float, stroke: str, width: float, opacity: float = 1) -> str:
    """Return a circle's outline."""
    outline = f'fill="none" stroke="{stroke}" stroke-width="{width:.1f}"{_opacity(opacity, of="stroke")}'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" {outline}/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, opacity: float = 1) -> str:
    """Return a filled ellipse."""
    box = f'cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}"'
    return f'<ellipse {box} fill="{fill}"{_opacity(opacity)}/>'


def rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    """Return a filled rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'


def polygon(points: Sequence[tuple[float, float]], fill: str, opacity: float = 1) -> str:
    """Return a filled polygon."""
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon points="{corners}" fill="{fill}"{_opacity(opacity)}/>'


def turned(degrees: float, x: float, y: float, *shapes: str) -> str:
    """Return shapes turned around a point."""
    return f'<g transform="rotate({degrees:.1f} {x:.1f} {y:.1f})">{"".join(shapes)}</g>'


def _opacity(opacity: float, *, of: str = "fill") -> str:
    return "" if opacity == 1 else f' {of}-opacity="{opacity:.2f}"'
