"""The pictures on generated posters: families of geometric compositions on a field of 400 by 430."""

from collections.abc import Callable
from math import cos, pi, sin
from random import Random

from movieapp.ui.palette import Palette
from movieapp.ui.shapes import circle, ellipse, polygon, rect, ring, turned

WIDTH, HEIGHT = 400, 430

Composition = Callable[[Palette, Random], list[str]]


def orbit(ink: Palette, chance: Random) -> list[str]:
    """A planet with rings among stars."""
    x, y, r = chance.uniform(120, 280), chance.uniform(150, 280), chance.uniform(70, 115)
    tilt = chance.uniform(-35, 35)
    shapes = [
        circle(
            chance.uniform(0, WIDTH),
            chance.uniform(0, HEIGHT),
            chance.choice((1.2, 1.8, 2.6)),
            ink.light,
            0.8,
        )
        for _ in range(46)
    ]
    shapes += [ring(x, y, r * factor, ink.shade, 2) for factor in (1.7, 2.3, 3.0)]
    shapes += [circle(x, y, r, ink.main), circle(x + r * 0.28, y - r * 0.2, r * 0.72, ink.second, 0.55)]
    for factor in (1.45, 1.62):
        shapes.append(
            f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{r * factor:.1f}" ry="{r * 0.34:.1f}" fill="none" '
            f'stroke="{ink.light}" stroke-width="5" transform="rotate({tilt:.0f} {x:.1f} {y:.1f})"/>'
        )
    angle = chance.uniform(0, 2 * pi)
    shapes.append(circle(x + 2.3 * r * cos(angle), y + 2.3 * r * sin(angle), r * 0.2, ink.second))
    return shapes


def blinds(ink: Palette, chance: Random) -> list[str]:
    """Light through a blind, and somebody's round shadow in it."""
    slant, step = chance.uniform(-90, 90), chance.choice((30, 38, 46))
    shapes = [rect(0, 0, WIDTH, HEIGHT, ink.shade)]
    for top in range(-120, HEIGHT + 120, step):
        thick = step * chance.uniform(0.42, 0.58)
        corners = [(0, top), (WIDTH, top + slant), (WIDTH, top + slant + thick), (0, top + thick)]
        shapes.append(polygon(corners, ink.main, 0.9))
    x, y, r = chance.uniform(130, 270), chance.uniform(160, 220), chance.uniform(62, 84)
    shoulders = (
        f'<path d="M{x - 2 * r:.0f} {HEIGHT} q{r * 0.2:.0f} {-2.1 * r:.0f} {2 * r:.0f} {-2.1 * r:.0f} '
    )
    shoulders += f't{2 * r:.0f} {2.1 * r:.0f} z" fill="{ink.ground}"/>'
    shapes += [shoulders, circle(x, y, r, ink.ground)]
    if chance.random() < 0.6:
        shapes.append(ellipse(x, y - r * 0.55, r * 1.75, r * 0.3, ink.ground))
    shapes.append(circle(chance.choice((62, 338)), 74, 26, ink.second))
    return shapes


def hills(ink: Palette, chance: Random) -> list[str]:
    """A low sun over ranges of hills."""
    x, y, r = chance.uniform(90, 310), chance.uniform(120, 210), chance.uniform(62, 105)
    shapes = [rect(0, 0, WIDTH, HEIGHT, ink.shade)]
    shapes += [circle(x, y, r * factor, ink.second, 0.18) for factor in (1.9, 1.45)]
    shapes.append(circle(x, y, r, ink.second))
    for layer, (colour, opacity) in enumerate(
        ((ink.main, 0.55), (ink.main, 1.0), (ink.ground, 0.6), (ink.ground, 1))
    ):
        base = 210 + layer * 58
        points = [(0.0, float(HEIGHT))]
        phase, swing = chance.uniform(0, 6), chance.uniform(22, 46)
        for at in range(0, WIDTH + 1, 20):
            height = swing * sin(at / 67 + phase) + swing * 0.4 * sin(at / 23 + 2 * phase)
            points.append((at, base + height))
        shapes.append(polygon([*points, (WIDTH, HEIGHT)], colour, opacity))
    return shapes


def tiles(ink: Palette, chance: Random) -> list[str]:
    """Quarter circles, dots and squares on a grid."""
    columns = chance.choice((3, 4))
    side = WIDTH / columns
    colours = (ink.main, ink.second, ink.light, ink.shade)
    shapes = []
    for row in range(int(HEIGHT / side) + 1):
        for column in range(columns):
            x, y = column * side, row * side
            back, front = chance.sample(colours, 2)
            shapes.append(rect(x, y, side + 0.5, side + 0.5, back))
            shapes.append(_tile(x, y, side, front, chance))
    return shapes


def _tile(x: float, y: float, side: float, colour: str, chance: Random) -> str:
    kind = chance.randrange(6)
    if kind == 0:
        return circle(x + side / 2, y + side / 2, side * 0.34, colour)
    if kind == 1:
        return polygon([(x, y), (x + side, y), (x, y + side)], colour)
    corner_x, corner_y = x + side * chance.randrange(2), y + side * chance.randrange(2)
    to_x, to_y = 2 * x + side - corner_x, 2 * y + side - corner_y
    sweep = int((to_x > corner_x) == (to_y > corner_y))
    return (
        f'<path d="M{corner_x:.1f} {corner_y:.1f} H{to_x:.1f} A{side:.1f} {side:.1f} 0 0 {sweep} '
        f'{corner_x:.1f} {to_y:.1f} Z" fill="{colour}"/>'
    )


def bloom(ink: Palette, chance: Random) -> list[str]:
    """Petals around a heart."""
    x, y = WIDTH / 2 + chance.uniform(-50, 50), HEIGHT / 2 + chance.uniform(-25, 25)
    petals, length = chance.choice((5, 6, 8, 9, 12)), chance.uniform(135, 190)
    turn, width = chance.uniform(0, 90), chance.uniform(0.26, 0.42)
    shapes = [rect(0, 0, WIDTH, HEIGHT, ink.shade), circle(x, y, length * 1.12, ink.ground, 0.45)]
    for petal in range(petals):
        colour = ink.main if petal % 2 else ink.second
        leaf = ellipse(x + length / 2, y, length / 2, length * width / 2, colour, 0.72)
        shapes.append(turned(turn + petal * 360 / petals, x, y, leaf))
    return [*shapes, circle(x, y, length * 0.17, ink.light), circle(x, y, length * 0.08, ink.ground)]


def shards(ink: Palette, chance: Random) -> list[str]:
    """Splinters flying from one point."""
    x, y = chance.uniform(110, 290), chance.uniform(140, 290)
    count = chance.choice((14, 18, 22))
    colours = (ink.main, ink.shade, ink.second, ink.ground, ink.main)
    shapes = [rect(0, 0, WIDTH, HEIGHT, ink.shade)]
    edge = chance.uniform(0, 1)
    for shard in range(count):
        start = 2 * pi * (shard + edge) / count
        stop = start + 2 * pi / count * chance.uniform(0.55, 1.0)
        reach = 620
        corners = [
            (x, y),
            (x + reach * cos(start), y + reach * sin(start)),
            (x + reach * cos(stop), y + reach * sin(stop)),
        ]
        shapes.append(polygon(corners, colours[shard % len(colours)]))
    r = chance.uniform(36, 66)
    return [*shapes, circle(x, y, r * 1.35, ink.ground), circle(x, y, r, ink.light)]


def waves(ink: Palette, chance: Random) -> list[str]:
    """A moon over many waters."""
    x, y, r = chance.uniform(100, 300), chance.uniform(95, 150), chance.uniform(46, 74)
    shapes = [rect(0, 0, WIDTH, HEIGHT, ink.shade), circle(x, y, r, ink.light)]
    if chance.random() < 0.5:
        shapes.append(circle(x + r * 0.42, y - r * 0.18, r * 0.86, ink.shade))
    length = chance.choice((50, 66, 80))
    colours = (ink.second, ink.main, ink.ground)
    for row in range(8):
        top = 190 + row * 34
        shift = (row % 2) * length / 2 - length + chance.uniform(-6, 6)
        path = f"M{shift:.1f} {top} "
        path += f"q{length / 4:.1f} -30 {length / 2:.1f} 0 " * (2 * WIDTH // length + 6)
        shapes.append(f'<path d="{path}V{HEIGHT} H{shift:.1f} Z" fill="{colours[row % 3]}"/>')
    return shapes


def bars(ink: Palette, chance: Random) -> list[str]:
    """Lines that swell where a disc lies behind them."""
    x, y, r = chance.uniform(140, 260), chance.uniform(165, 265), chance.uniform(110, 150)
    shapes = [rect(0, 0, WIDTH, HEIGHT, ink.shade)]
    step = chance.choice((15, 18, 22))
    for number, at in enumerate(range(step // 2, WIDTH, step)):
        inside = max(0.0, 1 - ((at - x) / r) ** 2) ** 0.5
        shapes.append(rect(at - 1, 0, 2, HEIGHT, ink.main))
        if inside:
            half = r * inside
            colour = ink.second if number % 3 else ink.light
            shapes.append(
                f'<rect x="{at - step * 0.34:.1f}" y="{y - half:.1f}" width="{step * 0.68:.1f}" '
                f'height="{2 * half:.1f}" rx="{step * 0.34:.1f}" fill="{colour}"/>'
            )
    return shapes


def town(ink: Palette, chance: Random) -> list[str]:
    """A skyline with lit windows under a great moon."""
    x, y, r = chance.uniform(110, 290), chance.uniform(120, 180), chance.uniform(80, 120)
    shapes = [rect(0, 0, WIDTH, HEIGHT, ink.shade), circle(x, y, r, ink.second)]
    for colour, low, high, lit in ((ink.main, 150, 300, 0.0), (ink.ground, 60, 210, 0.42)):
        left = -10.0
        while left < WIDTH:
            width, tall = chance.choice((44, 56, 70)), chance.uniform(low, high)
            shapes.append(rect(left, HEIGHT - tall, width, tall, colour))
            for row in range(int(tall // 24)):
                for column in range(int(width // 16) - 1):
                    if chance.random() < lit:
                        shapes.append(
                            rect(left + 11 + column * 16, HEIGHT - tall + 14 + row * 24, 7, 11, ink.light)
                        )
            left += width + chance.choice((0, 0, 8))
    return shapes


def steps(ink: Palette, chance: Random) -> list[str]:
    """A spiral stair of nested arches."""
    x, base = WIDTH / 2 + chance.uniform(-40, 40), HEIGHT
    colours = (ink.main, ink.shade, ink.second, ink.ground)
    shapes = [rect(0, 0, WIDTH, HEIGHT, ink.shade)]
    count = chance.choice((6, 7, 8))
    drift = chance.uniform(-9, 9)
    for arch in range(count):
        r = 215 * (1 - arch / count)
        cx, top = x + arch * drift, base - 365 + arch * (330 / count)
        shapes.append(
            f'<path d="M{cx - r:.1f} {base} V{top + r:.1f} A{r:.1f} {r:.1f} 0 0 1 {cx + r:.1f} {top + r:.1f} '
            f'V{base} Z" fill="{colours[arch % 4]}"/>'
        )
    cx = x + count * drift * 0.9
    return [*shapes, ellipse(cx, base - 8, 26, 8, ink.light), circle(cx, base - 44, 13, ink.light)]


def ripples(ink: Palette, chance: Random) -> list[str]:
    """Rings spreading from two drops."""
    shapes = [rect(0, 0, WIDTH, HEIGHT, ink.shade)]
    for colour, x in ((ink.main, chance.uniform(70, 150)), (ink.second, chance.uniform(250, 330))):
        y, gap = chance.uniform(110, 320), chance.choice((20, 24, 30))
        shapes += [
            ring(x, y, gap * number, colour, gap * 0.42, max(0.14, 1 - number * 0.11))
            for number in range(1, 10)
        ]
        shapes.append(circle(x, y, gap * 0.5, ink.light))
    return shapes


def bands(ink: Palette, chance: Random) -> list[str]:
    """Slanting bands, cut through by a disc in other colours."""
    x, y, r = chance.uniform(150, 250), chance.uniform(170, 260), chance.uniform(95, 135)
    turn, step = chance.choice((-38, -24, 24, 38)), chance.choice((34, 44, 56))

    def stripes(colours: tuple[str, ...]) -> str:
        rows = range(-400, 900, step)
        return "".join(
            rect(-400, top, 1200, step + 0.5, colours[i % len(colours)]) for i, top in enumerate(rows)
        )

    around, within = (ink.main, ink.shade, ink.ground), (ink.light, ink.second, ink.shade)
    return [
        turned(turn, x, y, stripes(around)),
        f'<clipPath id="disc"><circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/></clipPath>',
        f'<g clip-path="url(#disc)">{turned(turn + 90, x, y, stripes(within))}</g>',
    ]


# What suits a genre; a film takes one of its genres' families by chance.
FAMILIES: dict[str, tuple[Composition, ...]] = {
    "Action": (shards, bands, town),
    "Adventure": (hills, waves, orbit),
    "Animation": (tiles, waves, bloom),
    "Children": (tiles, hills, waves),
    "Children's": (tiles, hills, waves),
    "Comedy": (tiles, bands, bloom),
    "Crime": (blinds, town, bands),
    "Documentary": (bars, ripples),
    "Drama": (bloom, hills, ripples, town, steps),
    "Fantasy": (waves, orbit, ripples),
    "Film-Noir": (blinds, town),
    "Horror": (shards, steps, ripples),
    "Musical": (bars, tiles, bloom),
    "Mystery": (steps, blinds),
    "Romance": (bloom, waves, ripples),
    "Sci-Fi": (orbit, bars, ripples),
    "Thriller": (blinds, shards, ripples),
    "War": (hills, shards, bands),
    "Western": (hills,),
}
ANY: tuple[Composition, ...] = (bars, tiles, bands, hills)
