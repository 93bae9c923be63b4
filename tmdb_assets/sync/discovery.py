"""Which films TMDB lists for a release year."""

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Sequence

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun, Tally, fingerprint
from tmdb_assets.sync.together import together
from tmdb_assets.tables import DiscoveredMovie, KeywordId, SyncAudit
from tmdb_assets.tmdb import AsyncTMDBClient, endpoints
from tmdb_assets.tmdb.endpoint import any_of
from tmdb_assets.tmdb.endpoints.discover import MovieFilters
from tmdb_assets.tmdb.models import MovieListItem, Page
from tmdb_assets.transforms.movies import discovered_movie
from tmdb_assets.transforms.refresh import discovery_age
from tmdb_assets.transforms.windows import REACHABLE, Window, halves, year_window

_LAST_PAGE = 500
_YEARS_AT_ONCE = 4
_ASK_AGAIN_IN_HALVES = 3


@dataclasses.dataclass(frozen=True)
class _Found:
    """Films of a window, and how many more TMDB had promised."""

    movies: dict[int, MovieListItem]
    missing: int

    def __or__(self, other: "_Found") -> "_Found":
        return _Found(self.movies | other.movies, self.missing + other.missing)


async def sync_discovery(
    client: AsyncTMDBClient, storage: Storage, years: Sequence[int], run: SyncRun, *, min_votes: int = 200
) -> None:
    """Bring years of ``discovered_movies`` up to date, each stored as soon as it is complete.

    Parameters
    ----------
    years
        Release years.
    min_votes
        A film without a theme's keyword is listed from this many votes on.

    Raises
    ------
    TMDBError
        A page of some year could not be had. All other years were finished first.
    """
    keyword_ids = _keyword_ids(storage)
    asked_for = fingerprint(min_votes, keyword_ids, client.language)
    audits = storage.state.newest_audits(DiscoveredMovie.table, with_requests=True)
    counts = storage.lake.row_counts(DiscoveredMovie)
    at_once = asyncio.Semaphore(_YEARS_AT_ONCE)
    done = 0

    async def one(year: int) -> None:
        nonlocal done
        async with at_once:
            tally = run.tally(DiscoveredMovie.table, year, asked_for)
            before, count = audits.get(year), counts.get(year, 0)
            if not run.refresh and before and _is_fresh(before, tally, count):
                audit = tally.audit(
                    finished_at=tally.started_at, row_count=count, promised_count=count, reused_count=count
                )
            else:
                audit = await _discover(client, storage, tally, min_votes, keyword_ids, run)
            storage.state.add_audit(audit)
            run.on_year(audit)
            done += 1
            run.on_progress(done, len(years))

    results = await asyncio.gather(*map(one, years), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


def _keyword_ids(storage: Storage) -> list[int]:
    ids = storage.lake.scan(KeywordId).select(pl.col("keyword_id").drop_nulls().unique().sort())
    return ids.collect()["keyword_id"].to_list()


def _is_fresh(before: SyncAudit, tally: Tally, row_count: int) -> bool:
    """Say whether a year can stay: asked for the same, all of it got, still stored, and not too old."""
    now = tally.started_at
    return (
        before.fingerprint == tally.fingerprint
        and before.missing_count == 0
        and before.row_count == row_count
        and now - before.finished_at < discovery_age(tally.year or now.year, now.date())
    )


async def _discover(
    client: AsyncTMDBClient,
    storage: Storage,
    tally: Tally,
    min_votes: int,
    keyword_ids: list[int],
    run: SyncRun,
) -> SyncAudit:
    year = tally.year or tally.started_at.year
    asking = [_window(client, tally, year_window(year), {"vote_count_gte": min_votes})]
    if keyword_ids:
        themes: MovieFilters = {"with_keywords": any_of(*keyword_ids)}
        asking.append(_window(client, tally, year_window(year), themes))
    voted, *themed = await together(asking)
    by_keyword = themed[0] if themed else _Found({}, 0)
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
    await asyncio.to_thread(storage.lake.replace_year, DiscoveredMovie, frame, year)
    return tally.audit(
        finished_at=run.clock(),
        row_count=len(rows),
        promised_count=len(rows) + found.missing,
        missing_count=found.missing,
    )


async def _window(
    client: AsyncTMDBClient, tally: Tally, window: Window, filters: MovieFilters, *, depth: int = 0
) -> _Found:
    """Return the films of a window of release dates.

    TMDB's pages drift while they are read: films repeat and others are skipped. So a window that gives fewer
    films than it promised is asked again in halves, and so is one that holds more than TMDB serves.
    """

    async def page(number: int) -> Page[MovieListItem]:
        asked: MovieFilters = {
            **filters,
            "primary_release_date_gte": window.start,
            "primary_release_date_lte": window.end,
            "include_adult": False,
            "include_video": False,
            "sort_by": "primary_release_date.asc",
        }
        endpoint = endpoints.discover.movie(page=number, **asked)
        # a region would make the dates those of its own releases
        answer = await tally.ask_again(client, dataclasses.replace(endpoint, fills=("language",)))
        return answer.value

    async def in_halves() -> _Found:
        parts = halves(window)
        first, second = await together(
            _window(client, tally, part, filters, depth=depth + 1) for part in parts
        )
        return first | second

    first = await page(1)
    if first.total_results > REACHABLE and not window.is_one_day:
        return await in_halves()
    pages = [first, *await together(page(n) for n in range(2, min(first.total_pages, _LAST_PAGE) + 1))]
    found = _Found({movie.id: movie for one in pages for movie in one.results}, 0)
    missing = max(0, _promised(pages) - len(found.movies))
    if missing and not window.is_one_day and depth < _ASK_AGAIN_IN_HALVES:
        return found | await in_halves()
    return _Found(found.movies, missing)


def _promised(pages: Sequence[Page[MovieListItem]]) -> int:
    """Return how many films the pages promise; where they disagree, what most of them say."""
    ranked = Counter(page.total_results for page in pages).most_common()
    return max(total for total, votes in ranked if votes == ranked[0][1])
