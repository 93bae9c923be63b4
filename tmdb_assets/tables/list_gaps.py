"""The table ``list_gaps``."""

import datetime as dt
from typing import Annotated, ClassVar, Literal

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant, Year


class ListGap(Row, frozen=True):
    """A window of a list of TMDB's of which not all films could be had."""

    table: ClassVar[str] = "list_gaps"
    grain: ClassVar[str] = "One row per window of a release year's list that is short, as last discovered."
    key: ClassVar[tuple[str, ...]] = (
        *("release_year", "listed_by", "first_date", "last_date"),
        *("min_votes", "max_votes", "original_language"),
    )

    release_year: Annotated[Year, Column(description="The release year.")]
    listed_by: Annotated[
        Literal["votes", "keywords"],
        Column(description="The list: films with enough votes, or films with a theme's keyword."),
    ]
    first_date: Annotated[dt.date, Column(description="First release date of the window.")]
    last_date: Annotated[dt.date, Column(description="Last release date of the window.")]
    min_votes: Annotated[Integer, Column(description="Fewest votes in the window.")]
    max_votes: Annotated[Integer | None, Column(description="Most votes in the window; NULL is any number.")]
    original_language: Annotated[
        str | None, Column(description="Original language of the window, ISO 639-1; NULL is any.")
    ]
    promised_count: Annotated[
        Integer | None, Column(description="Films that TMDB promised; NULL when it did not answer at all.")
    ]
    obtained_count: Annotated[Integer, Column(description="Films of the window that could be had.")]
    missing_count: Annotated[
        Integer, Column(description="Films that are missing and in no smaller window's row.")
    ]
    reason: Annotated[str, Column(description="Why they could not be had.")]
    noticed_at: Annotated[UtcInstant, Column(description="When the year was discovered, UTC.")]
