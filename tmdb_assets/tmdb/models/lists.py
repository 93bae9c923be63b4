"""Lists: what TMDB's users have put together."""

from tmdb_assets.tmdb.models.base import Model

__all__ = ["ListSummary"]


class ListSummary(Model, frozen=True, kw_only=True, gc=False):
    """A list without its items; the codes are those of the language and country that it is written in.

    Attributes
    ----------
    description
        The author's words on it.
    favorite_count, item_count
        How many people marked it, and how many things are on it.
    list_type
        What is on it, such as ``"movie"``.
    """

    id: int
    description: str | None = None
    favorite_count: int | None = None
    iso_3166_1: str | None = None
    iso_639_1: str | None = None
    item_count: int | None = None
    list_type: str | None = None
    name: str | None = None
    poster_path: str | None = None
