"""Generated poster art: an original composition per film, always the same for the same film."""

import hashlib
import re
from html import escape
from random import Random

from fastapi import Response
from nicegui import app

from movieapp.errors import NotReady
from movieapp.serving.lists import Film
from movieapp.ui import compositions
from movieapp.ui.palette import Palette, palette
from movieapp.ui.services import Services

WIDTH, HEIGHT = 400, 600
MARGIN = 28
TITLE_LINES = 4
# Raised when the drawing changes, so that browsers ask for the new one.
EDITION = "1"
FONT = "Futura, 'Avenir Next', 'Century Gothic', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
# XML 1.0 has no place at all for these, escaped or not.
UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def register(services: Services) -> None:
    """Serve the posters."""
    app.remove_route("/posters/{movie_id}.svg")

    @app.get("/posters/{movie_id}.svg")
    def poster_image(movie_id: int) -> Response:
        try:
            film = services.recommender.catalogue.film(movie_id)
        except NotReady:
            return Response(status_code=503)
        if film is None:
            return Response(status_code=404)
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(poster(film), media_type="image/svg+xml", headers=headers)


def poster_path(film: Film) -> str:
    """Return where the picture of a film is, below the pages' own root."""
    return f"/posters/{film.movie_id}.svg?v={EDITION}{_seed(film) % 0xFFFFFF:06x}"


def poster(film: Film) -> str:
    """Return the SVG text of a film's poster."""
    chance = Random(_seed(film))
    ink = palette(film.genres, chance)
    families = [compositions.FAMILIES[genre] for genre in film.genres if genre in compositions.FAMILIES]
    draw = chance.choice(chance.choice(families) if families else compositions.ANY)
    is_title_above = chance.random() < 0.28
    top = HEIGHT - compositions.HEIGHT if is_title_above else 0
    picture = "".join(draw(ink, chance))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img"><title>{_text(film.name)}</title>'
        f'<clipPath id="field"><rect width="{compositions.WIDTH}" height="{compositions.HEIGHT}"/></clipPath>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{ink.ground}"/>'
        f'<g transform="translate(0 {top})"><g clip-path="url(#field)">{picture}</g></g>'
        f"{_lettering(film, ink, above=is_title_above)}</svg>"
    )


def _lettering(film: Film, ink: Palette, *, above: bool) -> str:
    lines, size = fit(film.name.upper(), WIDTH - 2 * MARGIN)
    step = size * 1.1
    start = 24.0 if above else compositions.HEIGHT + 24.0
    baseline = start + size * 0.8
    parts = [f'<g fill="{ink.text}" font-family="{FONT}">']
    for number, line in enumerate(lines):
        # A line that the estimate calls full is held to the width whatever font the reader has.
        is_full = width(line) * size > 0.97 * (WIDTH - 2 * MARGIN)
        held = f' textLength="{WIDTH - 2 * MARGIN}" lengthAdjust="spacingAndGlyphs"' if is_full else ""
        parts.append(
            f'<text x="{MARGIN}" y="{baseline + number * step:.1f}" font-size="{size}" font-weight="700" '
            f'letter-spacing=".5"{held}>{_text(line)}</text>'
        )
    foot = HEIGHT - compositions.HEIGHT - 18 if above else HEIGHT - 20
    parts.append(f'<rect x="{MARGIN}" y="{foot - 22}" width="34" height="3" fill="{ink.main}"/>')
    year = "" if film.release_year is None else str(film.release_year)
    parts.append(f'<text x="{MARGIN}" y="{foot}" font-size="14" letter-spacing="2">{year}</text>')
    if film.genres:
        parts.append(
            f'<text x="{WIDTH - MARGIN}" y="{foot}" font-size="12" letter-spacing="1.5" text-anchor="end">'
            f"{_text(film.genres[0].upper())}</text>"
        )
    return "".join(parts) + "</g>"


def fit(title: str, room: float) -> tuple[list[str], int]:
    """Break a title into lines, and return them with the largest size at which they fit the title's field."""
    words = title.split() or ["Untitled"]
    for size in (46, 40, 35, 31, 28, 25, 22, 19):
        lines = _broken(words, room / size)
        if (
            len(lines) * size * 1.1 <= 94
            and len(lines) <= TITLE_LINES
            and all(width(x) * size <= room for x in lines)
        ):
            return lines, size
    lines = [_shortened(line, room / 19) for line in _broken(words, room / 19)]
    if len(lines) > TITLE_LINES:
        lines = [*lines[: TITLE_LINES - 1], _shortened(lines[TITLE_LINES - 1] + "…", room / 19, always=True)]
    return lines, 19


def width(text: str) -> float:
    """Estimate how wide bold capitals run, in units of the font's size; rather too wide than too narrow."""
    return sum(_WIDTHS.get(letter, 1.05 if ord(letter) > 0x2E7F else 0.74) for letter in text)


_WIDTHS = (
    dict.fromkeys("IJ.,:;!'|’ -()[]/", 0.36) | dict.fromkeys("MW@…&%", 0.96) | dict.fromkeys("OQGD", 0.83)
)
_WIDTHS |= dict.fromkeys("0123456789EFLST", 0.64)


def _broken(words: list[str], room: float) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _shortened(line: str, room: float, *, always: bool = False) -> str:
    if width(line) <= room:
        return line
    keep = line.rstrip("…")
    while keep and width(keep + "…") > room:
        keep = keep[:-1]
    return keep.rstrip() + "…"


def _text(value: str) -> str:
    return escape(UNPRINTABLE.sub("�", value))


def _seed(film: Film) -> int:
    told = f"{film.name}|{film.release_year}|{'|'.join(film.genres)}"
    return int.from_bytes(hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()[:8])
