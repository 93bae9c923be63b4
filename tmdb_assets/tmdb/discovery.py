"""Discovery: which pages of discover to ask for the movies of a range of years; no I/O."""

from collections.abc import Generator, Iterator
from datetime import UTC, datetime

from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.endpoints import discover
from tmdb_assets.tmdb.models import MovieListItem, Page
from tmdb_assets.tmdb.pages import PageWalk

__all__ = ["discovery"]


def discovery(
    start_year: int,
    end_year: int | None,
    *,
    max_pages: int | None,
    filters: discover.MovieFilters,
) -> Generator[Endpoint[Page[MovieListItem]], Page[MovieListItem], list[MovieListItem]]:
    """Ask for page after page, and return each movie once.

    Only 10,000 movies of a window can be reached. Sorted by ``primary_release_date``, each year is a window
    of its own, since the years then follow each other; otherwise the order wants one window.

    Parameters
    ----------
    start_year, end_year
        Both included; ``None`` stands for the current year.
    max_pages
        How many pages to ask for, in all; ``None`` for all.
    filters
        TMDB's own, with ``sort_by``.
    """
    last_year = datetime.now(UTC).year if end_year is None else end_year
    movies: dict[int, MovieListItem] = {}
    asked = 0
    for first, last in _windows(start_year, last_year, filters.get("sort_by", "")):
        dates: discover.MovieFilters = {
            "primary_release_date_gte": f"{first:04}-01-01",
            "primary_release_date_lte": f"{last:04}-12-31",
        }
        window = discover.movie(**{**filters, **dates})
        walk = PageWalk(window)
        while (max_pages is None or asked < max_pages) and (endpoint := walk.next_page()):
            page = yield endpoint
            asked += 1
            for movie in walk.new_items(page):
                movies.setdefault(movie.id, movie)
    return list(movies.values())


def _windows(start_year: int, end_year: int, sort_by: str) -> Iterator[tuple[int, int]]:
    years = range(start_year, end_year + 1)
    match sort_by:
        case "primary_release_date.asc":
            return ((year, year) for year in years)
        case "primary_release_date.desc":
            return ((year, year) for year in reversed(years))
        case _:
            return iter([(start_year, end_year)])
