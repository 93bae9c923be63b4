"""Changes: what was edited at TMDB lately."""

from datetime import date
from typing import TypeVar

from tmdb_assets.tmdb.binding import Bound, paged
from tmdb_assets.tmdb.endpoint import Endpoint, query
from tmdb_assets.tmdb.models import ChangedMovie, Page

__all__ = ["Changes", "movie_list"]

C = TypeVar("C")


def movie_list(
    *, start_date: date | str | None = None, end_date: date | str | None = None, page: int = 1
) -> Endpoint[Page[ChangedMovie]]:
    """Ask for the movies that were changed within some days, by default within the last 24 hours.

    Deleted and merged movies are not in it; their details may be the former ones for another 8 hours.

    Parameters
    ----------
    start_date
        From midnight of this day on, UTC, as a date or ``"YYYY-MM-DD"``.
    end_date
        Up to midnight of this day, UTC; at most 14 days after ``start_date``, else a ``ValidationError``.
    page
        The first page that is read, from 1 to 500.

    Returns
    -------
    Page
        100 ``results`` a page, ids without titles, each movie once however often it was changed.

    References
    ----------
    https://developer.themoviedb.org/reference/changes-movie-list
    """
    params = query({"start_date": start_date, "end_date": end_date, "page": page})
    return Endpoint("/movie/changes", Page[ChangedMovie], params, ())


class Changes(Bound[C]):
    """``/movie/changes``."""

    movie_list = paged(movie_list)
