"""The colours that posters are printed in, and which genres are printed in which."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Palette:
    """Five colours, as ``#rrggbb``; ink can be read on paper."""

    paper: str
    ink: str
    one: str
    two: str
    three: str

    @property
    def dark(self) -> str:
        """The darker of paper and ink."""
        return min(self.paper, self.ink, key=luminance)

    @property
    def light(self) -> str:
        """The lighter of paper and ink."""
        return max(self.paper, self.ink, key=luminance)

    def readable_on(self, ground: str) -> str:
        """Return the colour of words on a ground."""
        inks = (self.light, self.dark, mix(self.dark, "#000000", 0.5))
        return max(inks, key=lambda each: contrast(each, ground))


def mix(first: str, second: str, share: float) -> str:
    """Return a colour between two; ``share`` is the second's."""
    return "#" + "".join(
        f"{round(a + (b - a) * share):02x}" for a, b in zip(_parts(first), _parts(second), strict=True)
    )


def luminance(colour: str) -> float:
    """Return how bright a colour looks, from 0 to 1, as WCAG defines it."""
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 -- of sRGB
        for each in (part / 255 for part in _parts(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG defines it."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def draw_palette(draw: Random, genre: int | None) -> Palette:
    """Draw the colours of a film by its first genre."""
    return PALETTES[draw.choice(_OF_GENRE.get(genre or 0, tuple(PALETTES)))]


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


PALETTES = {
    "noir": Palette("#15171c", "#f4ead7", "#d1202f", "#59616e", "#e3a72f"),
    "constructivist": Palette("#f1e5cd", "#1d1b1a", "#d4352b", "#e5a13a", "#2c5d74"),
    "lagoon": Palette("#0e3a49", "#fbeed6", "#f2873a", "#1f7a80", "#f7c968"),
    "boudoir": Palette("#2a1233", "#ffe8e1", "#ff5a79", "#7a3d9c", "#ffb398"),
    "woodland": Palette("#13271e", "#f0e8cd", "#dcb34b", "#3f7355", "#8fb36a"),
    "desert": Palette("#eabb76", "#38180f", "#c2442a", "#8b3a2a", "#f8e8bd"),
    "mint": Palette("#cfe8dc", "#143037", "#ee6a4b", "#3d8f8e", "#f6d282"),
    "midnight": Palette("#0a1334", "#e9edff", "#f4c350", "#33479f", "#5f8bff"),
    "mustard": Palette("#f3bb24", "#1f1a15", "#e2532b", "#17748a", "#fff4d6"),
    "rose": Palette("#f5cdc6", "#3a1c2a", "#c93659", "#8a4a6c", "#fdeee7"),
    "slate": Palette("#cdd6de", "#18232f", "#e0693c", "#486a85", "#93a9b9"),
    "vermilion": Palette("#bb2418", "#fff2de", "#1a1210", "#7d130d", "#f6b63a"),
    "ultraviolet": Palette("#160f30", "#f4efff", "#ff8858", "#5b3fb8", "#35d4c7"),
    "bottle": Palette("#e7e3cf", "#12302b", "#1f6f5c", "#c8a24a", "#b5452f"),
}
_OF_GENRE = {
    28: ("vermilion", "noir", "mustard", "lagoon"),
    12: ("desert", "lagoon", "mint", "mustard"),
    16: ("mint", "mustard", "midnight", "boudoir"),
    35: ("mustard", "mint", "rose", "constructivist"),
    80: ("noir", "constructivist", "vermilion", "slate"),
    99: ("slate", "bottle", "constructivist", "noir"),
    18: ("slate", "lagoon", "bottle", "desert", "rose", "woodland"),
    10751: ("mint", "mustard", "lagoon", "rose"),
    14: ("woodland", "midnight", "ultraviolet", "boudoir"),
    36: ("bottle", "desert", "vermilion", "constructivist"),
    27: ("noir", "vermilion", "woodland", "ultraviolet"),
    10402: ("boudoir", "mustard", "midnight", "constructivist"),
    9648: ("midnight", "noir", "bottle", "boudoir"),
    10749: ("rose", "boudoir", "mint", "vermilion"),
    878: ("ultraviolet", "midnight", "lagoon", "slate"),
    10770: ("slate", "rose", "mint"),
    53: ("noir", "vermilion", "lagoon", "slate", "constructivist"),
    10752: ("bottle", "woodland", "desert", "vermilion"),
    37: ("desert", "vermilion", "mustard", "bottle"),
}
"""By the id of a film's first genre."""
