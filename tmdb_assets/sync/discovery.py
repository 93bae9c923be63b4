"""Which films TMDB lists for a release year."""

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Sequence

import msgspec

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun, Tally
from tmdb_assets.sync.discovery_plan import DiscoveryQuestion, fresh_years, page_endpoint, theme_keyword_ids
from tmdb_assets.sync.together import together
from tmdb_assets.tables import DiscoveredMovie, SyncAudit
from tmdb_assets.tmdb import Answer, AsyncTMDBClient, AuthenticationError, DecodeError, TMDBError
from tmdb_assets.tmdb.decoding import decode_readable
from tmdb_assets.tmdb.endpoints.discover import MovieFilters
from tmdb_assets.tmdb.models import MovieListItem, Page
from tmdb_assets.tmdb.pages import LAST_PAGE
from tmdb_assets.transforms.movies import discovered_movie
from tmdb_assets.transforms.windows import REACHABLE, Window, halves, year_window

_YEARS_AT_ONCE = 4
_FAILED_YEARS_IN_A_ROW = 4
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
        A page of some year could not be had. All other years were finished first, unless four years in a row
        could not be had: then TMDB is down.
    """
    question = DiscoveryQuestion(min_votes, theme_keyword_ids(storage), client.language)
    fresh = fresh_years(storage, years, question, run)
    at_once = asyncio.Semaphore(_YEARS_AT_ONCE)
    failures: list[TMDBError] = []
    done = failed_in_a_row = 0

    async def one(year: int) -> None:
        nonlocal done, failed_in_a_row
        async with at_once:
            if failed_in_a_row >= _FAILED_YEARS_IN_A_ROW:
                return
            tally = run.tally(DiscoveredMovie.table, year, question.fingerprint)
            try:
                audit = await _up_to_date(client, storage, tally, year, question, run, fresh.get(year))
            except AuthenticationError:
                raise
            except TMDBError as error:
                failures.append(error)
                failed_in_a_row += 1
                return
            failed_in_a_row = 0
            storage.state.add_audit(audit)
            run.on_year(audit)
            if year not in fresh:
                done += 1
                run.on_progress(done, len(years) - len(fresh))

    await together(one(year) for year in years)
    if failures:
        raise failures[0]


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
        _window(client, tally, year_window(year), filters) for filters in question.filters()
    )
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
        try:
            answer = await tally.ask_again(client, page_endpoint(window, filters, number))
            return _with_totals(answer)
        except DecodeError as error:  # one odd film does not take the year with it; it is missed, and counted
            readable = decode_readable(error.body or b"", MovieListItem)
            if isinstance(readable, DecodeError):
                raise
            return readable

    async def in_halves() -> _Found:
        parts = halves(window)
        first, second = await together(
            _window(client, tally, part, filters, depth=depth + 1) for part in parts
        )
        return first | second

    first = await page(1)
    if first.total_results > REACHABLE and not window.is_one_day:
        return await in_halves()
    pages = [first, *await together(page(n) for n in range(2, min(first.total_pages, LAST_PAGE) + 1))]
    found = _Found({movie.id: movie for one in pages for movie in one.results}, 0)
    missing = max(0, _promised(pages) - len(found.movies))
    if missing and not window.is_one_day and depth < _ASK_AGAIN_IN_HALVES:
        return found | await in_halves()
    return _Found(found.movies, missing)


def _promised(pages: Sequence[Page[MovieListItem]]) -> int:
    """Return how many films the pages promise; where they disagree, what most of them say."""
    ranked = Counter(page.total_results for page in pages).most_common()
    return max(total for total, votes in ranked if votes == ranked[0][1])


class _Totals(msgspec.Struct):
    """What every list of TMDB's has, an empty one too."""

    results: list[msgspec.Raw]
    total_pages: int
    total_results: int


def _with_totals(answer: Answer[Page[MovieListItem]]) -> Page[MovieListItem]:
    """Return a page, unless its totals are missing: a year must not lose its films to an odd answer."""
    if 0 < len(answer.value.results) <= answer.value.total_results:
        return answer.value
    try:
        msgspec.json.decode(answer.body, type=_Totals)
    except msgspec.MsgspecError as error:
        raise DecodeError(
            f"TMDB's list of films is not of its shape ({error}): run the same again later."
        ) from None
    return answer.value
