"""Configuration."""

from typing import TypeVar

from tmdb_assets.tmdb import models
from tmdb_assets.tmdb.binding import Bound, bound
from tmdb_assets.tmdb.endpoint import Endpoint

__all__ = ["Configuration", "details"]

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


class Configuration(Bound[C]):
    """``/configuration``."""

    details = bound(details)
