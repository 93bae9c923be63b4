"""The parts of TMDB's details that make a row: what a rebuild reads of an answer, and nothing else.

The fields are those of the client's models, and mean the same. An answer that does not fit is read by the
client's decoder, which sees through more.
"""

from tmdb_assets.tmdb.models import (
    CollectionSummary,
    Company,
    Country,
    ExternalIds,
    Genre,
    Keywords,
    SpokenLanguage,
)
from tmdb_assets.tmdb.models.base import Model


class CastPart(Model, frozen=True, kw_only=True, gc=False):
    """A role."""

    id: int | None = None
    name: str | None = None
    character: str | None = None
    order: int | None = None


class CrewPart(Model, frozen=True, kw_only=True, gc=False):
    """One job of one person."""

    id: int | None = None
    name: str | None = None
    department: str | None = None
    job: str | None = None


class CreditParts(Model, frozen=True, kw_only=True):
    """The cast and the crew."""

    cast: tuple[CastPart, ...] = ()
    crew: tuple[CrewPart, ...] = ()


class ReleasePart(Model, frozen=True, kw_only=True, gc=False):
    """A release."""

    certification: str | None = None
    type: int | None = None


class CountryParts(Model, frozen=True, kw_only=True):
    """The releases in one country."""

    iso_3166_1: str | None = None
    release_dates: tuple[ReleasePart, ...] = ()


class ReleaseParts(Model, frozen=True, kw_only=True):
    """The releases by country."""

    results: tuple[CountryParts, ...] = ()


class VideoPart(Model, frozen=True, kw_only=True, gc=False):
    """A video."""

    key: str | None = None
    official: bool | None = None
    published_at: str | None = None
    site: str | None = None
    type: str | None = None


class VideoParts(Model, frozen=True, kw_only=True):
    """Trailers and others."""

    results: tuple[VideoPart, ...] = ()


class MovieParts(Model, frozen=True, kw_only=True):
    """A movie, as far as its row tells of it; a missing text may be ``""``."""

    id: int
    adult: bool | None = None
    backdrop_path: str | None = None
    belongs_to_collection: CollectionSummary | None = None
    budget: int | None = None
    genres: tuple[Genre, ...] = ()
    homepage: str | None = None
    imdb_id: str | None = None
    original_language: str | None = None
    original_title: str | None = None
    overview: str | None = None
    popularity: float | None = None
    poster_path: str | None = None
    production_companies: tuple[Company, ...] = ()
    production_countries: tuple[Country, ...] = ()
    release_date: str | None = None
    revenue: int | None = None
    runtime: int | None = None
    spoken_languages: tuple[SpokenLanguage, ...] = ()
    status: str | None = None
    tagline: str | None = None
    title: str | None = None
    video: bool | None = None
    vote_average: float | None = None
    vote_count: int | None = None

    credits: CreditParts | None = None
    external_ids: ExternalIds | None = None
    keywords: Keywords | None = None
    release_dates: ReleaseParts | None = None
    videos: VideoParts | None = None
