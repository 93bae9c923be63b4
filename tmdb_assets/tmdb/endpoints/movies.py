"""Movies: details and everything that TMDB keeps beside a movie.

``movie_id`` is TMDB's id. Every method of a client raises ``NotFoundError`` for an id that TMDB does not
have, and the other errors of ``tmdb_assets.tmdb.errors`` as their names say. ``language`` is a code such as
``"de-DE"``; by default the client's. There is no fallback: what is not translated is ``None``.
"""

from collections.abc import Iterable
from typing import TypeVar

from tmdb_assets.tmdb.binding import Bound, bound, paged
from tmdb_assets.tmdb.endpoint import Endpoint, path, query
from tmdb_assets.tmdb.models import (
    AlternativeTitles,
    Credits,
    ExternalIds,
    Images,
    Keywords,
    MovieDetails,
    MovieListItem,
    Page,
    ReleaseDates,
    Review,
    Translations,
    Videos,
    WatchProviders,
)

__all__ = ["DETAILS_APPENDED", "Movies", "full_details"]

C = TypeVar("C")

DETAILS_APPENDED = (
    "credits",
    "keywords",
    "external_ids",
    "release_dates",
    "videos",
    "images",
    "alternative_titles",
    "translations",
    "recommendations",
    "similar",
    "watch/providers",
    "reviews",
)
"""What ``full_details`` appends; TMDB allows 20 names a request."""


def details(
    movie_id: int,
    *,
    append_to_response: Iterable[str] | None = None,
    language: str | None = None,
    include_image_language: str | Iterable[str] | None = None,
) -> Endpoint[MovieDetails]:
    """Ask for a movie, and for whatever is appended, in one request.

    Parameters
    ----------
    movie_id
        TMDB's id; IMDb's ``tt…`` works, too.
    append_to_response
        Names of sub-resources, at most 20: ``"credits"``, ``"watch/providers"``, … Unknown names are ignored.
    language
        Language of the texts, such as ``"de-DE"``; also filters the images.
    include_image_language
        Further languages of images; ``"null"`` stands for those without text.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-details
    """
    params = query(
        {
            "append_to_response": append_to_response,
            "language": language,
            "include_image_language": include_image_language,
        }
    )
    return Endpoint(path("/movie/{}", movie_id), MovieDetails, params)


def full_details(movie_id: int, *, language: str) -> Endpoint[MovieDetails]:
    """Ask for a movie with everything of ``DETAILS_APPENDED``: what the pipeline keeps of a movie.

    Parameters
    ----------
    movie_id
        TMDB's id.
    language
        Language of the texts; images come in it, in English, and without text.

    References
    ----------
    https://developer.themoviedb.org/docs/append-to-response
    """
    image_languages = dict.fromkeys(["en", "null", language.partition("-")[0]])
    return details(
        movie_id,
        append_to_response=DETAILS_APPENDED,
        language=language,
        include_image_language=image_languages,
    )


def alternative_titles(movie_id: int, *, country: str | None = None) -> Endpoint[AlternativeTitles]:
    """Ask for a movie's titles elsewhere, or in one ISO 3166-1 country.

    https://developer.themoviedb.org/reference/movie-alternative-titles
    """
    return Endpoint(
        path("/movie/{}/alternative_titles", movie_id), AlternativeTitles, query({"country": country}), ()
    )


def credits(movie_id: int, *, language: str | None = None) -> Endpoint[Credits]:  # noqa: A001 - TMDB's name
    """Ask for a movie's cast, in the order of billing, and crew.

    https://developer.themoviedb.org/reference/movie-credits
    """
    return Endpoint(path("/movie/{}/credits", movie_id), Credits, query({"language": language}))


def external_ids(movie_id: int) -> Endpoint[ExternalIds]:
    """Ask for a movie's ids at IMDb, Wikidata and the social networks.

    https://developer.themoviedb.org/reference/movie-external-ids
    """
    return Endpoint(path("/movie/{}/external_ids", movie_id), ExternalIds, {}, ())


def images(
    movie_id: int,
    *,
    language: str | None = None,
    include_image_language: str | Iterable[str] | None = None,
) -> Endpoint[Images]:
    """Ask for a movie's pictures; those of all languages unless one is named.

    https://developer.themoviedb.org/reference/movie-images
    """
    params = query({"language": language, "include_image_language": include_image_language})
    return Endpoint(path("/movie/{}/images", movie_id), Images, params, ())


def keywords(movie_id: int) -> Endpoint[Keywords]:
    """Ask for a movie's keywords.

    https://developer.themoviedb.org/reference/movie-keywords
    """
    return Endpoint(path("/movie/{}/keywords", movie_id), Keywords, {}, ())


def popular(
    *, language: str | None = None, region: str | None = None, page: int = 1
) -> Endpoint[Page[MovieListItem]]:
    """Ask for the movies that are most popular now; the order changes daily.

    Parameters
    ----------
    language, region
        Language of the texts, and ISO 3166-1 country that the release dates are those of.
    page
        From 1 to 500.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-popular-list
    """
    params = query({"language": language, "region": region, "page": page})
    return Endpoint("/movie/popular", Page[MovieListItem], params, ("language", "region"))


def recommendations(
    movie_id: int, *, language: str | None = None, page: int = 1
) -> Endpoint[Page[MovieListItem]]:
    """Ask for movies that people who liked this one may like.

    https://developer.themoviedb.org/reference/movie-recommendations
    """
    params = query({"language": language, "page": page})
    return Endpoint(path("/movie/{}/recommendations", movie_id), Page[MovieListItem], params)


def release_dates(movie_id: int) -> Endpoint[ReleaseDates]:
    """Ask for a movie's releases and certifications by country.

    https://developer.themoviedb.org/reference/movie-release-dates
    """
    return Endpoint(path("/movie/{}/release_dates", movie_id), ReleaseDates, {}, ())


def reviews(movie_id: int, *, language: str | None = None, page: int = 1) -> Endpoint[Page[Review]]:
    """Ask for a movie's reviews by TMDB's users.

    https://developer.themoviedb.org/reference/movie-reviews
    """
    params = query({"language": language, "page": page})
    return Endpoint(path("/movie/{}/reviews", movie_id), Page[Review], params)


def similar(movie_id: int, *, language: str | None = None, page: int = 1) -> Endpoint[Page[MovieListItem]]:
    """Ask for movies that share genres and keywords with this one.

    https://developer.themoviedb.org/reference/movie-similar
    """
    params = query({"language": language, "page": page})
    return Endpoint(path("/movie/{}/similar", movie_id), Page[MovieListItem], params)


def translations(movie_id: int) -> Endpoint[Translations]:
    """Ask for a movie's texts in every language.

    https://developer.themoviedb.org/reference/movie-translations
    """
    return Endpoint(path("/movie/{}/translations", movie_id), Translations, {}, ())


def videos(movie_id: int, *, language: str | None = None) -> Endpoint[Videos]:
    """Ask for a movie's trailers, teasers and clips.

    https://developer.themoviedb.org/reference/movie-videos
    """
    return Endpoint(path("/movie/{}/videos", movie_id), Videos, query({"language": language}))


def watch_providers(movie_id: int) -> Endpoint[WatchProviders]:
    """Ask where a movie can be seen, by country.

    https://developer.themoviedb.org/reference/movie-watch-providers
    """
    return Endpoint(path("/movie/{}/watch/providers", movie_id), WatchProviders, {}, ())


class Movies(Bound[C]):
    """``/movie/…``."""

    details = bound(details)
    full_details = bound(full_details)
    alternative_titles = bound(alternative_titles)
    credits = bound(credits)
    external_ids = bound(external_ids)
    images = bound(images)
    keywords = bound(keywords)
    popular = paged(popular)
    recommendations = paged(recommendations)
    release_dates = bound(release_dates)
    reviews = paged(reviews)
    similar = paged(similar)
    translations = bound(translations)
    videos = bound(videos)
    watch_providers = bound(watch_providers)
