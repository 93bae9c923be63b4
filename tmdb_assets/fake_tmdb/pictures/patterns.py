"""Compositions of shapes alone: spirals, rays, cut paper, tiles, dots, arches."""

import math

from tmdb_assets.fake_tmdb.pictures.canvas import Artwork, Canvas
from tmdb_assets.fake_tmdb.pictures.palettes import mix
from tmdb_assets.fake_tmdb.pictures.silhouettes import person
from tmdb_assets.fake_tmdb.pictures.svg import Point, at, circle, element, path, polygon, rect, ring


def spiral(canvas: Canvas) -> Artwork:
    """Draw turning ellipses, and someone who falls into them."""
    colours, draw, unit, x, y = canvas.palette, canvas.draw, canvas.unit, canvas.middle, canvas.focus
    count, flat = draw.choice((18, 24, 30)), draw.uniform(0.28, 0.5)
    turns = "".join(
        element(
            "ellipse",
            cx=x,
            cy=y,
            rx=unit * 41,
            ry=unit * 41 * flat,
            transform=f"rotate({180 * each / count:.1f} {x:.0f} {y:.0f})",
        )
        for each in range(count)
    )
    drawing = element("g", turns, fill="none", stroke=colours.one, stroke_width=unit * 0.55)
    falls = element(
        "g",
        person(x, y + unit * 8, unit * 16, colours.ink),
        transform=f"rotate({draw.choice((-35, 28, 150))} {x:.0f} {y:.0f})",
    )
    sheet = rect(0, 0, canvas.width, canvas.height, colours.paper)
    return Artwork(
        sheet
        + drawing
        + circle(
            x, y, unit * 41 * flat * 0.62, colours.three if colours.paper == colours.light else colours.two
        )
        + falls,
        colours.paper,
        colours.paper,
    )


def rays(canvas: Canvas) -> Artwork:
    """Draw rays from behind a disc, as on the signs of old cinemas."""
    colours, draw, unit = canvas.palette, canvas.draw, canvas.unit
    x, y = canvas.middle, canvas.focus
    reach, count = canvas.width + canvas.height, draw.choice((16, 20, 24))
    tint = mix(colours.paper, colours.two, 0.55)
    beams = [
        polygon([(x, y), at(x, y, reach, angle), at(x, y, reach, angle + 180 / count)], tint)
        for angle in (360 * each / count for each in range(count))
    ]
    shapes = [
        rect(0, 0, canvas.width, canvas.height, colours.paper),
        *beams,
        circle(x, y, unit * 31, colours.paper),
        circle(x, y, unit * 28, colours.one),
        _emblem(canvas, x, y),
    ]
    margins = {"top": (0.35, 0.075), "bottom": (0.09, 0.36), "nowhere": (0, 0)}[canvas.words]
    over, under = (canvas.height * share for share in margins)
    shapes += [
        rect(0, 0, canvas.width, over, colours.paper),
        rect(0, canvas.height - under, canvas.width, under, colours.paper),
    ]
    return Artwork("".join(shapes), colours.paper, colours.paper)


def _emblem(canvas: Canvas, x: float, y: float) -> str:
    colours, unit = canvas.palette, canvas.unit
    ground = colours.paper
    match canvas.draw.randrange(4):
        case 0:  # a star
            points = [at(x, y, unit * (24 if each % 2 == 0 else 10), -90 + 36 * each) for each in range(10)]
            return polygon(points, ground)
        case 1:  # lightning
            zigzag = [(4, -24), (-14, 5), (-3, 5), (-7, 24), (14, -7), (2, -7), (10, -24)]
            return polygon([(x + unit * a, y + unit * b) for a, b in zigzag], ground)
        case 2:  # a target
            return "".join(ring(x, y, unit * radius, ground, unit * 2.6) for radius in (21, 14, 7))
        case _:  # someone
            return person(x, y + unit * 28, unit * 48, ground)


def cut_paper(canvas: Canvas) -> Artwork:
    """Draw slabs of paper, cut by hand and laid askew."""
    colours, draw, unit = canvas.palette, canvas.draw, canvas.unit
    top, bottom = {"top": (0.4, 0.92), "bottom": (0.09, 0.6), "nowhere": (0.06, 0.94)}[canvas.words]
    top, bottom = canvas.height * top, canvas.height * bottom
    slabs = 5
    fills = [colours.one, colours.two, colours.ink, colours.three]
    draw.shuffle(fills)
    shapes = [rect(0, 0, canvas.width, canvas.height, colours.paper)]
    is_standing = canvas.width > canvas.height or draw.random() < 0.5  # noqa: PLR2004 - half of them
    for slab in range(slabs):
        start, end = slab / slabs, (slab + 0.86) / slabs
        if is_standing:
            corners = [(start, top), (end, top), (end, bottom), (start, bottom)]
            long = (bottom - top) * 0.22
            points = [
                (
                    canvas.width * (0.05 + 0.91 * a) + draw.uniform(-2, 2) * unit,
                    b + draw.uniform(0, long) * (1 if b == top else -1),
                )
                for a, b in corners
            ]
        else:
            wide = canvas.width * draw.uniform(0.06, 0.3), canvas.width * draw.uniform(0.72, 0.95)
            points = [
                (a + draw.uniform(-3, 3) * unit, top + (bottom - top) * b + draw.uniform(-1.5, 1.5) * unit)
                for a, b in ((wide[0], start), (wide[1], start), (wide[1], end), (wide[0], end))
            ]
        shapes.append(polygon(points, fills[slab % len(fills)]))
    return Artwork("".join(shapes), colours.paper, colours.paper)


def tiles(canvas: Canvas) -> Artwork:
    """Draw a grid of quarters, halves and wholes."""
    colours, draw = canvas.palette, canvas.draw
    is_plate = canvas.words == "nowhere"
    columns = 5 if not is_plate else 4 if canvas.width < canvas.height else 8
    size = canvas.width / columns
    rows = math.ceil(canvas.height / size) if is_plate else 4
    start = canvas.height * {"top": 0.375, "bottom": 0.0933, "nowhere": 0}[canvas.words]
    fills = [colours.one, colours.two, colours.three, colours.ink]
    shapes = [rect(0, 0, canvas.width, canvas.height, colours.paper)]
    for row in range(rows):
        for column in range(columns):
            ground, fill = draw.sample([*fills, colours.paper], k=2)
            left, top = column * size, start + row * size
            shapes += [
                rect(left, top, size + 0.5, size + 0.5, ground),
                _tile(draw.randrange(6), left, top, size, fill),
            ]
    return Artwork("".join(shapes), colours.paper, colours.paper)


def _tile(kind: int, left: float, top: float, size: float, fill: str) -> str:
    right, bottom = left + size, top + size
    quarter = f"A{size:.1f} {size:.1f} 0 0"
    match kind:
        case 0:
            return path(f"M{left:.1f} {top:.1f}H{right:.1f}{quarter} 1 {left:.1f} {bottom:.1f}Z", fill)
        case 1:
            return path(f"M{right:.1f} {top:.1f}V{bottom:.1f}{quarter} 1 {left:.1f} {top:.1f}Z", fill)
        case 2:
            return path(f"M{right:.1f} {bottom:.1f}H{left:.1f}{quarter} 1 {right:.1f} {top:.1f}Z", fill)
        case 3:
            return path(f"M{left:.1f} {bottom:.1f}V{top:.1f}{quarter} 1 {right:.1f} {bottom:.1f}Z", fill)
        case 4:
            return circle(left + size / 2, top + size / 2, size * 0.36, fill)
        case _:
            return polygon([(left, bottom), (right, bottom), (right, top)], fill)


def dots(canvas: Canvas) -> Artwork:
    """Draw a ball in dots, as a newspaper prints it."""
    colours, draw, unit = canvas.palette, canvas.draw, canvas.unit
    step, x, y, radius = unit * 3.3, canvas.middle, canvas.focus, unit * 39
    light_x, light_y = x - radius * draw.choice((-0.45, 0.45)), y - radius * 0.4
    shapes = [
        rect(0, 0, canvas.width, canvas.height, colours.paper),
        circle(x + unit * 3, y + unit * 2, radius * 0.86, colours.one),
    ]
    marks: list[str] = []
    rows = int(radius / step)
    for row in range(-rows, rows + 1):
        for column in range(-rows, rows + 1):
            cx, cy = x + column * step + (step / 2 if row % 2 else 0), y + row * step
            if math.dist((cx, cy), (x, y)) < radius:
                shade = min(1.0, math.dist((cx, cy), (light_x, light_y)) / (radius * 1.5))
                marks.append(_dot(cx, cy, step * 0.66 * shade))
    return Artwork("".join(shapes) + path("".join(marks), colours.ink), colours.paper, colours.paper)


def _dot(x: float, y: float, r: float) -> str:
    return f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0z"


def arches(canvas: Canvas) -> Artwork:
    """Draw an empty arcade, long shadows and someone far away."""
    colours, draw, unit, width, height = canvas.palette, canvas.draw, canvas.unit, canvas.width, canvas.height
    floor = height * {"top": 0.8, "bottom": 0.52, "nowhere": 0.76}[canvas.words]
    roof = floor - unit * 52
    count = 3 if width < height else 6
    pitch = width / count
    wall, inside = mix(colours.two, colours.paper, 0.15), colours.dark
    shapes = [
        rect(0, 0, width, height, colours.paper),
        rect(0, roof, width, floor - roof, wall),
        rect(0, roof, width, unit * 2.2, mix(wall, colours.dark, 0.35)),
    ]
    spring, half = roof + unit * 10 + pitch * 0.32, pitch * 0.32
    for place in range(count):
        x = pitch * (place + 0.5)
        shapes += [rect(x - half, spring, half * 2, floor - spring, inside), circle(x, spring, half, inside)]
    ground = colours.three if canvas.words != "bottom" else colours.dark
    shapes.append(rect(0, floor, width, height - floor, ground))
    shapes.append(circle(pitch * (draw.randrange(count) + 0.5), spring, pitch * 0.2, colours.one))
    shade = mix(ground, colours.dark, 0.8)
    if canvas.words != "bottom":
        points: list[Point] = [(0, floor), (width * 0.62, floor), (width * 0.2, height), (0, height)]
        shapes.append(polygon(points, shade))
    if canvas.words == "top":  # the words need a quiet ground
        shapes.append(rect(0, height * 0.925, width, height * 0.075, shade))
    pier = pitch * (count - 1)
    shapes.append(
        person(pier, floor + unit * 7, unit * 20, colours.one if canvas.words == "bottom" else colours.dark)
    )
    return Artwork("".join(shapes), colours.paper, shade if canvas.words == "top" else ground)
