"""The table ``movie_changes``."""

import datetime as dt
from typing import Annotated, ClassVar

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant


class MovieChange(Row, frozen=True):
    """A film that TMDB's changes feed names for a day."""

    table: ClassVar[str] = "movie_changes"
    grain: ClassVar[str] = "One row per day and film that was changed on it, known to us or not."
    key: ClassVar[tuple[str, ...]] = ("day", "tmdb_id")
    stored_by: ClassVar[str | None] = "day"

    day: Annotated[dt.date, Column(description="The day of the change, UTC; the partition.")]
    tmdb_id: Annotated[Integer, Column(description="TMDB's id of the film.")]
    adult: Annotated[bool | None, Column(description="Whether TMDB marks the film as adult.")]
    seen_at: Annotated[
        UtcInstant, Column(description="When the feed was read, UTC; from then on it is stale.")
    ]
