"""Discover: movies by what they are, rather than by what they are called."""

import re
from collections.abc import Iterable
from datetime import date
from typing import TypeAlias, TypedDict, TypeVar, Unpack

from tmdb_assets.tmdb.binding import Bound, paged
from tmdb_assets.tmdb.endpoint import Endpoint, Param, query
from tmdb_assets.tmdb.models import MovieListItem, Page

__all__ = ["Discover", "MovieFilters", "movie"]

C = TypeVar("C")

Choice: TypeAlias = int | str | Iterable[int | str]
"""One value, or several of which all must match; ``any_of(…)`` for any of them."""
Day: TypeAlias = date | str
"""A date, or ``YYYY-MM-DD``; both ends of a range are included."""


class MovieFilters(TypedDict, total=False):
    """TMDB's parameters; ``_gte`` and ``_lte`` stand for ``.gte`` (from) and ``.lte`` (up to)."""

    certification: str
    certification_gte: str
    certification_lte: str
    certification_country: str
    include_adult: bool
    include_video: bool
    language: str
    primary_release_date_gte: Day
    primary_release_date_lte: Day
    primary_release_year: int
    region: str
    release_date_gte: Day
    release_date_lte: Day
    sort_by: str
    vote_average_gte: float
    vote_average_lte: float
    vote_count_gte: int
    vote_count_lte: int
    watch_region: str
    with_cast: Choice
    with_companies: Choice
    with_crew: Choice
    with_genres: Choice
    with_keywords: Choice
    with_origin_country: str
    with_original_language: str
    with_people: Choice
    with_release_type: Choice
    with_runtime_gte: int
    with_runtime_lte: int
    with_watch_monetization_types: Choice
    with_watch_providers: Choice
    without_companies: Choice
    without_genres: Choice
    without_keywords: Choice
    without_watch_providers: Choice
    year: int


def movie(*, page: int = 1, **filters: Unpack[MovieFilters]) -> Endpoint[Page[MovieListItem]]:
    """Ask for the movies that match all filters, 20 a page, at most 500 pages.

    Parameters
    ----------
    page
        From 1 to 500.
    **filters
        As TMDB names them. Several values in one filter must all match; ``any_of(818, 9672)`` means any of
        them. ``with_original_language`` has no country: TMDB answers nothing to ``"en-US"``.

    References
    ----------
    https://developer.themoviedb.org/reference/discover-movie
    """
    given: dict[str, Param] = {_parameter(name): value for name, value in filters.items()}  # type: ignore[misc] -- TypedDict
    # The client's region is left out: it would make primary dates those of that region's releases.
    return Endpoint("/discover/movie", Page[MovieListItem], query({**given, "page": page}))


def _parameter(name: str) -> str:
    return re.sub(r"_(gte|lte)$", r".\1", name)


class Discover(Bound[C]):
    """``/discover/…``."""

    movie = paged(movie)
