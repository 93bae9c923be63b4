"""Which films TMDB's changes feed names for a day."""

import asyncio
import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun, Tally
from tmdb_assets.sync.list_totals import item_count
from tmdb_assets.sync.together import together
from tmdb_assets.tables import MovieChange, SyncAudit
from tmdb_assets.tmdb import AsyncTMDBClient, DecodeError, endpoints
from tmdb_assets.tmdb.decoding import decode_readable
from tmdb_assets.tmdb.limiter import PACE
from tmdb_assets.tmdb.models import ChangedMovie, Page
from tmdb_assets.tmdb.page_walk import LAST_PAGE

_DAY = dt.timedelta(days=1)
_READINGS = 3
"""A feed that gives fewer films than it promised is read so often; its pages drift as those of all lists."""


@dataclasses.dataclass(frozen=True)
class ChangedDay:
    """A day that was read.

    Attributes
    ----------
    day
        The day, UTC.
    audit
        What it took.
    odd_count
        Items that could not be read and are left out.
    """

    day: dt.date
    audit: SyncAudit
    odd_count: int


@dataclasses.dataclass
class _Feed:
    """What the feed says of some days."""

    films: dict[int, ChangedMovie]
    promised: int
    odd_count: int


async def sync_changes(
    client: AsyncTMDBClient,
    storage: Storage,
    days: Sequence[dt.date],
    run: SyncRun,
    *,
    on_day: Callable[[ChangedDay], None],
) -> None:
    """Bring days of ``movie_changes`` up to date, each stored as soon as it is complete.

    A film that a former reading of the day had keeps the time at which it was first seen.

    Parameters
    ----------
    days
        Days that are over, UTC.
    on_day
        Called with each day once its rows are stored.

    Raises
    ------
    TMDBError
        TMDB did not answer; the days that were read are kept.
    """
    run.on_plan(len(days), len(days), PACE * client.requests_per_second)
    for number, day in enumerate(days, start=1):
        tally = run.tally(MovieChange.table, None, day.isoformat())
        feed = await _of_day(client, tally, day)
        await asyncio.to_thread(_store, storage, day, feed, run.clock())
        audit = tally.audit(
            finished_at=run.clock(),
            row_count=len(feed.films),
            promised_count=max(feed.promised, len(feed.films)),
            missing_count=max(0, feed.promised - len(feed.films)),
        )
        storage.state.add_audit(audit)
        on_day(ChangedDay(day, audit, feed.odd_count))
        run.on_progress(number, len(days))


def days_read(storage: Storage) -> set[dt.date]:
    """Return the days whose changes were read, those without any change, too."""
    audited = (audit.fingerprint for audit in storage.state.audits(asset=MovieChange.table))
    stored = storage.lake.scan(MovieChange).select(pl.col("day").unique()).collect()["day"]
    return {dt.date.fromisoformat(day) for day in audited} | set(stored)


async def _of_day(client: AsyncTMDBClient, tally: Tally, day: dt.date) -> _Feed:
    found = await _between(client, tally, day, day)
    if found.promised or found.odd_count:
        return found
    # TMDB does not say whether the last day counts. If it does not, a single day is always empty, and what
    # the next day adds is this one's. A day that is really empty costs two requests more.
    both, following = [await _between(client, tally, start, day + _DAY) for start in (day, day + _DAY)]
    films = {film: both.films[film] for film in both.films.keys() - following.films.keys()}
    return _Feed(films, max(0, both.promised - following.promised), both.odd_count - following.odd_count)


async def _between(client: AsyncTMDBClient, tally: Tally, start: dt.date, end: dt.date) -> _Feed:
    """Return what the feed says of a range of days, read again where it gives fewer films than promised."""
    found = _Feed({}, 0, 0)
    for _ in range(_READINGS):
        once = await _read(client, tally, start, end)
        found = _Feed(found.films | once.films, once.promised, once.odd_count)
        if len(found.films) + found.odd_count >= found.promised:
            break
    return found


async def _read(client: AsyncTMDBClient, tally: Tally, start: dt.date, end: dt.date) -> _Feed:
    odd_count = 0

    async def page(number: int) -> Page[ChangedMovie]:
        nonlocal odd_count
        asked = endpoints.changes.movie_list(start_date=start, end_date=end, page=number)
        try:
            answer = await tally.ask_again(client, asked)
            body, readable = answer.body, answer.value
        except DecodeError as error:  # one odd item is left out and counted: the day is not lost with it
            body, readable = error.body or b"", decode_readable(error.body or b"", ChangedMovie)
            if isinstance(readable, DecodeError):
                raise
        odd_count += item_count(body, "changes") - len(readable.results)
        return readable

    first = await page(1)
    rest = range(2, min(first.total_pages, LAST_PAGE) + 1)
    pages = [first, *await together(page(number) for number in rest)]
    films = {film.id: film for one in pages for film in one.results}
    return _Feed(films, _promised(pages), odd_count)


def _promised(pages: Sequence[Page[ChangedMovie]]) -> int:
    """Return how many films the pages promise; where they disagree, what most of them say."""
    return Counter(page.total_results for page in pages).most_common(1)[0][0]


def _store(storage: Storage, day: dt.date, feed: _Feed, now: dt.datetime) -> None:
    of_day = storage.lake.scan(MovieChange).filter(pl.col("day") == day)
    seen = dict(of_day.select("tmdb_id", "seen_at").collect().iter_rows())
    rows = MovieChange.frame(
        MovieChange(day=day, tmdb_id=film.id, adult=film.adult, seen_at=seen.get(film.id, now))
        for film in sorted(feed.films.values(), key=lambda film: film.id)
    )
    storage.lake.replace_where(MovieChange, rows, "day", day)
