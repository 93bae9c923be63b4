"""What a composition is drawn on, and what it says of itself."""

from dataclasses import dataclass
from random import Random
from typing import Literal

from tmdb_assets.fake_tmdb.pictures.palettes import Palette

Place = Literal["top", "bottom", "nowhere"]


@dataclass(frozen=True, slots=True)
class Canvas:
    """A place to draw: its size, its colours, its chance, and where words will stand on it."""

    width: float
    height: float
    palette: Palette
    draw: Random
    words: Place

    @property
    def unit(self) -> float:
        """A hundredth of the shorter side."""
        return min(self.width, self.height) / 100

    @property
    def middle(self) -> float:
        """The middle, across."""
        return self.width / 2

    @property
    def focus(self) -> float:
        """How far down the eye goes first: away from the words."""
        return self.height * {"top": 0.64, "bottom": 0.36, "nowhere": 0.5}[self.words]


@dataclass(frozen=True, slots=True)
class Artwork:
    """A drawing that fills its canvas, and the colours behind what is written on it."""

    shapes: str
    top: str
    bottom: str
