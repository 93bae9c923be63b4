"""Search: things by their names."""

from typing import TypeVar

from tmdb_assets.tmdb.binding import Bound, paged
from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.endpoint import query as parameters
from tmdb_assets.tmdb.models import Keyword, MovieListItem, Page

__all__ = ["Search", "keyword", "movie"]

C = TypeVar("C")


def keyword(query: str, *, page: int = 1) -> Endpoint[Page[Keyword]]:
    """Ask for keywords that look like a word.

    TMDB tolerates typing errors, so compare the names: ``"plot"`` also finds *pilot* and *ploy*.

    Parameters
    ----------
    query
        The word, or several.
    page
        The first page that is read, from 1 to 500.

    Returns
    -------
    Page
        20 ``results`` a page; several ids may carry the same name.

    References
    ----------
    https://developer.themoviedb.org/reference/search-keyword
    """
    return Endpoint("/search/keyword", Page[Keyword], parameters({"query": query, "page": page}), ())


def movie(
    query: str,
    *,
    include_adult: bool | None = None,
    language: str | None = None,
    primary_release_year: int | None = None,
    region: str | None = None,
    year: int | None = None,
    page: int = 1,
) -> Endpoint[Page[MovieListItem]]:
    """Ask for movies by an original, translated or alternative title.

    Parameters
    ----------
    query
        The title, or a part of it.
    include_adult
        Whether adult films are found, too; TMDB's default is no.
    language
        Language of the texts, such as ``"de-DE"``; by default the client's.
    primary_release_year
        Year of the first release, such as 1999; other catalogues may say the year before or after.
    region
        Country whose release dates are meant, as ISO 3166-1 code (``"DE"``); by default the client's.
    year
        Year of any release, such as 1999.
    page
        The first page that is read, from 1 to 500.

    Returns
    -------
    Page
        20 ``results`` a page, in an order of TMDB's that cannot be chosen.

    References
    ----------
    https://developer.themoviedb.org/reference/search-movie
    """
    params = parameters(
        {
            "query": query,
            "include_adult": include_adult,
            "language": language,
            "primary_release_year": primary_release_year,
            "region": region,
            "year": year,
            "page": page,
        }
    )
    return Endpoint("/search/movie", Page[MovieListItem], params, ("language", "region"))


class Search(Bound[C]):
    """``/search/…``."""

    keyword = paged(keyword)
    movie = paged(movie)
