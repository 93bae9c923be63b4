"""All films that TMDB's lists have for a window of release dates, page by page."""

import dataclasses
from collections import Counter
from collections.abc import Sequence

import msgspec

from tmdb_assets.sync.audit import Tally
from tmdb_assets.sync.discovery_plan import page_endpoint
from tmdb_assets.sync.together import together
from tmdb_assets.tmdb import Answer, AsyncTMDBClient, DecodeError
from tmdb_assets.tmdb.decoding import decode_readable
from tmdb_assets.tmdb.endpoints.discover import MovieFilters
from tmdb_assets.tmdb.models import MovieListItem, Page
from tmdb_assets.tmdb.page_walk import LAST_PAGE
from tmdb_assets.transforms.windows import REACHABLE, Window, halves

_ASK_AGAIN_IN_HALVES = 3


@dataclasses.dataclass(frozen=True)
class Found:
    """Films of a window of release dates, and how many more TMDB had promised."""

    movies: dict[int, MovieListItem]
    missing: int

    def __or__(self, other: "Found") -> "Found":
        return Found(self.movies | other.movies, self.missing + other.missing)


async def films_of_window(
    client: AsyncTMDBClient, tally: Tally, window: Window, filters: MovieFilters, *, depth: int = 0
) -> Found:
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

    async def in_halves() -> Found:
        parts = halves(window)
        first, second = await together(
            films_of_window(client, tally, part, filters, depth=depth + 1) for part in parts
        )
        return first | second

    first = await page(1)
    if first.total_results > REACHABLE and not window.is_one_day:
        return await in_halves()
    pages = [first, *await together(page(n) for n in range(2, min(first.total_pages, LAST_PAGE) + 1))]
    found = Found({movie.id: movie for one in pages for movie in one.results}, 0)
    missing = max(0, _promised(pages) - len(found.movies))
    if missing and not window.is_one_day and depth < _ASK_AGAIN_IN_HALVES:
        return found | await in_halves()
    return Found(found.movies, missing)


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
