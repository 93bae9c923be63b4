"""``tmdb-assets status``: how fresh the tables are, what failed, what was spent."""

import datetime as dt

import click
import msgspec
import polars as pl

from tmdb_assets.commands.plain import plain
from tmdb_assets.commands.spent import requests_by_day, spent_lines
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal import JournalSize
from tmdb_assets.storage.origin import holds_films, read
from tmdb_assets.tables import (
    LAKE_TABLES,
    ApiUsage,
    CuratedCarousel,
    FailedMovie,
    FailedRun,
    MovieDetail,
    Row,
    SyncAudit,
    UploadSession,
)

_RECENT = dt.timedelta(days=7)
_SHOWN = 3
_UNKNOWN = "nobody knows where: origin.json is missing"


class TableStatus(msgspec.Struct, frozen=True):
    """How a table stands."""

    table: str
    rows: int
    years: tuple[int, int] | None
    checked_at: dt.datetime | None


class Status(msgspec.Struct, frozen=True):
    """How the warehouse stands; ``usage`` and ``failed_runs`` are those of the last week."""

    data: str
    origin: str | None
    tables: list[TableStatus]
    failures: dict[str, int]
    requests_by_day: dict[str, int]
    requests_per_second: float
    published_at: dt.datetime | None
    daily_requests: int | None = None
    requests_left_today: int | None = None
    uploads: list[UploadSession] = []
    failed_runs: list[FailedRun] = []
    usage: list[ApiUsage] = []
    journal: JournalSize | None = None


def status(*, as_json: bool) -> None:
    """Print how the warehouse stands."""
    settings = Settings.load()
    now = _status(settings)
    click.echo(msgspec.json.encode(now).decode() if as_json else _as_text(now))


def _status(settings: Settings) -> Status:
    origin = read(settings.data)
    is_empty = origin is None and not holds_films(settings.data)
    if is_empty and not (settings.state or (settings.data / "state.db").exists()):
        rate, cap = settings.requests_per_second, settings.daily_requests
        return Status(str(settings.data), None, [], {}, {}, rate, None, cap, cap)
    storage = Storage.open(settings)
    today = dt.datetime.now(dt.UTC).date()
    usage = storage.state.usage(since=today - _RECENT)
    cap = settings.daily_requests
    audits = storage.state.audits()
    failed = storage.lake.read(FailedMovie).group_by("reason").len().sort("reason")
    published = storage.snapshot.stat().st_mtime if storage.snapshot.exists() else None
    return Status(
        data=str(settings.data),
        origin=origin.base_url if origin else None if is_empty else _UNKNOWN,
        tables=[] if is_empty else [_table(storage, table, audits) for table in LAKE_TABLES],
        failures=dict(failed.iter_rows()),
        requests_by_day=requests_by_day(usage),
        requests_per_second=settings.requests_per_second,
        daily_requests=cap,
        requests_left_today=storage.state.requests_left(today, cap) if cap else None,
        published_at=dt.datetime.fromtimestamp(published, dt.UTC) if published else None,
        uploads=list(storage.state.sessions().values()),
        failed_runs=storage.state.failed_runs(since=dt.datetime.now(dt.UTC) - _RECENT),
        usage=usage,
        journal=storage.journal.size(),
    )


def _table(storage: Storage, table: type[Row], audits: list[SyncAudit]) -> TableStatus:
    asset = MovieDetail.table if table is FailedMovie else table.table  # made by the same step
    of_table = [audit for audit in audits if audit.asset == asset]
    asked = [audit for audit in of_table if audit.request_count]
    checked = [audit.finished_at for audit in asked or of_table]  # who found all fresh has not looked
    if table is CuratedCarousel:  # made of what is stored: nothing is asked, so nothing is audited
        made = storage.lake.scan(CuratedCarousel).select(pl.col("curated_at").max()).collect().item()
        checked = [made] if made else []
    by_year = storage.lake.row_counts(table) if table.is_partitioned() else {}
    rows = sum(by_year.values()) if by_year else len(storage.lake.read(table))
    years = (min(by_year), max(by_year)) if by_year else None
    return TableStatus(table.table, rows, years, max(checked, default=None))


def _as_text(now: Status) -> str:
    lines = _table_lines(now) if now.tables else [f"{now.data} is empty: `tmdb-assets run` fills it."]
    lines += [*_upload_lines(now.uploads), *_failed_run_lines(now.failed_runs)]
    return plain("\n".join(lines))


def _table_lines(now: Status) -> list[str]:
    lines = [f"{now.data} holds films from {now.origin}", ""]
    for table in now.tables:
        years = f"{table.years[0]}-{table.years[1]}" if table.years else ""
        checked = f"checked {_instant(table.checked_at)}" if table.checked_at else "never checked"
        lines.append(f"{table.table:<18} {table.rows:>9,} rows  {years:<9}  {checked}")
    published = f"published {_instant(now.published_at)}" if now.published_at else "not published yet"
    lines.append(f"{'warehouse':<18} {'':>14}  {'':<9}  {published}")
    if now.journal:
        lines.append(_journal_line(now.journal))
    lines.append("")
    if now.failures:
        named = ", ".join(f"{count:,} {reason}" for reason, count in now.failures.items())
        lines.append(f'failed films: {named} (tmdb-assets sql "FROM failed_movies" names them)')
    else:
        lines.append("failed films: none")
    return [*lines, "", *spent_lines(now.usage, dt.datetime.now(dt.UTC).date()), *_budget_lines(now)]


def _journal_line(journal: JournalSize) -> str:
    megabytes = f"{journal.bytes / 1e6:,.1f} MB"
    unsealed = f", {journal.unsealed:,} of them not sealed yet" if journal.unsealed else ""
    segments = "segment" if journal.segments == 1 else "segments"
    return f"{'journal':<18} {megabytes:>14}  in {journal.segments:,} {segments}{unsealed}"


def _budget_lines(now: Status) -> list[str]:
    lines = [f"budget: {now.requests_per_second:g} requests a second, of all processes together"]
    if now.daily_requests is None:
        return [f"{lines[0]}; no daily cap (TMDB_ASSETS_DAILY_REQUESTS)"]
    return [*lines, f"        {now.daily_requests:,} a day, of which {now.requests_left_today:,} are left"]


def _upload_lines(uploads: list[UploadSession]) -> list[str]:
    if not uploads:
        return []
    return ["", "uploads:"] + [
        f"  {upload.upload}: {upload.status}, {upload.enriched_count:,} of {upload.total_movies:,} films"
        + "".join(f". {problem.rstrip('.')}" for problem in upload.problems[:_SHOWN])
        for upload in uploads
    ]


def _failed_run_lines(failed: list[FailedRun]) -> list[str]:
    if not failed:
        return []
    newest = failed[: -_SHOWN - 1 : -1]
    more = f" (the last {_SHOWN} of {len(failed)}; --json has all)" if len(failed) > _SHOWN else ""
    return ["", f"failed runs of the last week{more}:"] + [
        f"  {_instant(run.failed_at)}  {run.what}: {run.why}" for run in newest
    ]


def _instant(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
