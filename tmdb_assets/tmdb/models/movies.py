"""Movies: details with everything that can be appended to them, and the short form in lists."""

import msgspec

from tmdb_assets.tmdb.models.account_states import AccountStates
from tmdb_assets.tmdb.models.base import UNSET, Model, Page, UnsetType
from tmdb_assets.tmdb.models.known_values import MediaType, MovieStatus
from tmdb_assets.tmdb.models.lists import ListSummary
from tmdb_assets.tmdb.models.movie_credits import Credits
from tmdb_assets.tmdb.models.movie_parts import (
    AlternativeTitles,
    ExternalIds,
    Images,
    Keywords,
    Review,
    Translations,
    Videos,
    WatchProviders,
)
from tmdb_assets.tmdb.models.movie_releases import ReleaseDates, Releases

__all__ = [
    "CollectionSummary",
    "Company",
    "Country",
    "Genre",
    "Genres",
    "MovieDetails",
    "MovieListItem",
    "SpokenLanguage",
]


class Genre(Model, frozen=True, kw_only=True, gc=False):
    """A genre; the ids are the same in every language."""

    id: int
    name: str | None = None


class Genres(Model, frozen=True, kw_only=True):
    """The list of all genres."""

    genres: tuple[Genre, ...] = ()


class CollectionSummary(Model, frozen=True, kw_only=True, gc=False):
    """The series of films that a film belongs to."""

    id: int
    name: str | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None


class Company(Model, frozen=True, kw_only=True, gc=False):
    """A production company; ``origin_country`` is an ISO 3166-1 code."""

    id: int | None = None
    logo_path: str | None = None
    name: str | None = None
    origin_country: str | None = None


class Country(Model, frozen=True, kw_only=True, gc=False):
    """A production country."""

    iso_3166_1: str | None = None
    name: str | None = None


class SpokenLanguage(Model, frozen=True, kw_only=True, gc=False):
    """A language spoken in a film; ``name`` is the language's own word for itself."""

    english_name: str | None = None
    iso_639_1: str | None = None
    name: str | None = None


class MovieListItem(Model, frozen=True, kw_only=True):
    """A movie as lists, searches and discover show it; ``media_type`` is there in mixed lists only."""

    id: int
    adult: bool | None = None
    backdrop_path: str | None = None
    genre_ids: tuple[int, ...] = ()
    media_type: MediaType = None
    original_language: str | None = None
    original_title: str | None = None
    overview: str | None = None
    popularity: float | None = None
    poster_path: str | None = None
    release_date: str | None = None
    softcore: bool | None = None
    title: str | None = None
    video: bool | None = None
    vote_average: float | None = None
    vote_count: int | None = None


class MovieDetails(Model, frozen=True, kw_only=True):
    """A movie, and what was asked to be appended to it.

    What was not appended is ``UNSET``, which is different from empty.

    Attributes
    ----------
    belongs_to_collection
        The series of films that it is a part of.
    budget, revenue
        US dollars; 0 means unknown.
    runtime
        Minutes; 0 means unknown.
    status
        How far it has come: ``"Rumored"``, ``"Planned"``, ``"In Production"``, ``"Post Production"``,
        ``"Released"`` or ``"Canceled"``.
    account_states
        What the account whose session asks has done with it.
    lists
        Lists of TMDB's users that it is on.
    releases
        TMDB's older form of ``release_dates``.
    """

    id: int
    adult: bool | None = None
    backdrop_path: str | None = None
    belongs_to_collection: CollectionSummary | None = None
    budget: int | None = None
    genres: tuple[Genre, ...] = ()
    homepage: str | None = None
    imdb_id: str | None = None
    origin_country: tuple[str, ...] = ()
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
    softcore: bool | None = None
    spoken_languages: tuple[SpokenLanguage, ...] = ()
    status: MovieStatus = None
    tagline: str | None = None
    title: str | None = None
    video: bool | None = None
    vote_average: float | None = None
    vote_count: int | None = None

    account_states: AccountStates | UnsetType = UNSET
    alternative_titles: AlternativeTitles | UnsetType = UNSET
    credits: Credits | UnsetType = UNSET
    external_ids: ExternalIds | UnsetType = UNSET
    images: Images | UnsetType = UNSET
    keywords: Keywords | UnsetType = UNSET
    lists: Page[ListSummary] | UnsetType = UNSET
    recommendations: Page[MovieListItem] | UnsetType = UNSET
    release_dates: ReleaseDates | UnsetType = UNSET
    releases: Releases | UnsetType = UNSET
    reviews: Page[Review] | UnsetType = UNSET
    similar: Page[MovieListItem] | UnsetType = UNSET
    translations: Translations | UnsetType = UNSET
    videos: Videos | UnsetType = UNSET
    watch_providers: WatchProviders | UnsetType = msgspec.field(default=UNSET, name="watch/providers")
