"""The table ``title_searches``, which lives in the state."""

from typing import Annotated, ClassVar

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant


class TitleSearch(Row, frozen=True):
    """What TMDB's search answered for a title, kept so that no upload asks for it again soon."""

    table: ClassVar[str] = "title_searches"
    grain: ClassVar[str] = "One row per title, year and language that was searched for."
    key: ClassVar[tuple[str, ...]] = ("title", "year", "language")

    title: Annotated[str, Column(description="The title as it was searched for.")]
    year: Annotated[Integer | None, Column(description="The release year; NULL for a search without one.")]
    language: Annotated[str, Column(description="Language of the titles in the answer.")]
    films: Annotated[str, Column(description="The films of the answer's first page, as JSON.")]
    searched_at: Annotated[UtcInstant, Column(description="When TMDB answered, UTC.")]
