"""Release dates: when a movie came out where, in which form, and from what age it may be seen."""

from tmdb_assets.tmdb.models.base import Model
from tmdb_assets.tmdb.models.known_values import ReleaseType

__all__ = ["CountryRelease", "CountryReleaseDates", "ReleaseDate", "ReleaseDates", "Releases"]


class ReleaseDate(Model, frozen=True, kw_only=True):
    """A release.

    Attributes
    ----------
    descriptors
        Why the age rating is what it is.
    note
        A remark, such as the festival's name.
    type
        1 premiere, 2 theatrical (limited), 3 theatrical, 4 digital, 5 physical, 6 TV.
    """

    certification: str | None = None
    descriptors: tuple[str, ...] = ()
    iso_639_1: str | None = None
    note: str | None = None
    release_date: str | None = None
    type: ReleaseType = None


class CountryReleaseDates(Model, frozen=True, kw_only=True):
    """The releases in one country."""

    iso_3166_1: str | None = None
    release_dates: tuple[ReleaseDate, ...] = ()


class ReleaseDates(Model, frozen=True, kw_only=True):
    """The releases by country."""

    id: int | None = None
    results: tuple[CountryReleaseDates, ...] = ()


class CountryRelease(Model, frozen=True, kw_only=True):
    """A release as ``releases`` shows it.

    Attributes
    ----------
    descriptors
        Why the age rating is what it is.
    primary
        Whether it is the one that counts in its country.
    """

    certification: str | None = None
    descriptors: tuple[str, ...] = ()
    iso_3166_1: str | None = None
    primary: bool | None = None
    release_date: str | None = None


class Releases(Model, frozen=True, kw_only=True):
    """The releases without their forms: TMDB's older answer, from before ``release_dates``.

    Attributes
    ----------
    countries
        One item a release; a country may be there more than once.
    """

    id: int | None = None
    countries: tuple[CountryRelease, ...] = ()
