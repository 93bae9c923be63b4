"""How a film looks: its composition, colours and lettering, chosen once for all its pictures."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tmdb_assets.fake_tmdb.draws import chance, draws
from tmdb_assets.fake_tmdb.pictures import figures, landscapes, patterns
from tmdb_assets.fake_tmdb.pictures.canvas import Artwork, Canvas
from tmdb_assets.fake_tmdb.pictures.lettering import Typeface
from tmdb_assets.fake_tmdb.pictures.palettes import Palette, draw_palette

Compose = Callable[[Canvas], Artwork]
_SHARE_TOLD_BY_TITLE = 0.6  # all would be too many boats: titles love the sea


@dataclass(frozen=True, slots=True)
class Subject:
    """What a picture is of."""

    key: str
    """Decides what chance decides."""
    title: str = ""
    year: int | None = None
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    genre: int | None = None

    def draws(self, purpose: str) -> Random:
        """Return the stream of draws for a purpose."""
        return draws("picture", self.key, purpose)


@dataclass(frozen=True, slots=True)
class Design:
    """What all pictures of a film have in common."""

    compose: Compose
    palette: Palette
    face: Typeface


def design_of(subject: Subject) -> Design:
    """Return a film's design: the composition is of a word in its title or of its genre."""
    draw = subject.draws("design")
    of_genre = draw.choice(_OF_GENRE.get(subject.genre or 0, tuple(COMPOSITIONS)))
    composition = _told_by(subject.title) if chance(draw, _SHARE_TOLD_BY_TITLE) else None
    palette = draw_palette(draw, subject.genre)
    face = FACES[draw.choice(_FACES_OF_GENRE.get(subject.genre or 0, tuple(FACES)))]
    return Design(COMPOSITIONS[composition or of_genre], palette, face)


def _told_by(title: str) -> str | None:
    words = {word.removesuffix("'s").lower() for word in re.findall(r"[\w'-]+", title)}
    return next((name for name, told in _TOLD_BY.items() if words & told), None)


COMPOSITIONS: dict[str, Compose] = {
    "hills": landscapes.hills, "city": landscapes.city, "wood": landscapes.wood, "sea": landscapes.sea,
    "road": landscapes.road,
    "planet": figures.planet, "eye": figures.eye, "door": figures.door, "record": figures.record,
    "stair": figures.stair, "couple": figures.couple,
    "spiral": patterns.spiral, "rays": patterns.rays, "cut paper": patterns.cut_paper,
    "tiles": patterns.tiles, "dots": patterns.dots, "arches": patterns.arches,
}  # fmt: skip
TOP_ONLY: frozenset[Compose] = frozenset({landscapes.road})
"""Compositions that leave no room for a title at the bottom."""
_OF_GENRE = {
    28: ("rays", "city", "cut paper", "road"),
    12: ("hills", "sea", "rays", "road", "wood"),
    16: ("tiles", "hills", "planet", "rays"),
    35: ("tiles", "couple", "rays", "cut paper", "dots"),
    80: ("city", "cut paper", "door", "eye", "stair"),
    99: ("dots", "arches", "tiles", "record"),
    18: ("hills", "couple", "stair", "arches", "sea", "dots", "door"),
    10751: ("tiles", "hills", "rays", "sea"),
    14: ("wood", "planet", "spiral", "hills"),
    36: ("arches", "hills", "sea", "rays"),
    27: ("eye", "wood", "door", "spiral"),
    10402: ("record", "tiles", "dots"),
    9648: ("spiral", "eye", "door", "stair"),
    10749: ("couple", "city", "sea", "dots"),
    878: ("planet", "spiral", "dots", "road"),
    10770: ("couple", "stair", "tiles"),
    53: ("spiral", "eye", "stair", "cut paper", "city"),
    10752: ("rays", "hills", "cut paper", "arches"),
    37: ("road", "hills", "rays"),
}
_TOLD_BY = {
    "sea": {
        "sea",
        "tide",
        "tides",
        "harbour",
        "island",
        "islands",
        "ferry",
        "river",
        "rivers",
        "lighthouse",
        "voyage",
        "anchor",
    },
    "city": {
        "city",
        "street",
        "hotel",
        "rooftop",
        "rooftops",
        "window",
        "windows",
        "night",
        "neighbour",
        "neighbours",
    },
    "wood": {"wood", "forest", "wolves", "owls", "foxes", "moon", "winter", "raven", "treehouse"},
    "planet": {
        "planet",
        "stars",
        "star",
        "orbit",
        "satellites",
        "comet",
        "eclipse",
        "gravity",
        "astronomer",
        "space",
    },
    "door": {
        "door",
        "doors",
        "house",
        "cellar",
        "keyhole",
        "tenant",
        "lodger",
        "shadow",
        "shadows",
        "intruder",
    },
    "stair": {"staircase", "summit", "tower", "throne"},
    "record": {
        "waltz",
        "ballad",
        "duet",
        "song",
        "nocturne",
        "piano",
        "symphony",
        "serenade",
        "overture",
        "refrain",
    },
    "eye": {"witness", "mirror", "visitor", "oracle"},
    "couple": {"kiss", "affair", "wedding", "honeymoon", "sisters", "brothers", "cousins", "double", "duet"},
    "road": {"road", "departure", "passenger", "passengers", "courier", "redline", "overdrive"},
    "arches": {
        "cathedral",
        "archive",
        "empire",
        "embassy",
        "stranger",
        "strangers",
        "lisbon",
        "naples",
        "trieste",
        "tangier",
    },
    "hills": {"summer", "morning", "mornings", "horizon", "orchard", "harvest", "kites", "valley", "hill"},
}
FACES = {
    "poster": Typeface("sans-serif", 900, width=0.995, leading=0.86, is_upper=True, is_block=True),
    "grotesk": Typeface("sans-serif", 700, width=0.995, spacing=-0.01, leading=0.98),
    "wide": Typeface("sans-serif", 400, width=0.985, spacing=0.16, leading=1.3, is_upper=True),
    "roman": Typeface("serif", 700, width=1.01, spacing=0.03, leading=1.02, is_upper=True),
    "italic": Typeface("serif", 400, "italic", width=0.845, leading=1.0),
    "book": Typeface("serif", 400, width=0.85, leading=1.02),
    "typewriter": Typeface("monospace", 700, leading=1.12),
}
_FACES_OF_GENRE = {
    28: ("poster", "poster", "grotesk", "wide"),
    12: ("poster", "roman", "wide"),
    16: ("grotesk", "poster", "book"),
    35: ("grotesk", "poster", "book", "italic"),
    80: ("poster", "typewriter", "grotesk"),
    99: ("typewriter", "grotesk", "book"),
    18: ("italic", "book", "wide", "roman", "grotesk"),
    10751: ("grotesk", "poster", "book"),
    14: ("roman", "italic", "wide"),
    36: ("roman", "book", "wide"),
    27: ("poster", "roman", "wide", "typewriter"),
    10402: ("italic", "grotesk", "poster"),
    9648: ("wide", "roman", "typewriter"),
    10749: ("italic", "book", "roman"),
    878: ("wide", "grotesk", "poster"),
    53: ("poster", "grotesk", "wide", "typewriter"),
    10752: ("poster", "roman", "typewriter"),
    37: ("roman", "poster", "book"),
}
