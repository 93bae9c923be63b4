"""Compositions with a horizon: hills, cities, woods, seas, roads."""

import math

from tmdb_assets.fake_tmdb.pictures.canvas import Artwork, Canvas
from tmdb_assets.fake_tmdb.pictures.palettes import mix
from tmdb_assets.fake_tmdb.pictures.silhouettes import bird, boat, pine
from tmdb_assets.fake_tmdb.pictures.svg import Point, circle, curve, lines, path, polygon, rect


def hills(canvas: Canvas) -> Artwork:
    """Draw ridge behind ridge before a low sun."""
    colours, draw, width, height = canvas.palette, canvas.draw, canvas.width, canvas.height
    horizon = height * (0.6 if canvas.words == "top" else 0.42)
    sun = (width * draw.uniform(0.3, 0.7), horizon - canvas.unit * 4, canvas.unit * draw.uniform(17, 24))
    is_soft = draw.random() < 0.5  # noqa: PLR2004 - half of them
    shapes = [rect(0, 0, width, height, colours.paper), circle(*sun, colours.one)]
    ridges = 4
    end = height * {"top": 0.85, "bottom": 0.66, "nowhere": 1.0}[canvas.words]
    for ridge in range(ridges):
        base = horizon + (end - horizon) * ridge / ridges
        rise = canvas.unit * (13 - 2 * ridge)
        points = [
            (width * place / 9, base - rise * draw.random() * (1.3 if place % 2 else 0.5))
            for place in range(-1, 11)
        ]
        outline = curve(points) if is_soft else lines(points)
        fill = mix(colours.two, colours.dark, ridge / (ridges - 1))
        shapes.append(path(f"{outline}V{height:.0f}H0Z", fill))
    if canvas.words != "bottom":
        flock = [(sun[0] + canvas.unit * each, sun[1] - canvas.unit * (26 + each / 3)) for each in (-9, 2, 9)]
        shapes += [bird(x, y, canvas.unit * 3, colours.ink) for x, y in flock]
    return Artwork("".join(shapes), colours.paper, colours.dark)


def city(canvas: Canvas) -> Artwork:
    """Draw a city by night, with a light on here and there."""
    colours, draw, width, height = canvas.palette, canvas.draw, canvas.width, canvas.height
    street = height * (0.9 if canvas.words == "top" else 0.66)
    roofs = street - height * 0.34
    moon = circle(width * draw.choice((0.28, 0.7)), roofs + canvas.unit * 2, canvas.unit * 20, colours.one)
    shapes = [rect(0, 0, width, height, colours.paper), moon]
    lit: list[str] = []
    for row, fill in enumerate((mix(colours.two, colours.paper, 0.35), colours.dark)):
        left = -canvas.unit * draw.uniform(0, 8)
        while left < width:
            across = canvas.unit * draw.choice((9, 12, 15, 18))
            top = roofs + height * (draw.uniform(0.02, 0.2) + 0.1 * row)
            shapes.append(rect(left, top, across + 1, height - top, fill))
            if row:
                lit += _lit_windows(canvas, left, top, across, street)
            left += across
    windows = path("".join(lit), colours.three)
    return Artwork("".join(shapes) + windows, colours.paper, colours.dark)


def _lit_windows(canvas: Canvas, left: float, top: float, across: float, street: float) -> list[str]:
    side, step = canvas.unit * 1.5, canvas.unit * 3
    pane = f"h{side:.0f}v{side:.0f}h-{side:.0f}z"
    columns, rows = int(across / step), max(0, int((street - top) / step) - 1)
    return [
        f"M{left + step * (column + 0.5):.0f} {top + step * (row + 0.7):.0f}{pane}"
        for column in range(columns)
        for row in range(rows)
        if canvas.draw.random() < 0.3  # noqa: PLR2004 - three in ten are at home
    ]


def wood(canvas: Canvas) -> Artwork:
    """Draw pines against a great moon."""
    colours, draw, width, height = canvas.palette, canvas.draw, canvas.width, canvas.height
    ground = height * (0.88 if canvas.words == "top" else 0.64)
    moon_x, moon_y = width * draw.uniform(0.35, 0.65), ground - canvas.unit * 36
    shapes = [
        rect(0, 0, width, height, colours.paper),
        circle(moon_x, moon_y, canvas.unit * 27, colours.one),
    ]
    for row in range(3):
        fill = mix(colours.two, colours.dark, row / 2)
        tall, floor = canvas.unit * (24 + 7 * row), ground + canvas.unit * (6 * row - 8)
        trees: list[str] = []
        place = -canvas.unit * draw.uniform(0, 6)
        while place < width + canvas.unit * 6:
            # The wood opens in the middle, so that the moon stays to be seen.
            opening = 0.45 + 0.75 * abs(place - moon_x) / width
            trees.append(pine(place, floor + 2, tall * opening * draw.uniform(0.8, 1.25)))
            place += canvas.unit * draw.uniform(5, 9)
        shapes.append(path("".join(trees) + f"M0 {floor:.0f}H{width:.0f}V{height:.0f}H0Z", fill))
    return Artwork("".join(shapes), colours.paper, colours.dark)


def sea(canvas: Canvas) -> Artwork:
    """Draw waves under a sun that sets, and a boat on its way."""
    colours, draw, width, height = canvas.palette, canvas.draw, canvas.width, canvas.height
    horizon = height * (0.62 if canvas.words == "top" else 0.4)
    sun_x = width * draw.uniform(0.3, 0.7)
    shapes = [
        rect(0, 0, width, height, colours.paper),
        circle(sun_x, horizon, canvas.unit * draw.uniform(20, 27), colours.one),
        boat(width - sun_x, horizon + canvas.unit * 3, canvas.unit * 15, colours.ink),
    ]
    rows = 7
    for row in range(rows):
        base, rise = (
            horizon + canvas.unit * (3 + row * row * (1.5 if canvas.words == "nowhere" else 0.9)),
            canvas.unit * (1.2 + 0.35 * row),
        )
        length, shift = canvas.unit * (17 + 5 * row), draw.uniform(0, 6)
        points: list[Point] = [
            (x * width / 40, base + rise * math.sin(x * width / 40 / length * 6.28 + shift))
            for x in range(-1, 43)
        ]
        fill = mix(colours.two, colours.dark, row / (rows - 1))
        shapes.append(path(f"{curve(points)}V{height:.0f}H0Z", fill))
    return Artwork("".join(shapes), colours.paper, colours.dark)


def road(canvas: Canvas) -> Artwork:
    """Draw a straight road into a striped sun."""
    colours, width, height, middle = canvas.palette, canvas.width, canvas.height, canvas.middle
    horizon, radius = height * (0.68 if canvas.words == "top" else 0.5), canvas.unit * 29
    shapes = [
        rect(0, 0, width, height, colours.paper),
        circle(middle, horizon - radius / 3, radius, colours.one),
    ]
    shapes += [
        rect(
            0,
            horizon - canvas.unit * (2 + 6 * stripe),
            width,
            canvas.unit * (2.6 - 0.5 * stripe),
            colours.paper,
        )
        for stripe in range(5)
    ]
    half = width * 0.46
    asphalt = [(middle - 4, horizon), (middle + 4, horizon), (middle + half, height), (middle - half, height)]
    shapes += [
        rect(0, horizon, width, height - horizon, mix(colours.two, colours.dark, 0.35)),
        polygon(asphalt, colours.dark),
        *(_dash(canvas, horizon, (dash + 0.1) / 6.6, (dash + 0.55) / 6.6) for dash in range(6)),
        *(_pole(canvas, horizon, across * side) for across in (9, 17, 30, 46) for side in (-1, 1)),
    ]
    return Artwork("".join(shapes), colours.paper, colours.dark)


def _dash(canvas: Canvas, horizon: float, far: float, near: float) -> str:
    """Return a dash in the middle of the road, between two shares of the way to the eye."""
    middle, depth = canvas.middle, canvas.height - horizon
    top, bottom = horizon + depth * far**2, horizon + depth * near**2
    thin, thick = (canvas.unit * (0.2 + 2.4 * each**2) for each in (far, near))
    corners = [(middle - thin, top), (middle + thin, top), (middle + thick, bottom), (middle - thick, bottom)]
    return polygon(corners, canvas.palette.three)


def _pole(canvas: Canvas, horizon: float, across: float) -> str:
    """Return a telegraph pole; the farther from the middle, the nearer to the eye."""
    x, tall = canvas.middle + canvas.unit * across, canvas.unit * abs(across) * 0.8
    foot = horizon + canvas.unit * abs(across) / (canvas.width * 0.46) * (canvas.height - horizon) * 0.55
    upright, bar = f"M{x:.0f} {foot:.0f}v-{tall:.0f}", f"m-{tall / 5:.0f} {tall / 8:.0f}h{tall / 2.5:.0f}"
    return path(upright + bar, stroke=canvas.palette.dark, width=tall / 22)
