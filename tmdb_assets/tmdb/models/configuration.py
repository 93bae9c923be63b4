"""Configuration: the image server, its sizes, and what a change can be about."""

from tmdb_assets.tmdb.models.base import Model

__all__ = ["Configuration", "ImageConfiguration"]


class ImageConfiguration(Model, frozen=True, kw_only=True):
    """Where pictures are served, and in which sizes.

    Attributes
    ----------
    base_url, secure_base_url
        The server by ``http`` and by ``https``; a size and a ``file_path`` follow.
    backdrop_sizes, logo_sizes, poster_sizes, profile_sizes, still_sizes
        Names such as ``"w500"``, 500 pixels wide, ``"h632"``, 632 high, and ``"original"``.
    """

    base_url: str | None = None
    secure_base_url: str | None = None
    backdrop_sizes: tuple[str, ...] = ()
    logo_sizes: tuple[str, ...] = ()
    poster_sizes: tuple[str, ...] = ()
    profile_sizes: tuple[str, ...] = ()
    still_sizes: tuple[str, ...] = ()


class Configuration(Model, frozen=True, kw_only=True):
    """What a program must know of TMDB before it shows pictures or reads changes.

    Attributes
    ----------
    images
        The image server.
    change_keys
        The kinds of change that TMDB tells of, such as ``"runtime"``.
    """

    images: ImageConfiguration | None = None
    change_keys: tuple[str, ...] = ()
