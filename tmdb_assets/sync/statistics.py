"""What a run took, table by table."""

from collections.abc import Iterable, Mapping

import msgspec

from tmdb_assets.tables import SyncAudit


class TableStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """What it took to bring one table up to date.

    Attributes
    ----------
    rows
        Rows that the table has now in the run's years.
    promised, missing
        Rows that were promised, and those of them that could not be had.
    reused
        Rows that were fresh, so that nothing was asked.
    requests
        Requests sent, repeated attempts included.
    ok, not_found, failed, retries
        Requests by outcome; ``failed`` were given up at some point, ``retries`` are repeated attempts.
    waited_seconds
        Seconds that requests waited for the rate limit, added up.
    seconds
        From the first to the last request.
    requests_per_second
        Requests over those seconds.
    """

    rows: int
    promised: int
    missing: int
    reused: int
    requests: int
    ok: int
    not_found: int
    failed: int
    retries: int
    waited_seconds: float
    seconds: float
    requests_per_second: float


class RunStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """What a whole run took; ``years`` are the first and the last release year."""

    run_id: str
    years: tuple[int, int]
    requests: int
    seconds: float
    tables: dict[str, TableStatistics]
    published: dict[str, int]


def run_statistics(
    audits: Iterable[SyncAudit],
    *,
    run_id: str,
    years: Iterable[int],
    seconds: float,
    published: Mapping[str, int],
) -> RunStatistics:
    """Add up what the years of each table took."""
    by_table: dict[str, list[SyncAudit]] = {}
    for audit in audits:
        by_table.setdefault(audit.asset, []).append(audit)
    tables = {table: _table_statistics(of_table) for table, of_table in by_table.items()}
    covered = sorted(years)
    return RunStatistics(
        run_id=run_id,
        years=(covered[0], covered[-1]),
        requests=sum(table.requests for table in tables.values()),
        seconds=round(seconds, 3),
        tables=tables,
        published=dict(published),
    )


def _table_statistics(audits: list[SyncAudit]) -> TableStatistics:
    asked = [audit for audit in audits if audit.request_count]
    seconds = 0.0
    if asked:
        begun = min(audit.started_at for audit in asked)
        seconds = (max(audit.finished_at for audit in asked) - begun).total_seconds()
    requests = sum(audit.request_count for audit in audits)
    return TableStatistics(
        rows=sum(audit.row_count for audit in audits),
        promised=sum(audit.promised_count for audit in audits),
        missing=sum(audit.missing_count for audit in audits),
        reused=sum(audit.reused_count for audit in audits),
        requests=requests,
        ok=sum(audit.ok_count for audit in audits),
        not_found=sum(audit.not_found_count for audit in audits),
        failed=sum(audit.failed_count for audit in audits),
        retries=sum(audit.retry_count for audit in audits),
        waited_seconds=round(sum(audit.waited_seconds for audit in audits), 3),
        seconds=round(seconds, 3),
        requests_per_second=round(requests / seconds, 2) if seconds else 0.0,
    )
