"""Keywords."""

from typing import TypeVar

from tmdb_assets.tmdb.binding import Bound, bound
from tmdb_assets.tmdb.endpoint import Endpoint, path
from tmdb_assets.tmdb.models import Keyword

__all__ = ["Keywords", "details"]

C = TypeVar("C")


def details(keyword_id: int) -> Endpoint[Keyword]:
    """Ask for a keyword; ids die, and then this is a ``NotFoundError``.

    Parameters
    ----------
    keyword_id
        TMDB's id, from 1 upwards.

    Returns
    -------
    Keyword
        Its ``id`` and ``name``.

    References
    ----------
    https://developer.themoviedb.org/reference/keyword-details
    """
    return Endpoint(path("/keyword/{}", keyword_id), Keyword, {}, ())


class Keywords(Bound[C]):
    """``/keyword/…``."""

    details = bound(details)
