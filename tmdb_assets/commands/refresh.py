"""``tmdb-assets refresh``: what is due now, through Dagster, without a server."""

import contextlib
import dataclasses
import datetime as dt
import fcntl
import os
import time
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from typing import Any

import click
import dagster as dg
import msgspec

from tmdb_assets.commands.instance import process_tags, shared_instance
from tmdb_assets.commands.run import published_rows, why_failed
from tmdb_assets.commands.sources import film_source
from tmdb_assets.definitions import build_defs
from tmdb_assets.jobs import changes, publishing, refreshed_films
from tmdb_assets.partitions import YEARS_PER_RUN, range_tags
from tmdb_assets.resources.progress import ProgressResource
from tmdb_assets.resources.progress_lines import spoken
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.changes import days_read
from tmdb_assets.sync.details import request_fingerprint
from tmdb_assets.sync.due import DueYear, Why, due_years
from tmdb_assets.sync.statistics import TableStatistics, run_statistics
from tmdb_assets.tables import MovieDetail
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets.tmdb.limiter import PACE
from tmdb_assets.transforms.backfill import year_ranges
from tmdb_assets.transforms.change_days import day_ranges, days_to_read

NOTHING_DUE = "Nothing is due: TMDB's changes are read, and every film that is stored is fresh."
NOTHING_STORED = "Nothing is due, for no film is stored yet: `tmdb-assets run` fetches some."
_YEARS_AT_ONCE = YEARS_PER_RUN.max_partitions_per_run or 1
_REASONS: dict[Why, str] = {
    "pending": "never had",
    "marked": "changed at TMDB",
    "aged": "not looked at for long",
}


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What is due: days of changes to read, films by reason, and how long the films take."""

    days: tuple[dt.date, ...]
    films: dict[Why, int]
    hours: float


class Refreshed(msgspec.Struct, frozen=True, kw_only=True):
    """What a refresh did."""

    due: Due
    requests: int
    seconds: float
    tables: dict[str, TableStatistics]
    published: dict[str, int]


def refresh(*, limit: int | None, dry_run: bool, as_json: bool) -> None:
    """Bring what is stored up to date.

    Raises
    ------
    ValueError
        A setting is wrong; nothing was asked.
    RunFailedError
        TMDB refused or did not answer, or it was interrupted; what was got is kept.
    """
    with film_source(Settings.load(), allow_fake=True, claims=not dry_run) as settings:
        if dry_run:
            with StorageResource(data=str(settings.data)).open_to_look() as storage:
                due = _due(_days(storage), _due_years(storage, settings))
                said = _sentence(due) if due.films or due.days else _nothing(storage)
            click.echo(msgspec.json.encode(due).decode() if as_json else said)
            return
        done = _refreshed(settings, limit)
    if as_json:
        click.echo(msgspec.json.encode(done).decode())
    else:
        click.echo(_report(done) if done.tables else _nothing(Storage.open(settings)))


def _refreshed(settings: Settings, limit: int | None) -> Refreshed:
    begun = time.monotonic()
    storage = Storage.open(settings)  # what cannot be used is better said before a step fails
    published: dict[str, int] = {}
    with _executing(settings) as execution:
        with _reading_changes_alone(storage):
            days = _days(storage)
            for first, last in day_ranges(days):
                execution.run(changes.name, range_tags(first, last))
        years = _due_years(storage, settings)
        left = limit
        for near in year_ranges([year.year for year in years], at_most=_YEARS_AT_ONCE):
            execution.run(refreshed_films.name, range_tags(near[0], near[-1]), refresh_limit=left)
            known = sum(_known(year) for year in years if year.year in near)
            left = None if left is None else max(0, left - known)
        if execution.run_ids:
            published = published_rows(execution.run(publishing.name, {}))
    audits = [audit for run_id in execution.run_ids for audit in storage.state.audits(run_id=run_id)]
    seconds = time.monotonic() - begun
    statistics = run_statistics(audits, run_id="refresh", years=[0], seconds=seconds, published=published)
    return Refreshed(
        due=_due(days, years),
        requests=statistics.requests,
        seconds=statistics.seconds,
        tables=statistics.tables,
        published=published,
    )


@dataclasses.dataclass
class _Execution:
    """Runs of one command, in this process."""

    definitions: dg.Definitions
    instance: dg.DagsterInstance
    run_ids: list[str] = dataclasses.field(default_factory=list[str])

    def run(self, job: str, tags: Mapping[str, str], **details: int | None) -> dg.ExecuteInProcessResult:
        """Run a job to its end; ``details`` is the configuration of ``movie_details``."""
        config: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        if details:
            config["ops"] = {MovieDetail.table: {"config": details}}
        result = self.definitions.resolve_job_def(job).execute_in_process(
            instance=self.instance, raise_on_error=False, tags={**tags, **process_tags()}, run_config=config
        )
        if not result.success:
            raise why_failed(result)
        self.run_ids.append(result.run_id)
        return result


@contextlib.contextmanager
def _executing(settings: Settings) -> Generator[_Execution]:
    terminal = os.dup(2)  # a step's own stderr goes to its log
    definitions = build_defs(
        storage=StorageResource(data=str(settings.data)), progress=ProgressResource(terminal=terminal)
    )
    try:
        with shared_instance(settings.data) as instance:
            yield _Execution(definitions, instance)
    finally:
        os.close(terminal)


@contextlib.contextmanager
def _reading_changes_alone(storage: Storage) -> Generator[None]:
    """Wait until no other ``refresh`` reads TMDB's changes: what it has read is not to be read again."""
    storage.claims.mkdir(parents=True, exist_ok=True)
    with (storage.claims / "refresh.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            click.echo("Another refresh reads TMDB's changes: this one goes on when it has.", err=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _days(storage: Storage) -> list[dt.date]:
    """Return the days of changes to read; without a film that may have changed, none."""
    today = dt.datetime.now(dt.UTC).date()
    return days_to_read(days_read(storage), today) if storage.lake.row_counts(MovieDetail) else []


def _due_years(storage: Storage, settings: Settings) -> list[DueYear]:
    asked_for = request_fingerprint(AsyncTMDBClient(), settings.region)
    return due_years(storage, SyncRun(run_id="refresh"), details_fingerprint=asked_for)


def _known(year: DueYear) -> int:
    """Return how many films of a year are asked for again."""
    return year.films.get("marked", 0) + year.films.get("aged", 0)


def _due(days: Sequence[dt.date], years: Sequence[DueYear]) -> Due:
    films: Counter[Why] = Counter()
    for year in years:
        films.update(year.films)
    seconds = films.total() / (Settings.load().requests_per_second * PACE)
    return Due(days=tuple(days), films=dict(films), hours=round(seconds / 3600, 4))


def _nothing(storage: Storage) -> str:
    return NOTHING_DUE if storage.lake.promised_count(MovieDetail) else NOTHING_STORED


def _sentence(due: Due) -> str:
    """Return what is due, in words."""
    said: list[str] = []
    if due.days:
        said.append(f"{_counted(len(due.days), 'day')} of changes to read, which may name films.")
    if due.films:
        said.append(f"{_films(due)} to ask for, which takes about {spoken(due.hours * 3600)}.")
    else:
        said.append("No film is due yet.")
    return " ".join(said)


def _films(due: Due) -> str:
    reasons = [f"{due.films[why]:,} {said}" for why, said in _REASONS.items() if due.films.get(why)]
    return f"{_counted(sum(due.films.values()), 'film')} ({', '.join(reasons)})"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _report(done: Refreshed) -> str:
    asked = _films(done.due) if done.due.films else "no film, for none was due"
    read = f"{_counted(len(done.due.days), 'day')} of changes read; " if done.due.days else ""
    lines = [
        f"{table:<18} {took.requests:>7,} requests; {took.missing:,} rows missing"
        for table, took in done.tables.items()
    ]
    return "\n".join(
        [f"{read}asked for {asked}.", *lines, f"in all {done.requests:,} requests, {spoken(done.seconds)}"]
    )
