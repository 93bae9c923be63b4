"""What all answers of TMDB share: how missing values look, and the page."""

from typing import Generic, TypeVar

import msgspec

__all__ = ["UNSET", "Model", "Page", "UnsetType"]

T = TypeVar("T")

UNSET = msgspec.UNSET
UnsetType = msgspec.UnsetType


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """An object of TMDB's, under TMDB's own field names.

    Whatever is not an identity may be missing: then text, numbers and dates are ``None`` and lists are empty,
    also where TMDB sent ``""`` or ``null``. Dates stay text, since TMDB knows partial ones. New fields are
    ignored.

    Notes
    -----
    What means the same in every model:

    ``adult``, ``softcore``
        Whether it is pornography; whether it is near to it.
    ``poster_path``, ``backdrop_path``, ``profile_path``, ``logo_path``, ``still_path``, ``file_path``
        Of a picture: ``client.images.poster_url(…)`` and its siblings make an address of it.
    ``iso_639_1``, ``original_language``
        A language, such as ``"en"``.
    ``iso_3166_1``, ``origin_country``
        A country, or several, such as ``"US"``.
    ``popularity``
        TMDB's figure for how much it is looked at now, from 0 upwards; it changes daily, its scale at times.
    ``vote_average``, ``vote_count``
        The mean of that many votes, from 0 to 10; 0 where there are none.
    ``release_date``, ``first_air_date``, ``air_date``
        ``YYYY-MM-DD``, of the first time anywhere; of a list in a ``region``, of the release there.
    ``created_at``, ``updated_at``, ``published_at``
        Instants in UTC, such as ``"2018-04-05T18:28:16.129Z"``.
    ``genre_ids``
        Ids that ``client.genres.movie_list()`` names.
    ``media_type``
        What an item of a mixed list is, such as ``"movie"``; elsewhere it is missing.
    ``gender``
        0 not said, 1 female, 2 male, 3 non-binary.
    ``known_for_department``
        What a person is known for, such as ``"Acting"``.
    ``credit_id``
        TMDB's id of this one role or job.
    ``video``
        Whether it is no feature, but a recording, a trailer or the like.
    ``runtime``
        Minutes.
    ``certification``
        An age rating, as the country writes it.
    ``season_number``
        From 1; 0 holds the specials.
    ``show_id``
        TMDB's id of the series.
    """


class Page(Model, Generic[T], frozen=True, kw_only=True):
    """One page of a list, at most 20 items (of changes: 100).

    ``total_pages`` and ``total_results`` are not capped: they count what lies beyond page 500, too, the last
    one that TMDB serves.
    """

    id: int | None = None
    page: int = 1
    results: tuple[T, ...] = ()
    total_pages: int = 1
    total_results: int = 0
