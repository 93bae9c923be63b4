"""All tables again from what is kept: the journal, the lists, the state. No request."""

import contextlib
import dataclasses
import datetime as dt
import os
import time
from collections.abc import Callable, Generator

import polars as pl

from tmdb_assets.storage.claims import Claims
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal_answers import Reading
from tmdb_assets.storage.journal_lines import kept_in_place
from tmdb_assets.storage.journal_readers import without_collecting
from tmdb_assets.storage.lake_damage import collected, damaged, unheard
from tmdb_assets.storage.snapshot import publish
from tmdb_assets.sync.carousels import curate_all_years
from tmdb_assets.sync.rebuilt_details import FILMS_AT_ONCE, RebuiltDetails, replace_years
from tmdb_assets.tables import (
    STORED_TABLES,
    CuratedCarousel,
    DiscoveredMovie,
    EnrichedUpload,
    FailedMovie,
    FormerDetail,
    KeywordId,
    MovieDetail,
    MovieHistory,
    Row,
)
from tmdb_assets.tmdb.images import ImageURLs

_MADE_ANEW = (MovieDetail, FormerDetail, FailedMovie, MovieHistory, CuratedCarousel)
"""Tables that are replaced without a look at what they had."""

_THE_TABLES = 0
"""What a rebuild claims."""


def _say_nothing(_done: int, _total: int) -> None:
    pass


class NothingToRebuildError(ValueError):
    """There is no journal."""


class RebuildUnderWayError(RuntimeError):
    """Another rebuild of the same tables is under way."""


@dataclasses.dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did.

    Attributes
    ----------
    answers
        How many answers were read.
    films
        How many films have details now.
    tables
        Rows per published table.
    seconds, cpu_seconds
        By stage; of the processor, what all processes took together.
    problems
        What could not be used, or could not be made again; a sentence each.
    set_aside
        By table that could not be read, the folder in which all of it is now.
    """

    answers: int
    films: int
    tables: dict[str, int]
    seconds: dict[str, float]
    cpu_seconds: dict[str, float]
    problems: list[str]
    set_aside: dict[str, str]

    @property
    def milliseconds_per_thousand(self) -> float:
        """How long a thousand films took."""
        return 1e6 * sum(self.seconds.values()) / max(1, self.films)


def rebuild(
    storage: Storage,
    *,
    region: str | None,
    images: ImageURLs,
    on_progress: Callable[[int, int], None] = _say_nothing,
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    films_at_once: int = FILMS_AT_ONCE,
) -> Rebuilt:
    """Make all tables again, and publish them; TMDB is asked for nothing.

    The lake may be gone or damaged. Each release year is replaced as a whole: when this is killed it is as
    it was or as it will be, and the same again goes on. What other processes store meanwhile stays.

    Parameters
    ----------
    region
        The country whose certification is kept, ISO 3166-1.
    images
        Makes the addresses of posters and backdrops.
    on_progress
        Called with how many films were read, and about how many there are.
    clock
        Says what time it is, UTC.
    films_at_once
        About how many films' answers are in memory at a time; the others wait on the disk.

    Raises
    ------
    NothingToRebuildError
        There is no answer in the journal.
    RebuildUnderWayError
        Another process does the same: two at once would set each other's tables aside.
    OSError
        The disk is full or gone.
    """
    if not storage.journal.segments():
        raise NothingToRebuildError(
            f"{storage.journal.folder} holds no answers, so there is nothing to make tables of."
        )
    with kept_in_place(storage.journal), Claims(storage.claims / "rebuild") as claims:
        if not claims.try_claim(_THE_TABLES):
            raise RebuildUnderWayError(
                "Another process makes all tables anew right now: wait until it has ended, then look."
            )
        return _Rebuild(storage, region, images, on_progress, clock, films_at_once).all_tables()


class _Rebuild:
    def __init__(
        self,
        storage: Storage,
        region: str | None,
        images: ImageURLs,
        on_progress: Callable[[int, int], None],
        clock: Callable[[], dt.datetime],
        films_at_once: int,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._began_at = clock()
        self._problems: list[str] = []
        self._set_aside: dict[str, str] = {}
        reading = Reading(region, images, self._problems.append)
        self._details = RebuiltDetails(
            storage,
            reading,
            began_at=self._began_at,
            on_progress=on_progress,
            films_at_once=films_at_once,
        )
        self._seconds: dict[str, float] = {}
        self._cpu_seconds: dict[str, float] = {}

    def all_tables(self) -> Rebuilt:
        with self._details as details:  # which begins to read
            with self._timed("lists"):
                self._mend()
                self._make_lists()
                self._look_at_lists()
            with self._timed("read"), without_collecting():
                details.read()
            with self._timed("replay"):
                details.replay()
            with self._timed("store"):
                details.store()
        with self._timed("curate"):
            self._look_at_uploads()
            curate_all_years(self._storage.lake, clock=self._clock)
        with self._timed("publish"):
            tables = publish(self._storage.lake, self._storage.state, self._storage.snapshot)
        return Rebuilt(
            details.answer_count,
            details.film_count,
            tables,
            self._seconds,
            self._cpu_seconds,
            self._problems,
            self._set_aside,
        )

    def _mend(self) -> None:
        """Set the tables aside that cannot be read."""
        for table in STORED_TABLES:
            if not self._is_readable(table) and (
                aside := self._storage.lake.set_aside(table, at=self._began_at)
            ):
                self._set_aside[table.table] = str(aside)
            elif self._storage.lake.is_nothing_but_set_aside(table):
                self._storage.lake.make(table)

    def _is_readable(self, table: type[Row]) -> bool:
        try:
            with unheard():
                rows = self._storage.lake.scan(table)  # which reads the table's log
        except BaseException as error:
            if not damaged(error):
                raise
            return False
        return table in _MADE_ANEW or collected(rows.select(table.key[0])) is not None

    def _make_lists(self) -> None:
        """Make the tables of what TMDB's lists gave; a year of which no list was kept stays as it is."""
        storage = self._storage
        for _, keywords in storage.lists.read(KeywordId, on_problem=self._problems.append):
            storage.lake.rewrite(KeywordId, lambda stored, rows=keywords: self._unless_newer(rows, stored))
        listed = storage.lists.read(DiscoveredMovie, on_problem=self._problems.append)
        by_year = {year: rows for year, rows in listed if year is not None}
        if by_year:
            rows = pl.concat(by_year.values())
            replace_years(
                storage.lake, DiscoveredMovie, by_year, rows, newer="discovered_at", than=self._began_at
            )

    def _look_at_lists(self) -> None:
        """Say which tables were filled by TMDB's lists once and are empty now: no list is kept either."""
        filled = {audit.asset for audit in self._storage.state.audits() if audit.row_count}
        self._problems += [
            f"{table.table} is empty, for none of TMDB's lists is kept: `tmdb-assets run` over the "
            "years asks for them again."
            for table in (KeywordId, DiscoveredMovie)
            if table.table in filled and not self._storage.lake.promised_count(table)
        ]

    def _unless_newer(self, keywords: pl.DataFrame, stored: pl.LazyFrame) -> pl.DataFrame | None:
        """Return the keywords that were kept; None where another process has looked them up meanwhile."""
        newer = collected(stored.filter(pl.col("checked_at") > self._began_at))
        return keywords if newer is None or newer.is_empty() else None

    def _look_at_uploads(self) -> None:
        """Say which uploads have no rows: to make them takes questions to TMDB's search."""
        stored = self._storage.lake.scan(EnrichedUpload).select(pl.col("upload").unique())
        known = stored.collect()["upload"].to_list()
        sessions = self._storage.state.sessions().values()
        lost = [one.upload for one in sessions if one.status == "completed" and one.upload not in known]
        if lost:
            self._problems.append(
                f"The rows of these uploads are gone: {', '.join(lost)}. Materialize enriched_uploads for "
                "them: titles that TMDB was asked for within a week are not looked up again."
            )

    @contextlib.contextmanager
    def _timed(self, stage: str) -> Generator[None]:
        begun, cpu = time.monotonic(), sum(os.times()[:4])
        yield
        self._seconds[stage] = time.monotonic() - begun
        self._cpu_seconds[stage] = sum(os.times()[:4]) - cpu
