"""Movies: details, lists of them, and everything that TMDB keeps beside a movie (``movie_parts``).

TMDB does not fall back to another language: what is not translated is ``None``.
"""

from collections.abc import Iterable
from typing import TypeVar

from tmdb_assets.tmdb.binding import Bound, bound, paged
from tmdb_assets.tmdb.endpoint import Endpoint, path, query
from tmdb_assets.tmdb.endpoints.movie_parts import (
    alternative_titles,
    credits,  # noqa: A004 -- TMDB's name
    external_ids,
    images,
    keywords,
    release_dates,
    translations,
    videos,
    watch_providers,
)
from tmdb_assets.tmdb.models import MovieDetails, MovieListItem, Page, Review

__all__ = [
    "DETAILS_APPENDED",
    "Movies",
    "alternative_titles",
    "credits",
    "details",
    "external_ids",
    "full_details",
    "images",
    "keywords",
    "popular",
    "recommendations",
    "release_dates",
    "reviews",
    "similar",
    "translations",
    "videos",
    "watch_providers",
]

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
        TMDB's id, from 1 upwards.
    append_to_response
        Names of parts, at most 20: ``"credits"``, ``"watch/providers"``, … Unknown names are ignored.
    language
        Language of the texts, such as ``"de-DE"``, by default the client's; it also filters the images.
    include_image_language
        Further languages of images: ISO 639-1 codes, ``"null"`` for pictures without text.

    Returns
    -------
    MovieDetails
        What was not asked to be appended is ``UNSET``, which is different from empty.

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
        TMDB's id, from 1 upwards.
    language
        Language of the texts, such as ``"de-DE"``; images come in it, in English, and without text.

    Returns
    -------
    MovieDetails
        With all the parts that ``DETAILS_APPENDED`` names; it is what ``client.get_movie_details`` returns.

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


def popular(
    *, language: str | None = None, region: str | None = None, page: int = 1
) -> Endpoint[Page[MovieListItem]]:
    """Ask for the movies that are most popular now; the order changes daily.

    Parameters
    ----------
    language
        Language of the texts, such as ``"de-DE"``; by default the client's.
    region
        Country whose release dates are meant, as ISO 3166-1 code (``"DE"``); by default the client's.
    page
        The first page that is read, from 1 to 500.

    Returns
    -------
    Page
        20 ``results`` a page, the most popular first.

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

    Parameters
    ----------
    movie_id
        TMDB's id, from 1 upwards.
    language
        Language of the texts, such as ``"de-DE"``; by default the client's.
    page
        The first page that is read, from 1 to 500.

    Returns
    -------
    Page
        20 ``results`` a page, in TMDB's order; none where TMDB has nothing to recommend.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-recommendations
    """
    params = query({"language": language, "page": page})
    return Endpoint(path("/movie/{}/recommendations", movie_id), Page[MovieListItem], params)


def reviews(movie_id: int, *, language: str | None = None, page: int = 1) -> Endpoint[Page[Review]]:
    """Ask for a movie's reviews by TMDB's users.

    Parameters
    ----------
    movie_id
        TMDB's id, from 1 upwards.
    language
        The one language that the reviews are in, such as ``"de-DE"``; by default the client's.
    page
        The first page that is read, from 1 to 500.

    Returns
    -------
    Page
        20 ``results`` a page, each with its ``content`` as Markdown.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-reviews
    """
    params = query({"language": language, "page": page})
    return Endpoint(path("/movie/{}/reviews", movie_id), Page[Review], params)


def similar(movie_id: int, *, language: str | None = None, page: int = 1) -> Endpoint[Page[MovieListItem]]:
    """Ask for movies that share genres and keywords with this one.

    Parameters
    ----------
    movie_id
        TMDB's id, from 1 upwards.
    language
        Language of the texts, such as ``"de-DE"``; by default the client's.
    page
        The first page that is read, from 1 to 500.

    Returns
    -------
    Page
        20 ``results`` a page; ``recommendations`` go by what people like, too.

    References
    ----------
    https://developer.themoviedb.org/reference/movie-similar
    """
    params = query({"language": language, "page": page})
    return Endpoint(path("/movie/{}/similar", movie_id), Page[MovieListItem], params)


class Movies(Bound[C]):
    """``/movie/…``."""

    details = bound(details)
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
