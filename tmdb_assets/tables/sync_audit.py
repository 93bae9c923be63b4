"""The table ``sync_audit``."""

from typing import Annotated, ClassVar

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant


class SyncAudit(Row, frozen=True):
    """What it took to bring one year of one table up to date."""

    table: ClassVar[str] = "sync_audit"
    grain: ClassVar[str] = "One row per run, table and release year, or day."
    key: ClassVar[tuple[str, ...]] = ("run_id", "asset", "year", "fingerprint")

    run_id: Annotated[str, Column(description="The run that did it.")]
    asset: Annotated[str, Column(description="The table.")]
    year: Annotated[Integer | None, Column(description="The release year; NULL for a table without years.")]
    fingerprint: Annotated[
        str,
        Column(
            description="Hash of what was asked for: thresholds, keyword ids; of movie_changes the day, of "
            "tmdb_exports the export's date."
        ),
    ]
    started_at: Annotated[UtcInstant, Column(description="When the first request for it was due, UTC.")]
    finished_at: Annotated[UtcInstant, Column(description="When its rows were committed, UTC.")]
    row_count: Annotated[Integer, Column(description="Rows after it.")]
    promised_count: Annotated[Integer, Column(description="Rows that TMDB or discovery promised.")]
    missing_count: Annotated[Integer, Column(description="Promised rows that could not be had.")]
    reused_count: Annotated[Integer, Column(description="Rows that were fresh, so nothing was asked.")]
    request_count: Annotated[Integer, Column(description="Requests sent, repeated attempts included.")]
    ok_count: Annotated[Integer, Column(description="Requests that were answered well.")]
    not_found_count: Annotated[Integer, Column(description="Requests for what TMDB does not have.")]
    failed_count: Annotated[Integer, Column(description="Attempts that failed and were given up.")]
    retry_count: Annotated[Integer, Column(description="Attempts that were made again.")]
    waited_seconds: Annotated[
        float, Column(description="Seconds in which the rate limit or a pause held requests back.")
    ]
    received_bytes: Annotated[Integer, Column(description="Bytes of the answers, decompressed.")]
