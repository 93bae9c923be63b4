"""The table ``tmdb_exports``."""

import datetime as dt
from typing import Annotated, ClassVar, Literal

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant

ExportChange = Literal["new", "vanished"]


class TmdbExport(Row, frozen=True):
    """A film id that is new in TMDB's daily export, or has vanished from it."""

    table: ClassVar[str] = "tmdb_exports"
    grain: ClassVar[str] = "One row per export and film id that came with it, or is missing in it."
    key: ClassVar[tuple[str, ...]] = ("export_date", "tmdb_id")
    stored_by: ClassVar[str | None] = "export_date"

    export_date: Annotated[dt.date, Column(description="The date in the export's name.")]
    tmdb_id: Annotated[Integer, Column(description="TMDB's id of the film.")]
    change: Annotated[
        ExportChange,
        Column(description="new: the export before did not have it; vanished: this one has it no more."),
    ]
    original_title: Annotated[str | None, Column(description="Its title, where the export says it.")]
    is_known: Annotated[bool, Column(description="Whether our tables knew the film at that time.")]
    seen_at: Annotated[
        UtcInstant, Column(description="When the export was read, UTC: from then on a known film is stale.")
    ]
