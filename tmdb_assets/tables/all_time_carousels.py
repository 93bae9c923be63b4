"""The table ``all_time_carousels``, which only the snapshot has."""

from typing import Annotated, ClassVar

from tmdb_assets.tables.curated_carousels import CuratedCarousel
from tmdb_assets.tables.row import Column, Year


class AllTimeCarousel(CuratedCarousel, frozen=True):
    """A film's place in a carousel of all years: what the years' carousels say of it, merged."""

    table: ClassVar[str] = "all_time_carousels"
    grain: ClassVar[str] = "One row per theme and film, all release years merged."
    key: ClassVar[tuple[str, ...]] = ("theme", "position")

    release_year: Annotated[Year, Column(description="Year of the primary release date.")]
    slug: Annotated[str, Column(description="The carousel's name in addresses: the theme.")]
