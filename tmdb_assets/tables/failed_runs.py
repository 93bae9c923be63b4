"""The table ``failed_runs``, which lives in the state."""

from typing import Annotated, ClassVar

from tmdb_assets.tables.row import Column, Row, UtcInstant


class FailedRun(Row, frozen=True):
    """A run that failed, in one line."""

    table: ClassVar[str] = "failed_runs"
    grain: ClassVar[str] = "One row per failed run."
    key: ClassVar[tuple[str, ...]] = ("run_id",)

    run_id: Annotated[str, Column(description="Dagster's id of the run.")]
    failed_at: Annotated[UtcInstant, Column(description="When it failed, UTC.")]
    what: Annotated[str, Column(description="What it was to materialize, and for which partitions.")]
    why: Annotated[str, Column(description="The error, in one sentence.")]
