"""Release dates: when a movie came out where, in which form, and from what age it may be seen."""

from tmdb_assets.tmdb.models.base import Model
from tmdb_assets.tmdb.models.known_values import ReleaseType

__all__ = ["CountryReleaseDates", "ReleaseDate", "ReleaseDates"]


class ReleaseDate(Model, frozen=True, kw_only=True):
    """A release; ``type``: 1 premiere, 2 limited, 3 theatrical, 4 digital, 5 physical, 6 TV."""

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
