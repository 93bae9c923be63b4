"""Genres."""

from typing import TypeVar

from tmdb_assets.tmdb import models
from tmdb_assets.tmdb.binding import Bound, bound
from tmdb_assets.tmdb.endpoint import Endpoint, query

__all__ = ["Genres", "movie_list"]

C = TypeVar("C")


def movie_list(*, language: str | None = None) -> Endpoint[models.Genres]:
    """Ask for the genres of movies.

    Parameters
    ----------
    language
        Language of the names, such as ``"de-DE"``; by default the client's. The ids are the same in all.

    Returns
    -------
    Genres
        ``genres``, all of them: the names of the ``genre_ids`` of lists.

    References
    ----------
    https://developer.themoviedb.org/reference/genre-movie-list
    """
    return Endpoint("/genre/movie/list", models.Genres, query({"language": language}))


class Genres(Bound[C]):
    """``/genre/…``."""

    movie_list = bound(movie_list)
