"""Configuration."""

from typing import TypeVar

from tmdb_assets.tmdb import models
from tmdb_assets.tmdb.binding import Bound, bound
from tmdb_assets.tmdb.endpoint import Endpoint

__all__ = ["Configuration", "details", "languages"]

C = TypeVar("C")


def details() -> Endpoint[models.Configuration]:
    """Ask for the image server and its sizes; the cheapest way to see whether a credential works.

    Returns
    -------
    Configuration
        ``images`` with the address and the sizes, and ``change_keys``, the kinds of change that TMDB lists.

    References
    ----------
    https://developer.themoviedb.org/reference/configuration-details
    """
    return Endpoint("/configuration", models.Configuration, {}, ())


def languages() -> Endpoint[tuple[models.SpokenLanguage, ...]]:
    """Ask for the languages that TMDB knows, for films without words ``xx``.

    Returns
    -------
    tuple[SpokenLanguage, ...]
        All of them, about 190.

    References
    ----------
    https://developer.themoviedb.org/reference/configuration-languages
    """
    return Endpoint("/configuration/languages", tuple[models.SpokenLanguage, ...], {}, ())


class Configuration(Bound[C]):
    """``/configuration/…``."""

    details = bound(details)
    languages = bound(languages)
