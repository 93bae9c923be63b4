"""The table ``movie_history``."""

from typing import Annotated, ClassVar

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant

WHOLE_FILM = "film"
"""In place of a field: the film itself, when it went, and when it came back."""


class MovieHistory(Row, frozen=True):
    """A field of a film that was seen changed."""

    table: ClassVar[str] = "movie_history"
    grain: ClassVar[str] = "One row per film, changed field and moment at which the change was seen."
    key: ClassVar[tuple[str, ...]] = ("tmdb_id", "seen_at", "field")

    tmdb_id: Annotated[Integer, Column(description="TMDB's id of the film.")]
    title: Annotated[str | None, Column(description="Its title after the change, or the last that it had.")]
    field: Annotated[
        str,
        Column(
            description="The column of movie_details; film: the film itself went (its last row is the old "
            "value) or came back (its row is the new value)."
        ),
    ]
    old_value: Annotated[str | None, Column(description="What it was before, as JSON; NULL for unknown.")]
    new_value: Annotated[str | None, Column(description="What it is since, as JSON; NULL for unknown.")]
    seen_at: Annotated[UtcInstant, Column(description="When TMDB's answer was received that had it, UTC.")]
