"""Discovery: which pages of discover to ask for the movies of a range of years; no I/O."""

from collections.abc import Generator, Iterator
from datetime import UTC, datetime

from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.endpoints import discover
from tmdb_assets.tmdb.models import MovieListItem, Page
from tmdb_assets.tmdb.page_walk import PageWalk

__all__ = ["discovery"]


def discovery(
    start_year: int,
    end_year: int | None = None,
    min_vote_count: int = 200,
    max_pages: int | None = None,
    *,
    include_adult: bool = False,
    include_video: bool = False,
    sort_by: str = "primary_release_date.desc",
) -> Generator[Endpoint[Page[MovieListItem]], Page[MovieListItem], list[MovieListItem]]:
    """Return the movies first released in a range of years, each once.

    TMDB serves the first 10,000 of a request, and a warning says so when there are more. Sorted by
    ``primary_release_date``, every year is a request of its own; any other order wants one request for all.

    Parameters
    ----------
    start_year, end_year
        Both included; without an end, up to the current year.
    min_vote_count
        How many votes a movie must have.
    max_pages
        How many pages of 20 to ask for, in all.
    include_adult, include_video
        Whether adult films, and what is not a feature, are found, too.
    sort_by
        TMDB's order, such as ``"popularity.desc"``.

    Returns
    -------
    list[MovieListItem]
        In TMDB's order; an empty list when the years are the wrong way round.

    Raises
    ------
    TMDBError
        What ``send`` raises; nothing is returned when a page cannot be had.

    References
    ----------
    https://developer.themoviedb.org/reference/discover-movie
    """
    movies: dict[int, MovieListItem] = {}
    asked = 0
    for first, last in _windows(start_year, end_year, sort_by):
        window = discover.movie(
            primary_release_date_gte=f"{first:04}-01-01",
            primary_release_date_lte=f"{last:04}-12-31",
            vote_count_gte=min_vote_count,
            include_adult=include_adult,
            include_video=include_video,
            sort_by=sort_by,
        )
        walk = PageWalk(window)
        while (max_pages is None or asked < max_pages) and (endpoint := walk.next_page()):
            page = yield endpoint
            asked += 1
            for movie in walk.new_items(page):
                movies.setdefault(movie.id, movie)
    return list(movies.values())


def _windows(start_year: int, end_year: int | None, sort_by: str) -> Iterator[tuple[int, int]]:
    last_year = datetime.now(UTC).year if end_year is None else end_year
    years = range(start_year, last_year + 1)
    match sort_by:
        case "primary_release_date.asc":
            return ((year, year) for year in years)
        case "primary_release_date.desc":
            return ((year, year) for year in reversed(years))
        case _:
            return iter([(start_year, last_year)])
