"""Movie parts: what TMDB keeps beside a movie; ``movies`` has them under its name, and can append them.

Each is a request of its own. ``movies.details(…, append_to_response=[…])`` has up to 20 of them in one.
"""

from collections.abc import Iterable

from tmdb_assets.tmdb.endpoint import Endpoint, path, query
from tmdb_assets.tmdb.models import (
    AlternativeTitles,
    Credits,
    ExternalIds,
    Images,
    Keywords,
    ReleaseDates,
    Translations,
    Videos,
    WatchProviders,
)

__all__ = [
    "alternative_titles",
    "credits",
    "external_ids",
    "images",
    "keywords",
    "release_dates",
    "translations",
    "videos",
    "watch_providers",
]


def alternative_titles(movie_id: int, *, country: str | None = None) -> Endpoint[AlternativeTitles]:
    """Ask for the titles under which a movie is known elsewhere.

    Parameters
    ----------
    movie_id
        TMDB's id, from 1 upwards.
    country
        ISO 3166-1 code, such as ``"DE"``, of the one country that is meant; by default all.

    Returns
    -------
    AlternativeTitles
        ``titles``, several of which may be the same country's; ``type`` says what is special about one.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-alternative-titles
    """
    return Endpoint(
        path("/movie/{}/alternative_titles", movie_id), AlternativeTitles, query({"country": country}), ()
    )


def credits(movie_id: int, *, language: str | None = None) -> Endpoint[Credits]:  # noqa: A001 - TMDB's name
    """Ask for a movie's cast and crew.

    Parameters
    ----------
    movie_id
        TMDB's id, from 1 upwards.
    language
        Language of names and roles, such as ``"de-DE"``; by default the client's.

    Returns
    -------
    Credits
        ``cast`` in the order of billing, and ``crew``, in which somebody with two jobs is listed twice. Both
        are empty where TMDB knows nobody.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-credits
    """
    return Endpoint(path("/movie/{}/credits", movie_id), Credits, query({"language": language}))


def external_ids(movie_id: int) -> Endpoint[ExternalIds]:
    """Ask for a movie's ids at IMDb, Wikidata and the social networks.

    Parameters
    ----------
    movie_id
        TMDB's id, from 1 upwards.

    Returns
    -------
    ExternalIds
        One field a place; ``None`` where the movie has no id there. ``find.by_id`` goes the other way.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-external-ids
    """
    return Endpoint(path("/movie/{}/external_ids", movie_id), ExternalIds, {}, ())


def images(
    movie_id: int,
    *,
    language: str | None = None,
    include_image_language: str | Iterable[str] | None = None,
) -> Endpoint[Images]:
    """Ask for a movie's pictures.

    Parameters
    ----------
    movie_id
        TMDB's id, from 1 upwards.
    language
        The one language that the text on the pictures is in, such as ``"de"``; by default any, also where the
        client has a language.
    include_image_language
        Further languages beside ``language``: ISO 639-1 codes, ``"null"`` for pictures without text.

    Returns
    -------
    Images
        ``posters``, ``backdrops`` and ``logos``, best voted first; ``client.images`` makes addresses of
        their ``file_path``.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-images
    """
    params = query({"language": language, "include_image_language": include_image_language})
    return Endpoint(path("/movie/{}/images", movie_id), Images, params, ())


def keywords(movie_id: int) -> Endpoint[Keywords]:
    """Ask for the keywords that TMDB's users gave a movie.

    Parameters
    ----------
    movie_id
        TMDB's id, from 1 upwards.

    Returns
    -------
    Keywords
        ``keywords``; ``discover.movie(with_keywords=…)`` takes their ids.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-keywords
    """
    return Endpoint(path("/movie/{}/keywords", movie_id), Keywords, {}, ())


def release_dates(movie_id: int) -> Endpoint[ReleaseDates]:
    """Ask for a movie's releases and age ratings by country.

    Parameters
    ----------
    movie_id
        TMDB's id, from 1 upwards.

    Returns
    -------
    ReleaseDates
        ``results``, an item a country, each with one or more ``release_dates``. A ``certification`` may be
        missing from some of a country's releases.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-release-dates
    """
    return Endpoint(path("/movie/{}/release_dates", movie_id), ReleaseDates, {}, ())


def translations(movie_id: int) -> Endpoint[Translations]:
    """Ask for a movie's texts in every language that it has been translated to.

    Parameters
    ----------
    movie_id
        TMDB's id, from 1 upwards.

    Returns
    -------
    Translations
        ``translations``, one for each language of a country; in ``data`` what is not translated is ``None``.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-translations
    """
    return Endpoint(path("/movie/{}/translations", movie_id), Translations, {}, ())


def videos(movie_id: int, *, language: str | None = None) -> Endpoint[Videos]:
    """Ask for a movie's trailers, teasers and clips.

    Parameters
    ----------
    movie_id
        TMDB's id, from 1 upwards.
    language
        The one language that the videos are in, such as ``"de-DE"``; by default the client's. There may be
        none in it, though there are English ones.

    Returns
    -------
    Videos
        ``results``, in TMDB's order; a video on YouTube is at ``https://www.youtube.com/watch?v=`` and its
        ``key``.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-videos
    """
    return Endpoint(path("/movie/{}/videos", movie_id), Videos, query({"language": language}))


def watch_providers(movie_id: int) -> Endpoint[WatchProviders]:
    """Ask where a movie can be seen, by country; who shows this must name JustWatch as the source.

    Parameters
    ----------
    movie_id
        TMDB's id, from 1 upwards.

    Returns
    -------
    WatchProviders
        ``results`` by ISO 3166-1 code, such as ``results["DE"].flatrate``; a country may be absent.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-watch-providers
    """
    return Endpoint(path("/movie/{}/watch/providers", movie_id), WatchProviders, {}, ())
