"""TMDB's models to our rows of films."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar

from tmdb_assets.tables import CastMember, CrewMember, DiscoveredMovie, MovieDetail
from tmdb_assets.tmdb import models
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.transforms.movie_parts import (
    CastPart,
    CreditParts,
    MovieParts,
    ReleaseParts,
    VideoParts,
)

_T = TypeVar("_T")

_IMAGE_URLS = ImageURLs()
_THEATRICAL = 3
_LAST = 1 << 30
_VIDEO_URLS = {"YouTube": "https://www.youtube.com/watch?v={}", "Vimeo": "https://vimeo.com/{}"}


def discovered_movie(
    item: models.MovieListItem,
    *,
    year: int,
    has_enough_votes: bool,
    has_theme_keyword: bool,
    discovered_at: dt.datetime,
) -> DiscoveredMovie:
    """Return the row for a film that discover listed for a release year."""
    return DiscoveredMovie(
        tmdb_id=item.id,
        release_year=year,
        title=item.title,
        original_title=item.original_title,
        original_language=item.original_language,
        release_date=whole_date(item.release_date),
        genre_ids=list(item.genre_ids),
        vote_average=item.vote_average,
        vote_count=item.vote_count,
        popularity=item.popularity,
        poster_path=item.poster_path,
        adult=item.adult,
        video=item.video,
        has_enough_votes=has_enough_votes,
        has_theme_keyword=has_theme_keyword,
        discovered_at=discovered_at,
    )


def movie_detail(
    details: models.MovieDetails | MovieParts,
    *,
    fetched_at: dt.datetime,
    fingerprint: str,
    region: str | None = None,
    images: ImageURLs = _IMAGE_URLS,
) -> MovieDetail | None:
    """Return the row for a film's details; None when it has no whole release date, so no year.

    Parameters
    ----------
    details
        TMDB's answer with what was appended; what was not counts as empty, and ``""`` as missing.
    fetched_at
        When it was received, UTC.
    fingerprint
        What the request asked for, as a hash.
    region
        The country whose certification counts, ISO 3166-1; the US by default.
    images
        Makes the addresses of poster and backdrop; by default TMDB's own.
    """
    release_date = whole_date(details.release_date)
    if release_date is None:
        return None
    ids = details.external_ids or models.ExternalIds()
    keywords = details.keywords.keywords if details.keywords else ()
    collection = details.belongs_to_collection
    return MovieDetail(
        tmdb_id=details.id,
        imdb_id=details.imdb_id or ids.imdb_id or None,
        release_year=release_date.year,
        release_date=release_date,
        **_texts(details),
        runtime=_known(details.runtime),
        budget=_known(details.budget),
        revenue=_known(details.revenue),
        adult=details.adult,
        video=details.video,
        vote_average=details.vote_average,
        vote_count=details.vote_count,
        popularity=details.popularity,
        genres=[genre.name or str(genre.id) for genre in details.genres],
        genre_ids=[genre.id for genre in details.genres],
        **_people(details.credits or CreditParts()),
        **_production(details),
        collection_id=collection.id if collection else None,
        collection=(collection.name or None) if collection else None,
        keywords=[keyword.name or str(keyword.id) for keyword in keywords],
        keyword_ids=[keyword.id for keyword in keywords],
        certification=_certification(details.release_dates or ReleaseParts(), region or "US"),
        trailer_url=_trailer_url(details.videos or VideoParts()),
        **_ids_elsewhere(ids),
        poster_url=images.poster_url(details.poster_path),
        backdrop_url=images.backdrop_url(details.backdrop_path),
        request_fingerprint=fingerprint,
        fetched_at=fetched_at,
        checked_at=fetched_at,
        changed_at=fetched_at,
    )


def _known(number: int | None) -> int | None:
    """Return a number where it is known: TMDB says 0 where it is not."""
    return number if number and number > 0 else None


def _texts(of_film: models.MovieDetails | MovieParts) -> dict[str, Any]:
    return {
        "title": of_film.title or None,
        "original_title": of_film.original_title or None,
        "original_language": of_film.original_language or None,
        "overview": of_film.overview or None,
        "tagline": of_film.tagline or None,
        "homepage": of_film.homepage or None,
        "status": of_film.status or None,
    }


def _production(of_film: models.MovieDetails | MovieParts) -> dict[str, Any]:
    """Return the columns of who produced a film, where, and in which languages."""
    return {
        "production_companies": _present([company.name for company in of_film.production_companies]),
        "production_company_ids": _present([company.id for company in of_film.production_companies]),
        "production_countries": _present([country.iso_3166_1 for country in of_film.production_countries]),
        "spoken_languages": _present([language.iso_639_1 for language in of_film.spoken_languages]),
    }


def _ids_elsewhere(ids: models.ExternalIds) -> dict[str, Any]:
    return {
        "wikidata_id": ids.wikidata_id or None,
        "facebook_id": ids.facebook_id or None,
        "instagram_id": ids.instagram_id or None,
        "twitter_id": ids.twitter_id or None,
    }


def _people(of_film: models.Credits | CreditParts) -> dict[str, Any]:
    """Return the columns of those who made a film and those who play in it."""
    cast = sorted(of_film.cast, key=_billing)
    directors = [member for member in of_film.crew if member.job == "Director"]
    return {
        "directors": _each_once([member.name for member in directors]),
        "director_ids": _each_once([member.id for member in directors]),
        "cast": [
            CastMember(
                person_id=member.id,
                name=member.name or None,
                character=member.character or None,
                order=member.order,
            )
            for member in cast
        ],
        "cast_ids": _each_once([member.id for member in cast]),
        "crew": [
            CrewMember(
                person_id=member.id,
                name=member.name or None,
                department=member.department or None,
                job=member.job or None,
            )
            for member in of_film.crew
        ],
        "crew_ids": _each_once([member.id for member in of_film.crew]),
    }


def _billing(member: models.CastMember | CastPart) -> int:
    return _LAST if member.order is None else member.order


def whole_date(text: str | None) -> dt.date | None:
    """Return a date that TMDB sent; None for a missing or a partial one."""
    try:
        return dt.date.fromisoformat((text or "")[:10])  # some dates come with a time
    except ValueError:
        return None


def _present(values: Iterable[_T | None]) -> list[_T]:
    return [value for value in values if value is not None and value != ""]


def _each_once(values: Iterable[_T | None]) -> list[_T]:
    return list(dict.fromkeys(_present(values)))


def _certification(released: models.ReleaseDates | ReleaseParts, region: str) -> str | None:
    """Return the region's age rating, the theatrical release's first."""
    ratings = [
        (release.type != _THEATRICAL, release.type or _LAST, release.certification)
        for country in released.results
        if country.iso_3166_1 == region
        for release in country.release_dates
        if release.certification
    ]
    return min(ratings)[2] if ratings else None


def _trailer_url(videos: models.Videos | VideoParts) -> str | None:
    """Return the newest official trailer's address, or the newest trailer's."""
    trailers = [
        (video.official is True, video.published_at or "", video.key, video.site)
        for video in videos.results
        if video.type == "Trailer" and video.key and video.site in _VIDEO_URLS
    ]
    if not trailers:
        return None
    _, _, key, site = max(trailers)
    return _VIDEO_URLS[str(site)].format(key)
