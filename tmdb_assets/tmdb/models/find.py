"""Find: everything that carries an id of another place."""

from tmdb_assets.tmdb.models.base import Model
from tmdb_assets.tmdb.models.known_values import Department, EpisodeType, Gender, MediaType
from tmdb_assets.tmdb.models.movies import MovieListItem

__all__ = ["FindResults", "FoundEpisode", "FoundPerson", "FoundSeason", "FoundSeries", "KnownFor"]


class KnownFor(MovieListItem, frozen=True, kw_only=True):
    """A movie or a series that a person is known for, told apart by ``media_type``."""

    first_air_date: str | None = None
    name: str | None = None
    origin_country: tuple[str, ...] = ()
    original_name: str | None = None


class FoundPerson(Model, frozen=True, kw_only=True):
    """A person; ``known_for`` are some movies and series."""

    id: int
    adult: bool | None = None
    gender: Gender = None
    known_for: tuple[KnownFor, ...] = ()
    known_for_department: Department = None
    media_type: MediaType = None
    name: str | None = None
    original_name: str | None = None
    popularity: float | None = None
    profile_path: str | None = None


class FoundSeries(Model, frozen=True, kw_only=True):
    """A television series."""

    id: int
    adult: bool | None = None
    backdrop_path: str | None = None
    first_air_date: str | None = None
    genre_ids: tuple[int, ...] = ()
    media_type: MediaType = None
    name: str | None = None
    origin_country: tuple[str, ...] = ()
    original_language: str | None = None
    original_name: str | None = None
    overview: str | None = None
    popularity: float | None = None
    poster_path: str | None = None
    softcore: bool | None = None
    vote_average: float | None = None
    vote_count: int | None = None


class FoundEpisode(Model, frozen=True, kw_only=True):
    """An episode of a series.

    Attributes
    ----------
    episode_number
        In its season, from 1.
    episode_type
        Its place in the season, such as ``"finale"``.
    production_code
        The producers' own number for it.
    """

    id: int
    air_date: str | None = None
    episode_number: int | None = None
    episode_type: EpisodeType = None
    media_type: MediaType = None
    name: str | None = None
    overview: str | None = None
    production_code: str | None = None
    runtime: int | None = None
    season_number: int | None = None
    show_id: int | None = None
    still_path: str | None = None
    vote_average: float | None = None
    vote_count: int | None = None


class FoundSeason(Model, frozen=True, kw_only=True):
    """A season of a series; ``episode_count`` counts those that are announced, too."""

    id: int
    air_date: str | None = None
    episode_count: int | None = None
    media_type: MediaType = None
    name: str | None = None
    overview: str | None = None
    poster_path: str | None = None
    season_number: int | None = None
    show_id: int | None = None
    vote_average: float | None = None


class FindResults(Model, frozen=True, kw_only=True):
    """What carries the id; all five lists are empty when nothing does.

    Attributes
    ----------
    movie_results, person_results, tv_results, tv_episode_results, tv_season_results
        The movies, people, series, episodes and seasons; mostly one item in one of them.
    """

    movie_results: tuple[MovieListItem, ...] = ()
    person_results: tuple[FoundPerson, ...] = ()
    tv_results: tuple[FoundSeries, ...] = ()
    tv_episode_results: tuple[FoundEpisode, ...] = ()
    tv_season_results: tuple[FoundSeason, ...] = ()
