"""The table ``keyword_ids``."""

from typing import Annotated, ClassVar, Literal

import msgspec

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant


class KeywordId(Row, frozen=True):
    """A TMDB keyword of a theme."""

    table: ClassVar[str] = "keyword_ids"
    grain: ClassVar[str] = "One row per theme and keyword id; a keyword that TMDB lacks is a row without id."
    key: ClassVar[tuple[str, ...]] = ("theme", "keyword", "keyword_id")

    theme: Annotated[str, Column(description="The theme's slug, as in themes.yaml.")]
    theme_title: Annotated[str, Column(description="The theme's title, as people read it.")]
    keyword: Annotated[str, Column(description="The keyword's name in themes.yaml.")]
    keyword_id: Annotated[
        Integer | None, Column(description="TMDB's id of the keyword; NULL when it has none.")
    ]
    tmdb_name: Annotated[str | None, Column(description="The keyword's name at TMDB.")]
    status: Annotated[
        Literal["pinned", "found", "missing"],
        Column(
            description="pinned: the id of themes.yaml is alive; found: looked up by its exact name; "
            "missing: TMDB has neither."
        ),
    ]
    checked_at: Annotated[UtcInstant, Column(description="When TMDB was last asked, UTC.")]
    pinned_id: Annotated[
        Integer | None, Column(description="The id in themes.yaml, alive or not; NULL when it names none.")
    ] = None
    former_ids: Annotated[
        list[Integer], Column(description="Ids that the name had before it was renumbered last.")
    ] = msgspec.field(default_factory=list)
    renumbered_at: Annotated[
        UtcInstant | None, Column(description="When other ids were found for the name, UTC; NULL is never.")
    ] = None
