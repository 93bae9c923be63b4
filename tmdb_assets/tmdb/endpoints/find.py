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
    """Ask for whatever carries an id of another place; an unknown id finds nothing and is no error.

    https://developer.themoviedb.org/reference/find-by-id
    """
    params = query({"external_source": external_source, "language": language})
    return Endpoint(path("/find/{}", external_id), FindResults, params)


class Find(Bound[C]):
    """``/find/…``."""

    by_id = bound(by_id)
