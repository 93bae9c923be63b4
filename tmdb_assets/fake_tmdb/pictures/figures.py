"""Compositions around one thing: a planet, an eye, a door, a record, a stair, two who meet."""

from tmdb_assets.fake_tmdb.pictures.canvas import Artwork, Canvas
from tmdb_assets.fake_tmdb.pictures.palettes import mix
from tmdb_assets.fake_tmdb.pictures.silhouettes import person
from tmdb_assets.fake_tmdb.pictures.svg import at, circle, element, lines, path, placed, polygon, rect, ring

_TEAR = "M0 0Q5 8 0 11Q-5 8 0 0Z"


def planet(canvas: Canvas) -> Artwork:
    """Draw a planet with its ring among stars."""
    colours, draw, unit = canvas.palette, canvas.draw, canvas.unit
    ground, stars = colours.dark, colours.light
    x, y, radius = canvas.width * draw.uniform(0.42, 0.58), canvas.focus, unit * draw.uniform(23, 29)
    dots = [_star(canvas, stars, mix(ground, stars, 0.4)) for _ in range(90)]
    bands = "".join(
        rect(x - radius, y - radius + radius * 2 * top, radius * 2, radius * 2 * high, fill)
        for top, high, fill in (
            (0.3, 0.12, mix(colours.one, colours.three, 0.55)),
            (0.5, 0.06, colours.three),
            (0.62, 0.5, mix(colours.one, ground, 0.3)),
        )
    )
    disc = element("clipPath", circle(x, y, radius, "#000"), id="disc")
    ball = circle(x, y, radius, colours.one) + element("g", bands, clip_path="url(#disc)")
    wide, flat = radius * 1.75, radius * 0.36
    behind, before = (
        f"M{x - wide:.0f} {y:.0f}A{wide:.0f} {flat:.0f} 0 0 {side} {x + wide:.0f} {y:.0f}" for side in (1, 0)
    )
    turned = element(
        "g",
        path(behind, stroke=colours.three, width=unit * 1.6)
        + ball
        + path(before, stroke=colours.three, width=unit * 1.6),
        transform=f"rotate({draw.choice((-24, -16, 18, 26))} {x:.0f} {y:.0f})",
    )
    moon = circle(*at(x, y, radius * 1.6, draw.choice((-145, -35))), radius * 0.15, colours.light)
    sky = rect(0, 0, canvas.width, canvas.height, ground)
    return Artwork(sky + disc + "".join(dots) + turned + moon, ground, ground)


def _star(canvas: Canvas, bright: str, dim: str) -> str:
    draw, down = canvas.draw, canvas.draw.random()
    first, last = {"top": (0.38, 0.92), "bottom": (0.09, 0.62), "nowhere": (0, 1)}[canvas.words]
    fill = bright if first < down < last else dim  # those behind words are dim
    return circle(
        draw.uniform(0, canvas.width),
        canvas.height * down,
        canvas.unit * draw.choice((0.2, 0.25, 0.45)),
        fill,
    )


def eye(canvas: Canvas) -> Artwork:
    """Draw an eye that sees everything."""
    colours, unit, x, y = canvas.palette, canvas.unit, canvas.middle, canvas.focus
    (left, right), (over, under) = (x - unit * 42, x + unit * 42), (y - unit * 46, y + unit * 46)
    lids = (
        f"M{left:.0f} {y:.0f}Q{x:.0f} {over:.0f} {right:.0f} {y:.0f}Q{x:.0f} {under:.0f} {left:.0f} {y:.0f}Z"
    )
    iris = unit * 18.5
    lashes = "".join(
        lines(
            [at(x, y + unit * 8, unit * 36, angle), at(x, y + unit * 8, unit * (45 + 3 * (step % 2)), angle)]
        )
        for step, angle in enumerate(range(-145, -34, 10))
    )
    rays = "".join(
        lines([at(x, y, iris * 0.5, angle), at(x, y, iris * 0.93, angle)]) for angle in range(0, 360, 12)
    )
    white = colours.light if colours.paper == colours.dark else colours.three
    shapes = [
        rect(0, 0, canvas.width, canvas.height, colours.paper),
        path(lashes, stroke=colours.one, width=unit * 1.5),
        element("clipPath", path(lids, "#000"), id="lids"),
        path(lids, white),
        element(
            "g",
            circle(x, y, iris, colours.two)
            + path(rays, stroke=mix(colours.two, colours.light, 0.5), width=unit * 0.5)
            + circle(x, y, iris * 0.46, colours.dark)
            + ring(x, y, iris, colours.dark, unit * 1.6),
            clip_path="url(#lids)",
        ),
        circle(x + iris * 0.28, y - iris * 0.34, iris * 0.13, colours.light),
        path(lids, stroke=colours.ink, width=unit * 1.8),
    ]
    if canvas.draw.random() < 0.4:  # noqa: PLR2004 - some weep
        shapes.append(placed(_TEAR, (x, y + unit * 24), unit, colours.one))
    return Artwork("".join(shapes), colours.paper, colours.paper)


def door(canvas: Canvas) -> Artwork:
    """Draw a door that stands open at night, and someone in its light."""
    colours, draw, unit = canvas.palette, canvas.draw, canvas.unit
    wall = colours.dark
    x = canvas.width * draw.uniform(0.4, 0.6)
    floor = canvas.height * {"top": 0.7, "bottom": 0.5, "nowhere": 0.72}[canvas.words]
    half, tall = unit * 12, unit * 46
    slant = draw.choice((-1, 1)) * unit * 22
    edge = canvas.height * (0.915 if canvas.words == "top" else 1)
    light = [
        (x - half, floor),
        (x + half, floor),
        (x + half * 2.6 + slant, edge),
        (x - half * 2.6 + slant, edge),
    ]
    foot = floor + unit * 7
    shadow = [
        (x - unit * 1.6, foot),
        (x + unit * 1.6, foot),
        (x + slant * 0.45 + unit * 4, foot + unit * 18),
        (x + slant * 0.45 - unit * 4, foot + unit * 18),
    ]
    shapes = [
        rect(0, 0, canvas.width, floor, wall),
        rect(0, floor, canvas.width, canvas.height - floor, mix(wall, colours.two, 0.25)),
        rect(
            x - half - unit * 2,
            floor - tall - unit * 2,
            half * 2 + unit * 4,
            tall + unit * 2,
            mix(wall, colours.two, 0.6),
        ),
        rect(x - half, floor - tall, half * 2, tall, colours.one),
    ]
    spill = [polygon(light, colours.one), polygon(shadow, wall)]
    if canvas.words == "bottom":  # the words need a quiet floor
        spill = [
            polygon(
                [
                    (x - half, floor),
                    (x + half, floor),
                    (x + half * 1.7, floor + unit * 17),
                    (x - half * 1.7, floor + unit * 17),
                ],
                colours.one,
            )
        ]
    shapes += [*spill, person(x, foot, unit * 24, wall)]
    return Artwork("".join(shapes), wall, mix(wall, colours.two, 0.25))


def record(canvas: Canvas) -> Artwork:
    """Draw a record, larger than the sheet."""
    colours, draw, unit = canvas.palette, canvas.draw, canvas.unit
    x, y = canvas.width * draw.choice((0.42, 0.5)), canvas.focus
    radius = unit * 41
    black = colours.ink if colours.paper == colours.light else mix(colours.dark, "#000000", 0.45)
    grooves = "".join(
        ring(x, y, radius * (0.42 + 0.052 * place), mix(black, colours.two, 0.55), unit * 0.35)
        for place in range(11)
    )
    shine = "".join(
        polygon(
            [(x, y), at(x, y, radius, angle), at(x, y, radius, angle + 13)], mix(black, colours.light, 0.22)
        )
        for angle in (-58, 122)
    )
    arm = path(
        lines(
            [
                (x + radius * 0.98, y - radius * 0.98),
                (x + radius * 0.92, y + radius * 0.1),
                (x + radius * 0.55, y + radius * 0.42),
            ]
        ),
        stroke=colours.three,
        width=unit * 1.8,
    )
    shapes = [
        rect(0, 0, canvas.width, canvas.height, colours.paper),
        circle(x, y, radius, black),
        shine,
        grooves,
        circle(x, y, radius * 0.36, colours.one),
        ring(x, y, radius * 0.27, colours.three, unit * 0.8),
        circle(x, y, radius * 0.045, colours.paper),
        arm,
    ]
    return Artwork("".join(shapes), colours.paper, colours.paper)


def stair(canvas: Canvas) -> Artwork:
    """Draw a stair that goes up, and someone who goes up it."""
    colours, draw, unit, width, height = canvas.palette, canvas.draw, canvas.unit, canvas.width, canvas.height
    steps = 8
    low = height * {"top": 0.9, "bottom": 0.66, "nowhere": 0.94}[canvas.words]
    stone = colours.dark if colours.paper == colours.light else mix(colours.paper, colours.two, 0.4)
    across, rise = width / steps, (low - height * (0.47 if canvas.words == "top" else 0.22)) / steps
    shapes = [
        rect(0, 0, width, height, colours.paper),
        circle(width * 0.3, low - rise * 6.2, unit * 15, colours.one),
    ]
    outline = [(0.0, low)]
    for step in range(steps):
        outline += [(across * step, low - rise * step), (across * (step + 1), low - rise * step)]
    shapes.append(polygon([*outline, (width, height), (0, height)], stone))
    for step in range(steps):
        left, top = across * step, low - rise * step
        shapes.append(
            polygon(
                [
                    (left, top),
                    (left + across, top),
                    (left + across, top + rise * 0.22),
                    (left, top + rise * 0.22),
                ],
                mix(colours.two, colours.three, step / steps),
            )
        )
    climbed = draw.choice((4, 5, 6))
    shapes.append(person(across * (climbed + 0.5), low - rise * climbed, unit * 15, colours.ink))
    drawing = "".join(shapes)
    if draw.random() < 0.5:  # noqa: PLR2004 - half go up the other way
        drawing = element("g", drawing, transform=f"matrix(-1 0 0 1 {width:.0f} 0)")
    return Artwork(drawing, colours.paper, stone)


def couple(canvas: Canvas) -> Artwork:
    """Draw two circles that meet, and what they share."""
    colours, draw, unit, x, y = canvas.palette, canvas.draw, canvas.unit, canvas.middle, canvas.focus
    radius, apart = unit * 28, unit * draw.uniform(13, 17)
    shared = element("clipPath", circle(x - apart, y, radius, "#000"), id="first")
    hatching = "".join(
        f"M{x - radius * 2:.0f} {y - radius + step:.0f}h{radius * 4:.0f}"
        for step in range(0, int(radius * 2), int(unit * 2))
    )
    inner = circle(x + apart, y, radius, colours.ink) + path(hatching, stroke=colours.one, width=unit * 0.7)
    shapes = [
        rect(0, 0, canvas.width, canvas.height, colours.paper),
        shared,
        circle(x - apart, y, radius, colours.one),
        circle(x + apart, y, radius, colours.two),
        element("g", element("g", inner, clip_path="url(#second)"), clip_path="url(#first)"),
        element("clipPath", circle(x + apart, y, radius, "#000"), id="second"),
        ring(x - apart, y, radius + unit * 3, colours.one, unit * 0.5),
        ring(x + apart, y, radius + unit * 3, colours.two, unit * 0.5),
    ]
    drawing = "".join(shapes)
    return Artwork(drawing, colours.paper, colours.paper)
