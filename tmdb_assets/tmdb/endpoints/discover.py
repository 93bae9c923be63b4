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
    """TMDB's filters; ``_gte`` and ``_lte`` stand for ``.gte`` (from) and ``.lte`` (up to), both included.

    Attributes
    ----------
    certification, certification_gte, certification_lte
        An age rating such as ``"PG-13"``; it needs ``certification_country``.
    include_adult, include_video
        Whether adult films, and what is not a feature, are found, too; by default not.
    language
        Language of the texts, such as ``"de-DE"``; by default the client's.
    primary_release_date_gte, primary_release_date_lte, primary_release_year
        Of the first release anywhere.
    release_date_gte, release_date_lte, year
        Of any release, or of those in ``region``, of the types in ``with_release_type``.
    region, certification_country, watch_region, with_origin_country
        ISO 3166-1 codes, such as ``"DE"``.
    sort_by
        ``"popularity.desc"`` by default; ``original_title``, ``title``, ``popularity``, ``revenue``,
        ``primary_release_date``, ``vote_average`` or ``vote_count``, each with ``.asc`` or ``.desc``.
    vote_average_gte, vote_average_lte
        From 0 to 10.
    vote_count_gte, vote_count_lte
        From 0 upwards.
    with_cast, with_crew, with_people
        Ids of people.
    with_companies, without_companies
        Ids of production companies.
    with_genres, without_genres
        Ids that ``genres.movie_list`` names.
    with_keywords, without_keywords
        Ids that ``search.keyword`` finds.
    with_original_language
        ISO 639-1 code without a country: TMDB answers nothing to ``"en-US"``.
    with_release_type
        1 premiere, 2 theatrical (limited), 3 theatrical, 4 digital, 5 physical, 6 TV.
    with_runtime_gte, with_runtime_lte
        Minutes.
    with_watch_monetization_types
        ``"flatrate"``, ``"free"``, ``"ads"``, ``"rent"``, ``"buy"``; it needs ``watch_region``.
    with_watch_providers, without_watch_providers
        Ids of services; it needs ``watch_region``.
    """

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
        The first page that is read, from 1 to 500.
    **filters
        As ``MovieFilters`` explains them. Several values in one filter must all match;
        ``any_of(818, 9672)`` means any of them.

    Returns
    -------
    Page
        20 ``results`` a page. What lies beyond page 500 is out of reach: narrow the dates then.

    Raises
    ------
    TypeError
        For a filter that TMDB does not have.

    References
    ----------
    https://developer.themoviedb.org/reference/discover-movie
    """
    if unknown := filters.keys() - MovieFilters.__annotations__.keys():
        # TMDB ignores what it does not know, and would answer with everything.
        raise TypeError(f"discover has no filter {', '.join(sorted(unknown))}; see MovieFilters.")
    given: dict[str, Param] = {_parameter(name): value for name, value in filters.items()}  # type: ignore[misc] -- TypedDict
    # The client's region is left out: it would make primary dates those of that region's releases.
    return Endpoint("/discover/movie", Page[MovieListItem], query({**given, "page": page}))


def _parameter(name: str) -> str:
    return re.sub(r"_(gte|lte)$", r".\1", name)


class Discover(Bound[C]):
    """``/discover/…``."""

    movie = paged(movie)
