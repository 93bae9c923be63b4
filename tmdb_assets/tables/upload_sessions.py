"""The table ``upload_sessions``, which lives in the state."""

from typing import Annotated, ClassVar, Literal

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant

UploadStatus = Literal["uploading", "processing", "enriching", "completed", "failed"]


class UploadSession(Row, frozen=True):
    """How far an uploaded file is."""

    table: ClassVar[str] = "upload_sessions"
    grain: ClassVar[str] = "One row per uploaded file."
    key: ClassVar[tuple[str, ...]] = ("upload",)

    upload: Annotated[str, Column(description="The file: its path in the uploads folder.")]
    status: Annotated[
        UploadStatus,
        Column(
            description="uploading: its last byte may be missing; processing: it is read; enriching: its "
            "films are looked up; completed; failed: problems says why."
        ),
    ]
    total_movies: Annotated[Integer, Column(description="Rows of the file.")]
    enriched_count: Annotated[Integer, Column(description="Rows whose film's details are filled in.")]
    problems: Annotated[list[str], Column(description="What went wrong, a sentence each.")]
    updated_at: Annotated[UtcInstant, Column(description="When this was last true, UTC.")]
