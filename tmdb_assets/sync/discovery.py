"""Which films TMDB lists for a release year."""

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from tmdb_assets.storage.claims import Claims
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun, Tally
from tmdb_assets.sync.discovery_listing import Found, Gap
from tmdb_assets.sync.discovery_pages import Pages
from tmdb_assets.sync.discovery_plan import (
    NOT_LISTED,
    DiscoveryQuestion,
    fresh_years,
    list_gaps,
    listed_between,
    theme_keyword_ids,
)
from tmdb_assets.sync.discovery_windows import WindowReader
from tmdb_assets.sync.together import together
from tmdb_assets.sync.turns import turn
from tmdb_assets.tables import DiscoveredMovie, ListGap, SyncAudit
from tmdb_assets.tmdb import AsyncTMDBClient, AuthenticationError, TMDBError
from tmdb_assets.tmdb.limiter import PACE
from tmdb_assets.transforms.movies import discovered_movie
from tmdb_assets.transforms.partial_discovery import beside_gaps, beside_stored
from tmdb_assets.transforms.windows import year_window

_YEARS_AT_ONCE = 4
_FAILED_YEARS_IN_A_ROW = 4


async def sync_discovery(
    client: AsyncTMDBClient,
    storage: Storage,
    years: Sequence[int],
    run: SyncRun,
    *,
    min_votes: int = 200,
    themes: Collection[str] = (),
) -> None:
    """Bring years of ``discovered_movies`` up to date, each stored as soon as it is complete.

    Parameters
    ----------
    years
        Release years.
    min_votes
        A film without a theme's keyword is listed from this many votes on.
    themes
        Slugs of the themes whose films are asked for; what is stored of the others stays. By default all.

    Raises
    ------
    ThemesError
        ``keyword_ids`` does not have a theme.
    TMDBError
        None of the years could be had, or four in a row: TMDB is down. A single year that cannot be had keeps
        its list, and its audit says so; it does not take the others with it. Of a year of which some pages
        cannot be had, the rest is stored, and ``list_gaps`` says what is missing.
    """
    question = DiscoveryQuestion(min_votes, theme_keyword_ids(storage), client.language)
    fresh = fresh_years(storage, years, question, run)
    if themes:
        question = _of_themes(question, storage, themes)
        fresh |= fresh_years(storage, years, question, run)
    stale_count = len(years) - len(fresh)
    run.on_plan(stale_count, len(years), PACE * client.requests_per_second)
    with Claims(storage.claims / DiscoveredMovie.table) as claims:
        discovery = _Discovery(client, storage, run, question, fresh, claims, began_at=run.clock())
        await discovery.bring_up_to_date(years, stale_count)


def _of_themes(question: DiscoveryQuestion, storage: Storage, themes: Collection[str]) -> DiscoveryQuestion:
    keyword_ids = theme_keyword_ids(storage, themes)
    return dataclasses.replace(question, keyword_ids=keyword_ids, themes=tuple(sorted(set(themes))))


@dataclasses.dataclass
class _Discovery:
    client: AsyncTMDBClient
    storage: Storage
    run: SyncRun
    question: DiscoveryQuestion
    fresh: Mapping[int, int]
    claims: Claims
    began_at: dt.datetime
    failures: dict[int, tuple[TMDBError, Tally]] = dataclasses.field(
        default_factory=dict[int, tuple[TMDBError, Tally]]
    )
    failed_in_a_row: int = 0

    async def bring_up_to_date(self, years: Sequence[int], stale_count: int) -> None:
        at_once = asyncio.Semaphore(_YEARS_AT_ONCE)
        listed = 0

        async def one(year: int) -> None:
            nonlocal listed
            async with at_once:
                if self.failed_in_a_row >= _FAILED_YEARS_IN_A_ROW:
                    return
                if await self._bring_up_to_date(year) and year not in self.fresh:
                    listed += 1
                    self.run.on_progress(listed, stale_count)

        await together(one(year) for year in years)
        is_down = self.failed_in_a_row >= _FAILED_YEARS_IN_A_ROW
        if is_down or (self.failures and len(self.failures) == len(years)):
            raise next(iter(self.failures.values()))[0]
        for year, (error, tally) in self.failures.items():
            self._keep_as_not_listed(year, tally, error)

    async def _bring_up_to_date(self, year: int) -> bool:
        """Bring a year up to date, unless TMDB does not answer, and say whether it is."""
        tally = self.run.tally(DiscoveredMovie.table, year, self.question.fingerprint)
        try:
            audit = await self._audit(tally, year)
        except AuthenticationError:
            raise
        except TMDBError as error:
            self.failures[year] = error, tally
            self.failed_in_a_row += 1
            return False
        self.failed_in_a_row = 0
        self.run.on_year(audit)
        return True

    async def _audit(self, tally: Tally, year: int) -> SyncAudit:
        """Discover a year that is not fresh, neither by a run before nor by a process that was quicker."""
        if year in self.fresh:
            return self._keep(self._reused(tally, self.fresh[year]))
        async with turn(self.claims, year):
            known = listed_between(self.storage, year, self.question, (self.began_at, self.run.clock()))
            audit = await self._discover(tally, year) if known is None else self._reused(tally, known)
            return self._keep(audit)

    async def _discover(self, tally: Tally, year: int) -> SyncAudit:
        found = await together(
            WindowReader((pages := Pages(self.client, tally, filters)).page, pages.languages).read(
                year_window(year, min_votes=filters.get("vote_count_gte", 0))
            )
            for filters in self.question.filters()
        )
        gaps = list_gaps(year, found, noticed_at=tally.started_at)
        rows = _rows(year, found, discovered_at=tally.started_at)
        row_count = await asyncio.to_thread(self._store, rows, year, gaps)
        missing = sum(each.missing for each in found)
        kept_count = row_count - len(rows)
        return tally.audit(
            finished_at=self.run.clock(),
            row_count=row_count,
            promised_count=row_count + (missing if self.question.themes else max(0, missing - kept_count)),
            missing_count=missing,
            reused_count=kept_count,
        )

    def _store(self, found: pl.DataFrame, year: int, gaps: Sequence[ListGap]) -> int:
        """Store a year, beside films that it has and that its lists may still have; count its rows."""
        row_count = 0

        def decided(stored: pl.LazyFrame) -> pl.DataFrame:
            nonlocal row_count
            rows = found
            if gaps or self.question.themes:
                before = stored.filter(pl.col("release_year") == year).collect()
                rows = beside_gaps(rows, before, gaps)
                rows = beside_stored(rows, before) if self.question.themes else rows
            row_count = len(rows)
            self.storage.lists.keep(DiscoveredMovie, rows, year)
            return rows

        self.storage.lake.rewrite_year(DiscoveredMovie, year, decided)
        self.storage.state.replace_gaps(year, gaps)
        return row_count

    def _reused(self, tally: Tally, row_count: int) -> SyncAudit:
        return tally.audit(
            finished_at=self.run.clock(),
            row_count=row_count,
            promised_count=row_count,
            reused_count=row_count,
        )

    def _keep(self, audit: SyncAudit) -> SyncAudit:
        self.storage.state.add_audit(audit)
        return audit

    def _keep_as_not_listed(self, year: int, tally: Tally, error: TMDBError) -> None:
        """Audit a year that could not be had; how many films it lacks, nobody knows."""
        kept = self.storage.lake.row_counts(DiscoveredMovie).get(year, 0)
        audit = dataclasses.replace(tally, fingerprint=NOT_LISTED).audit(
            finished_at=self.run.clock(),
            row_count=kept,
            promised_count=kept + 1,
            missing_count=1,
            reused_count=kept,
        )
        whole = Found({}, (Gap(year_window(year), None, kept, 0, str(error)),))
        gaps = list_gaps(year, [whole] * len(self.question.filters()), noticed_at=tally.started_at)
        self.storage.state.replace_gaps(year, gaps)
        self._keep(audit)
        self.run.on_year(audit)
        self.run.on_problem(f"{year} could not be listed and keeps the list that it had: {error}")


def _rows(year: int, found: Sequence[Found], *, discovered_at: dt.datetime) -> pl.DataFrame:
    """Return the films of a year's lists, that by votes first, each film once."""
    voted, by_keyword = [*(each.movies for each in found), {}][:2]
    rows = [
        discovered_movie(
            movie,
            year=year,
            has_enough_votes=tmdb_id in voted,
            has_theme_keyword=tmdb_id in by_keyword,
            discovered_at=discovered_at,
        )
        for tmdb_id, movie in (by_keyword | voted).items()
    ]
    return DiscoveredMovie.frame(rows).sort("tmdb_id")
