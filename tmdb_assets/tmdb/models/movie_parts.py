"""What TMDB keeps beside a movie: titles, ids, images, keywords, reviews, translations, videos, providers."""

import msgspec

from tmdb_assets.tmdb.models.base import Model
from tmdb_assets.tmdb.models.known_values import VideoSite, VideoType

__all__ = [
    "AlternativeTitle",
    "AlternativeTitles",
    "AuthorDetails",
    "CountryWatchProviders",
    "ExternalIds",
    "Image",
    "Images",
    "Keyword",
    "Keywords",
    "Review",
    "Translation",
    "TranslationData",
    "Translations",
    "Video",
    "Videos",
    "WatchProvider",
    "WatchProviders",
]


class AlternativeTitle(Model, frozen=True, kw_only=True, gc=False):
    """A title in one country; ``type`` is a remark such as ``"working title"``."""

    iso_3166_1: str | None = None
    title: str | None = None
    type: str | None = None


class AlternativeTitles(Model, frozen=True, kw_only=True):
    """The titles under which a movie is known elsewhere."""

    id: int | None = None
    titles: tuple[AlternativeTitle, ...] = ()


class ExternalIds(Model, frozen=True, kw_only=True, gc=False):
    """The movie's ids at other places."""

    id: int | None = None
    facebook_id: str | None = None
    imdb_id: str | None = None
    instagram_id: str | None = None
    twitter_id: str | None = None
    wikidata_id: str | None = None


class Image(Model, frozen=True, kw_only=True, gc=False):
    """A picture, ``width`` by ``height`` pixels; no language means no text on it.

    Attributes
    ----------
    aspect_ratio
        Width by height: 0.667 of most posters, 1.778 of backdrops.
    """

    aspect_ratio: float | None = None
    file_path: str | None = None
    height: int | None = None
    iso_3166_1: str | None = None
    iso_639_1: str | None = None
    vote_average: float | None = None
    vote_count: int | None = None
    width: int | None = None


class Images(Model, frozen=True, kw_only=True):
    """The movie's pictures, best voted first."""

    id: int | None = None
    backdrops: tuple[Image, ...] = ()
    logos: tuple[Image, ...] = ()
    posters: tuple[Image, ...] = ()


class Keyword(Model, frozen=True, kw_only=True, gc=False):
    """A keyword; several ids may carry names that differ in nothing but case."""

    id: int
    name: str | None = None


class Keywords(Model, frozen=True, kw_only=True):
    """The movie's keywords."""

    id: int | None = None
    keywords: tuple[Keyword, ...] = ()


class AuthorDetails(Model, frozen=True, kw_only=True, gc=False):
    """Who wrote a review, with a portrait at ``avatar_path``; ``rating`` is 0.5 to 10."""

    avatar_path: str | None = None
    name: str | None = None
    rating: float | None = None
    username: str | None = None


class Review(Model, frozen=True, kw_only=True):
    """A review, as Markdown in ``content``.

    Attributes
    ----------
    author, author_details
        The name that is shown, and who that is.
    url
        Its page at TMDB.
    """

    id: str
    author: str | None = None
    author_details: AuthorDetails | None = None
    content: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    url: str | None = None


class TranslationData(Model, frozen=True, kw_only=True, gc=False):
    """What is translated; a missing title means that it is the original one."""

    homepage: str | None = None
    overview: str | None = None
    runtime: int | None = None
    tagline: str | None = None
    title: str | None = None


class Translation(Model, frozen=True, kw_only=True):
    """The movie's texts in one language of one country.

    Attributes
    ----------
    data
        The texts themselves.
    english_name, name
        What the language is called, in English and in itself.
    """

    data: TranslationData | None = None
    english_name: str | None = None
    iso_3166_1: str | None = None
    iso_639_1: str | None = None
    name: str | None = None


class Translations(Model, frozen=True, kw_only=True):
    """The languages that a movie is described in."""

    id: int | None = None
    translations: tuple[Translation, ...] = ()


class Video(Model, frozen=True, kw_only=True, gc=False):
    """A video at ``site`` under ``key``.

    Attributes
    ----------
    official
        Whether those who made or sell the movie published it.
    site, key
        ``"YouTube"`` or ``"Vimeo"``, and its id there.
    size
        Height in pixels, such as 1080.
    type
        What it shows, such as ``"Trailer"``.
    """

    id: str | None = None
    iso_3166_1: str | None = None
    iso_639_1: str | None = None
    key: str | None = None
    name: str | None = None
    official: bool | None = None
    published_at: str | None = None
    site: VideoSite = None
    size: int | None = None
    type: VideoType = None


class Videos(Model, frozen=True, kw_only=True):
    """Trailers, teasers, clips."""

    id: int | None = None
    results: tuple[Video, ...] = ()


class WatchProvider(Model, frozen=True, kw_only=True, gc=False):
    """A service that shows movies.

    Attributes
    ----------
    display_priority
        From 0; smaller ones are shown first.
    provider_id, provider_name
        What ``discover.movie(with_watch_providers=…)`` takes, and what people call it.
    """

    display_priority: int | None = None
    logo_path: str | None = None
    provider_id: int | None = None
    provider_name: str | None = None


class CountryWatchProviders(Model, frozen=True, kw_only=True):
    """Where a movie can be seen in one country, by the form of payment.

    Attributes
    ----------
    ads, free
        At no cost, with and without advertisements.
    buy, rent
        For a payment once.
    flatrate
        With a subscription.
    link
        TMDB's page with all of them.
    """

    ads: tuple[WatchProvider, ...] = ()
    buy: tuple[WatchProvider, ...] = ()
    flatrate: tuple[WatchProvider, ...] = ()
    free: tuple[WatchProvider, ...] = ()
    link: str | None = None
    rent: tuple[WatchProvider, ...] = ()


class WatchProviders(Model, frozen=True, kw_only=True):
    """Where a movie can be seen, by ISO 3166-1 country code; the data is JustWatch's."""

    id: int | None = None
    results: dict[str, CountryWatchProviders] = msgspec.field(default_factory=dict)
