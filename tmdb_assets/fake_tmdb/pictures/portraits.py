"""Portraits of people, with their initials, and the marks of companies and services."""

from tmdb_assets.fake_tmdb.draws import draws
from tmdb_assets.fake_tmdb.pictures.lettering import Box, Typeface, set_line
from tmdb_assets.fake_tmdb.pictures.palettes import draw_palette, mix
from tmdb_assets.fake_tmdb.pictures.svg import Point, circle, document, path, rect

_WIDTH, _HEIGHT = 600, 900
_FACE = Typeface("sans-serif", 700, width=0.995, spacing=0.04, is_upper=True)
_MOST_INITIALS = 3
_SKINS = ("#6b4430", "#8d5d41", "#b98260", "#d9a784", "#ecc7a4", "#f4d9c0")
_SHOULDERS = "M60 900V800C60 660 170 620 250 600V470h100V600C430 620 540 660 540 800V900Z"


def portrait(key: str, name: str, shown: Point) -> str:
    """Draw someone, head and shoulders, with their initials."""
    draw = draws("portrait", key)
    palette = draw_palette(draw, None)
    coat, skin = palette.dark, draw.choice(_SKINS)
    box = Box(60, 0, _WIDTH - 120, 0)
    return document(
        _WIDTH,
        _HEIGHT,
        shown,
        rect(0, 0, _WIDTH, _HEIGHT, mix(palette.two, palette.light, 0.35)),
        circle(300, 400, 250, mix(palette.three, palette.light, 0.3)),
        path(_SHOULDERS, coat),
        circle(300, 380, 145, skin),
        _hair(draw.randrange(3), mix(coat, "#000000", 0.25)),
        set_line(_initials(name), _FACE, 96, (box, 812), palette.light) if name.strip() else "",
    )


def mark(key: str, shown: Point) -> str:
    """Draw the mark of a company or a service, or the sign of someone who writes reviews."""
    draw = draws("mark", key)
    palette = draw_palette(draw, None)
    shapes = (
        circle(150, 150, 90, palette.paper),
        path("M60 240V150a90 90 0 0 1 180 0V240Z", palette.paper),
        path("M150 50L250 150L150 250L50 150Z", palette.paper),
        path("M60 60H240A180 180 0 0 1 60 240Z", palette.paper),
    )
    return document(300, 300, shown, rect(0, 0, 300, 300, palette.one), draw.choice(shapes))


def _hair(kind: int, fill: str) -> str:
    crown = "M142 380C130 170 470 170 458 380"
    match kind:
        case 0:  # short
            return path(f"{crown}C420 290 240 320 142 380Z", fill)
        case 1:  # long, with a fringe
            return path(f"{crown}V510h-36V340H178V510h-36Z", fill)
        case _:  # a bun
            return circle(300, 205, 62, fill) + path(f"{crown}C360 250 240 250 142 380Z", fill)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:_MOST_INITIALS])
