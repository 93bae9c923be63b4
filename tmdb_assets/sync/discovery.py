"""Which films TMDB lists for a release year."""

import asyncio
import dataclasses
from collections.abc import Collection, Sequence

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun, Tally
from tmdb_assets.sync.discovery_pages import Found, films_of_window
from tmdb_assets.sync.discovery_plan import (
    NOT_LISTED,
    DiscoveryQuestion,
    fresh_years,
    theme_keyword_ids,
)
from tmdb_assets.sync.together import together
from tmdb_assets.tables import DiscoveredMovie, SyncAudit
from tmdb_assets.tmdb import AsyncTMDBClient, AuthenticationError, TMDBError
from tmdb_assets.tmdb.limiter import PACE
from tmdb_assets.transforms.movies import discovered_movie
from tmdb_assets.transforms.partial_discovery import beside_stored
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
        its list, and its audit says so; it does not take the others with it.
    """
    question = DiscoveryQuestion(min_votes, theme_keyword_ids(storage), client.language)
    fresh = fresh_years(storage, years, question, run)
    if themes:
        question = _of_themes(question, storage, themes)
        fresh |= fresh_years(storage, years, question, run)
    run.on_plan(len(years) - len(fresh), len(years), PACE * client.requests_per_second)
    at_once = asyncio.Semaphore(_YEARS_AT_ONCE)
    failures: dict[int, tuple[TMDBError, Tally]] = {}
    listed = failed_in_a_row = 0

    async def one(year: int) -> None:
        nonlocal listed, failed_in_a_row
        async with at_once:
            if failed_in_a_row >= _FAILED_YEARS_IN_A_ROW:
                return
            tally = run.tally(DiscoveredMovie.table, year, question.fingerprint)
            try:
                audit = await _up_to_date(client, storage, tally, year, question, run, fresh.get(year))
            except AuthenticationError:
                raise
            except TMDBError as error:
                failures[year] = error, tally
                failed_in_a_row += 1
                return
            failed_in_a_row = 0
            storage.state.add_audit(audit)
            run.on_year(audit)
            if year not in fresh:
                listed += 1
                run.on_progress(listed, len(years) - len(fresh))

    await together(one(year) for year in years)
    if failed_in_a_row >= _FAILED_YEARS_IN_A_ROW or (failures and len(failures) == len(years)):
        raise next(iter(failures.values()))[0]
    for error, tally in failures.values():
        _keep_as_not_listed(storage, tally, run, error)


def _of_themes(question: DiscoveryQuestion, storage: Storage, themes: Collection[str]) -> DiscoveryQuestion:
    keyword_ids = theme_keyword_ids(storage, themes)
    return dataclasses.replace(question, keyword_ids=keyword_ids, themes=tuple(sorted(set(themes))))


def _keep_as_not_listed(storage: Storage, tally: Tally, run: SyncRun, error: TMDBError) -> None:
    """Audit a year that could not be had; how many films it lacks, nobody knows."""
    kept = storage.lake.row_counts(DiscoveredMovie).get(tally.year or 0, 0)
    audit = dataclasses.replace(tally, fingerprint=NOT_LISTED).audit(
        finished_at=run.clock(), row_count=kept, promised_count=kept + 1, missing_count=1, reused_count=kept
    )
    storage.state.add_audit(audit)
    run.on_year(audit)
    run.on_problem(f"{tally.year} could not be listed and keeps the list that it had: {error}")


async def _up_to_date(
    client: AsyncTMDBClient,
    storage: Storage,
    tally: Tally,
    year: int,
    question: DiscoveryQuestion,
    run: SyncRun,
    fresh_count: int | None,
) -> SyncAudit:
    if fresh_count is None:
        return await _discover(client, storage, tally, year, question, run)
    return tally.audit(
        finished_at=run.clock(), row_count=fresh_count, promised_count=fresh_count, reused_count=fresh_count
    )


async def _discover(
    client: AsyncTMDBClient,
    storage: Storage,
    tally: Tally,
    year: int,
    question: DiscoveryQuestion,
    run: SyncRun,
) -> SyncAudit:
    voted, *themed = await together(
        films_of_window(client, tally, year_window(year), filters) for filters in question.filters()
    )
    by_keyword = themed[0] if themed else Found({}, 0)
    found = by_keyword | voted
    rows = [
        discovered_movie(
            movie,
            year=year,
            has_enough_votes=tmdb_id in voted.movies,
            has_theme_keyword=tmdb_id in by_keyword.movies,
            discovered_at=tally.started_at,
        )
        for tmdb_id, movie in found.movies.items()
    ]
    frame = DiscoveredMovie.frame(rows).sort("tmdb_id")
    row_count = await asyncio.to_thread(_store, storage, frame, year, keeps_others=bool(question.themes))
    return tally.audit(
        finished_at=run.clock(),
        row_count=row_count,
        promised_count=row_count + found.missing,
        missing_count=found.missing,
        reused_count=row_count - len(rows),
    )


def _store(storage: Storage, found: pl.DataFrame, year: int, *, keeps_others: bool) -> int:
    """Store a year, beside the films that it has where only some themes were asked for; count its rows."""
    if not keeps_others:
        storage.lake.replace_year(DiscoveredMovie, found, year)
        return len(found)
    row_count = 0

    def beside_others(stored: pl.LazyFrame) -> pl.DataFrame:
        nonlocal row_count
        rows = beside_stored(found, stored.filter(pl.col("release_year") == year).collect())
        row_count = len(rows)
        return rows

    storage.lake.rewrite_year(DiscoveredMovie, year, beside_others)
    return row_count
