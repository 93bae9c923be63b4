"""The table ``requested_movies``, which lives in the state."""

import datetime as dt
from typing import Annotated, ClassVar

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant, Year


class RequestedMovie(Row, frozen=True):
    """A film that an upload asks for, whether discovery lists it or not."""

    table: ClassVar[str] = "requested_movies"
    grain: ClassVar[str] = "One row per uploaded file and film."
    key: ClassVar[tuple[str, ...]] = ("upload", "tmdb_id")

    upload: Annotated[str, Column(description="The file: its path in the uploads folder.")]
    tmdb_id: Annotated[Integer, Column(description="TMDB's id of the film.")]
    release_year: Annotated[Year, Column(description="Year of the primary release date.")]
    title: Annotated[str | None, Column(description="Title that TMDB's search gave.")]
    release_date: Annotated[dt.date | None, Column(description="Primary release date.")]
    requested_at: Annotated[UtcInstant, Column(description="When the upload asked for it first, UTC.")]
