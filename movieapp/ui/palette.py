"""Colours for generated posters: a few inks per genre, mixed in a space where equal steps look equal."""

from dataclasses import dataclass
from math import cos, pi, sin
from random import Random

# Hue in degrees and strength of colour, by genre: what a poster of that kind tends to be printed in.
GENRE_HUES: dict[str, tuple[float, float]] = {
    "Action": (32, 0.17),
    "Adventure": (62, 0.14),
    "Animation": (205, 0.13),
    "Children": (95, 0.14),
    "Children's": (95, 0.14),
    "Comedy": (85, 0.15),
    "Crime": (20, 0.13),
    "Documentary": (230, 0.05),
    "Drama": (262, 0.10),
    "Fantasy": (310, 0.13),
    "Film-Noir": (270, 0.03),
    "Horror": (25, 0.18),
    "IMAX": (240, 0.12),
    "Musical": (350, 0.15),
    "Mystery": (285, 0.10),
    "Romance": (5, 0.14),
    "Sci-Fi": (235, 0.13),
    "Thriller": (190, 0.08),
    "War": (120, 0.06),
    "Western": (48, 0.13),
}
NEUTRAL = (75.0, 0.03)


@dataclass(frozen=True, slots=True)
class Palette:
    """The inks of one poster. `text` is readable on `ground`, which is also what the title stands on."""

    ground: str
    shade: str
    main: str
    second: str
    light: str
    text: str


def palette(genres: tuple[str, ...], chance: Random) -> Palette:
    """Mix the inks for a film of these genres."""
    known = [GENRE_HUES[genre] for genre in genres if genre in GENRE_HUES] or [NEUTRAL]
    hue, strength = chance.choice(known[:3])
    other_hue, other_strength = (
        known[-1] if len(known) > 1 else (hue + chance.choice((150, 180, 210, 40)), strength)
    )
    hue, other_hue = hue + chance.uniform(-14, 14), other_hue + chance.uniform(-14, 14)
    if abs((hue - other_hue + 180) % 360 - 180) < 25:
        other_hue += chance.choice((60, -60, 160))
    other_strength = max(other_strength, 0.08)
    if chance.random() < 0.62:
        return _night(hue, strength, other_hue, other_strength)
    return _paper(hue, strength, other_hue, other_strength)


def _night(hue: float, strength: float, other_hue: float, other_strength: float) -> Palette:
    return Palette(
        ground=oklch(0.23, min(strength, 0.055), hue),
        shade=oklch(0.32, min(strength, 0.085), hue),
        main=oklch(0.62, strength, hue),
        second=oklch(0.72, other_strength, other_hue),
        light=oklch(0.90, 0.05, other_hue),
        text=oklch(0.96, 0.015, other_hue),
    )


def _paper(hue: float, strength: float, other_hue: float, other_strength: float) -> Palette:
    return Palette(
        ground=oklch(0.93, 0.025, other_hue),
        shade=oklch(0.84, 0.05, other_hue),
        main=oklch(0.55, strength, hue),
        second=oklch(0.70, other_strength, other_hue),
        light=oklch(0.36, min(strength, 0.09), hue),
        text=oklch(0.25, 0.04, hue),
    )


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return a hex colour; a colour that a screen cannot show loses strength until it can."""
    while True:
        channels = _linear(lightness, chroma, hue)
        if chroma < 0.004 or all(-0.0005 <= channel <= 1.0005 for channel in channels):
            return "#" + "".join(f"{round(255 * _gamma(channel)):02x}" for channel in channels)
        chroma -= 0.004


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * cos(hue * pi / 180), chroma * sin(hue * pi / 180)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _gamma(channel: float) -> float:
    channel = min(max(channel, 0.0), 1.0)
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
