"""Genres."""

from typing import TypeVar

from tmdb_assets.tmdb import models
from tmdb_assets.tmdb.binding import Bound, bound
from tmdb_assets.tmdb.endpoint import Endpoint, query

__all__ = ["Genres", "movie_list"]

C = TypeVar("C")


def movie_list(*, language: str | None = None) -> Endpoint[models.Genres]:
    """Ask for the genres of movies.

    https://developer.themoviedb.org/reference/genre-movie-list
    """
    return Endpoint("/genre/movie/list", models.Genres, query({"language": language}))


class Genres(Bound[C]):
    """``/genre/…``."""

    movie_list = bound(movie_list)
