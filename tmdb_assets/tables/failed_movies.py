"""The table ``failed_movies``."""

from typing import Annotated, ClassVar, Literal

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant, Year

Reason = Literal["not_found", "failed", "undated", "deleted"]


class FailedMovie(Row, frozen=True):
    """A film that was promised and could not be had."""

    table: ClassVar[str] = "failed_movies"
    grain: ClassVar[str] = "One row per film that has no row in movie_details, with the reason."
    key: ClassVar[tuple[str, ...]] = ("tmdb_id",)

    tmdb_id: Annotated[Integer, Column(description="TMDB's id of the film.")]
    release_year: Annotated[
        Year,
        Column(description="Year in the list that wants it; where none does, of its last row."),
    ]
    title: Annotated[str | None, Column(description="Title in that list, or in that row.")]
    reason: Annotated[
        Reason,
        Column(
            description="not_found: TMDB has it no more; failed: no usable answer, asked again next time; "
            "undated: its details have no release date, so it belongs to no year; deleted: `tmdb-assets "
            "delete` removed it, and it is not asked for until it is imported again."
        ),
    ]
    message: Annotated[str | None, Column(description="What TMDB or the connection said.")]
    attempt_count: Annotated[Integer, Column(description="Requests spent on it in the last run.")]
    checked_at: Annotated[UtcInstant, Column(description="When TMDB was last asked about the film, UTC.")]
    failure_count: Annotated[
        Integer, Column(description="Times in a row that it was asked for and could not be had.")
    ] = 1
    first_failed_at: Annotated[
        UtcInstant | None,
        Column(
            description="When it was first found so, UTC: of a film that was in movie_details before, the "
            "date of its tombstone. NULL where an earlier release found it."
        ),
    ] = None
