"""Posters, backdrops and wordmarks of films."""

from random import Random

from tmdb_assets.fake_tmdb.pictures.canvas import Canvas, Place
from tmdb_assets.fake_tmdb.pictures.designs import TOP_ONLY, Design, Subject, design_of
from tmdb_assets.fake_tmdb.pictures.lettering import Box, Typeface, set_line, set_title
from tmdb_assets.fake_tmdb.pictures.palettes import contrast, mix
from tmdb_assets.fake_tmdb.pictures.svg import Point, document, element, rect

WIDTH, HEIGHT = 1000, 1500
BACKDROP_WIDTH, BACKDROP_HEIGHT = 1920, 1080
_LOGO_WIDTH, _LOGO_HEIGHT = 1200, 400
_MARGIN = 72
_DISTINCT = 1.15
_LARGEST = 300
_SMALL = Typeface("sans-serif", 400, width=0.985, spacing=0.14, is_upper=True)
_SMALL_SIZE = 27
_TITLE_ON_TOP: tuple[Place, ...] = ("top", "top", "nowhere")
_TITLE_ANYWHERE: tuple[Place, ...] = ("top", "bottom", "top", "bottom", "nowhere")


def poster(subject: Subject, shown: Point) -> str:
    """Draw a film's poster: the drawing to the edge or as a plate, the title above or below."""
    design, draw = design_of(subject), subject.draws("poster")
    words = draw.choice(_TITLE_ON_TOP if design.compose in TOP_ONLY else _TITLE_ANYWHERE)
    anchor = draw.choice(("start", "middle"))
    if words == "nowhere":
        return _plate(subject, design, draw, shown)
    artwork = design.compose(Canvas(WIDTH, HEIGHT, design.palette, draw, words))
    over, under = (design.palette.readable_on(ground) for ground in (artwork.top, artwork.bottom))
    column = WIDTH - 2 * _MARGIN
    if words == "top":
        title = Box(_MARGIN, 150, column, 390, anchor, "top")
    else:
        title = Box(_MARGIN, 985, column, 375, anchor, "bottom")
    return document(
        WIDTH,
        HEIGHT,
        shown,
        artwork.shapes,
        _billing(subject, Box(_MARGIN, 0, column, 0, anchor), 96, over),
        _title(subject, design, title, over if words == "top" else under),
        _credits(subject, Box(_MARGIN, 0, column, 0, anchor), 1436, under),
    )


def _plate(subject: Subject, design: Design, draw: Random, shown: Point) -> str:
    """Set the drawing into a frame, and the words beneath it."""
    palette, wide, high = design.palette, WIDTH - 2 * _MARGIN, 930
    artwork = design.compose(Canvas(wide, high, palette, draw, "nowhere"))
    sheets = [mix(palette.light, "#ffffff", 0.25), palette.dark, palette.three]
    sheet = draw.choice([each for each in sheets if contrast(each, artwork.top) > _DISTINCT])
    words = palette.readable_on(sheet)
    clip = element("clipPath", rect(0, 0, wide, high, "#000"), id="plate")
    plate = element("g", artwork.shapes, clip_path="url(#plate)", transform=f"translate({_MARGIN} {_MARGIN})")
    column = Box(_MARGIN, 1054, wide, 286, "start", "top")
    return document(
        WIDTH,
        HEIGHT,
        shown,
        rect(0, 0, WIDTH, HEIGHT, sheet),
        clip,
        plate,
        _title(subject, design, column, words),
        _credits(subject, column, 1428, words),
    )


def backdrop(subject: Subject, shown: Point) -> str:
    """Draw a film's backdrop: its poster's drawing in the wide, without words."""
    design = design_of(subject)
    canvas = Canvas(BACKDROP_WIDTH, BACKDROP_HEIGHT, design.palette, subject.draws("backdrop"), "nowhere")
    return document(BACKDROP_WIDTH, BACKDROP_HEIGHT, shown, design.compose(canvas).shapes)


def logo(subject: Subject, shown: Point) -> str:
    """Draw a film's title alone, on nothing."""
    box = Box(20, 20, _LOGO_WIDTH - 40, _LOGO_HEIGHT - 40, "middle", "top")
    words = set_title(subject.title, design_of(subject).face, box, "#ffffff", _LARGEST)
    return document(_LOGO_WIDTH, _LOGO_HEIGHT, shown, words)


def _title(subject: Subject, design: Design, box: Box, fill: str) -> str:
    return set_title(subject.title, design.face, box, fill, _LARGEST) if subject.title else ""


def _billing(subject: Subject, box: Box, baseline: float, fill: str) -> str:
    """Set the names of the cast on one line, as many as fit."""
    for count in (3, 2, 1):
        text = _SMALL.cased("\u2002·\u2002".join(subject.cast[:count]))
        if text and _SMALL.length(text) * _SMALL_SIZE <= box.width:
            return set_line(text, _SMALL, _SMALL_SIZE, (box, baseline), fill)
    return ""


def _credits(subject: Subject, box: Box, baseline: float, fill: str) -> str:
    """Set director and year on one line."""
    makers = " & ".join(subject.directors[:2])
    by = (
        subject.draws("credits").choice(("A film by {}", "Directed by {}", "{}")).format(makers)
        if makers
        else ""
    )
    text = _SMALL.cased("\u2002·\u2002".join(each for each in (by, str(subject.year or "")) if each))
    size = min(_SMALL_SIZE, box.width / max(_SMALL.length(text), 1))
    return set_line(text, _SMALL, size, (box, baseline), fill) if text else ""
