"""ImageURLs: the addresses of what TMDB calls a ``file_path``."""

from dataclasses import dataclass

__all__ = ["IMAGE_SIZES", "ImageURLs"]

IMAGE_SIZES = {
    "poster": ("w92", "w154", "w185", "w342", "w500", "w780", "original"),
    "backdrop": ("w300", "w780", "w1280", "original"),
    "profile": ("w45", "w185", "h632", "original"),
    "logo": ("w45", "w92", "w154", "w185", "w300", "w500", "original"),
    "still": ("w92", "w185", "w300", "original"),
}
"""The sizes that TMDB serves; ``w500`` is 500 pixels wide, ``h632`` is 632 high."""


@dataclass(frozen=True, slots=True)
class ImageURLs:
    """Addresses of pictures; no request is made. A path of ``None`` has the address ``None``.

    Parameters
    ----------
    base_url
        Where the pictures are; with or without a slash at its end.
    """

    base_url: str = "https://image.tmdb.org/t/p"  # the configuration's: it has not changed since 2018

    def poster_url(self, path: str | None, size: str = "w500") -> str | None:
        """Return a poster's address.

        Parameters
        ----------
        path
            TMDB's ``poster_path``, such as ``"/abc.jpg"``.
        size
            One of ``IMAGE_SIZES["poster"]``.

        Raises
        ------
        ValueError
            For another size.
        """
        return self._address("poster", path, size)

    def backdrop_url(self, path: str | None, size: str = "w1280") -> str | None:
        """Return a backdrop's address.

        Parameters
        ----------
        path
            TMDB's ``backdrop_path``.
        size
            One of ``IMAGE_SIZES["backdrop"]``.

        Raises
        ------
        ValueError
            For another size.
        """
        return self._address("backdrop", path, size)

    def profile_url(self, path: str | None, size: str = "h632") -> str | None:
        """Return a portrait's address.

        Parameters
        ----------
        path
            TMDB's ``profile_path``.
        size
            One of ``IMAGE_SIZES["profile"]``.

        Raises
        ------
        ValueError
            For another size.
        """
        return self._address("profile", path, size)

    def logo_url(self, path: str | None, size: str = "w300") -> str | None:
        """Return a logo's address.

        Parameters
        ----------
        path
            TMDB's ``logo_path``.
        size
            One of ``IMAGE_SIZES["logo"]``.

        Raises
        ------
        ValueError
            For another size.
        """
        return self._address("logo", path, size)

    def still_url(self, path: str | None, size: str = "w300") -> str | None:
        """Return a still's address.

        Parameters
        ----------
        path
            TMDB's ``still_path``.
        size
            One of ``IMAGE_SIZES["still"]``.

        Raises
        ------
        ValueError
            For another size.
        """
        return self._address("still", path, size)

    def _address(self, kind: str, path: str | None, size: str) -> str | None:
        if size not in IMAGE_SIZES[kind]:
            raise ValueError(
                f"{size!r} is no size of a {kind}; it must be one of {', '.join(IMAGE_SIZES[kind])}."
            )
        return f"{self.base_url.rstrip('/')}/{size}/{path.lstrip('/')}" if path else None
