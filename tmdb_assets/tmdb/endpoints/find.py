"""Find: things by the ids that other places give them."""

from typing import Literal, TypeAlias, TypeVar

from tmdb_assets.tmdb.binding import Bound, bound
from tmdb_assets.tmdb.endpoint import Endpoint, path, query
from tmdb_assets.tmdb.models import FindResults

__all__ = ["ExternalSource", "Find", "by_id"]

C = TypeVar("C")

ExternalSource: TypeAlias = Literal[
    "imdb_id",
    "facebook_id",
    "instagram_id",
    "tvdb_id",
    "tiktok_id",
    "twitter_id",
    "wikidata_id",
    "youtube_id",
]


def by_id(
    external_id: str, external_source: ExternalSource = "imdb_id", *, language: str | None = None
) -> Endpoint[FindResults]:
    """Ask for whatever carries an id of another place.

    Parameters
    ----------
    external_id
        The id as that place writes it, such as ``"tt0137523"``.
    external_source
        Which place that is.
    language
        Language of the texts, such as ``"de-DE"``; by default the client's.

    Returns
    -------
    FindResults
        Five lists, one a kind of thing; an unknown id leaves all of them empty, and is no error.

    References
    ----------
    https://developer.themoviedb.org/reference/find-by-id
    """
    params = query({"external_source": external_source, "language": language})
    return Endpoint(path("/find/{}", external_id), FindResults, params)


class Find(Bound[C]):
    """``/find/…``."""

    by_id = bound(by_id)
