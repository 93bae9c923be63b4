"""The table ``discovered_movies``."""

import datetime as dt
from typing import Annotated, ClassVar

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant, Year


class DiscoveredMovie(Row, frozen=True):
    """A film that TMDB's discover lists for a release year."""

    table: ClassVar[str] = "discovered_movies"
    grain: ClassVar[str] = "One row per film."
    key: ClassVar[tuple[str, ...]] = ("tmdb_id",)

    tmdb_id: Annotated[Integer, Column(description="TMDB's id of the film.")]
    release_year: Annotated[Year, Column(description="Year of the primary release date; the partition.")]
    title: Annotated[str | None, Column(description="Title in the language of TMDB_LANGUAGE.")]
    original_title: Annotated[str | None, Column(description="Title in the original language.")]
    original_language: Annotated[str | None, Column(description="Original language, ISO 639-1.")]
    release_date: Annotated[dt.date | None, Column(description="Primary release date.")]
    genre_ids: Annotated[list[Integer], Column(description="TMDB's genre ids, most fitting first.")]
    vote_average: Annotated[float | None, Column(description="Mean vote, 0 to 10.")]
    vote_count: Annotated[Integer | None, Column(description="Number of votes.")]
    popularity: Annotated[float | None, Column(description="TMDB's popularity; rescaled now and then.")]
    poster_path: Annotated[str | None, Column(description="Path of the poster at TMDB's image server.")]
    adult: Annotated[bool | None, Column(description="Whether TMDB marks the film as adult.")]
    video: Annotated[bool | None, Column(description="Whether TMDB marks it as a video, not a feature.")]
    has_enough_votes: Annotated[bool, Column(description="Listed because its votes reach the threshold.")]
    has_theme_keyword: Annotated[bool, Column(description="Listed because it carries a theme's keyword.")]
    discovered_at: Annotated[UtcInstant, Column(description="When TMDB listed it, UTC.")]
