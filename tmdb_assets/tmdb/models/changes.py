"""Changes: what was edited at TMDB."""

from tmdb_assets.tmdb.models.base import Model

__all__ = ["ChangedMovie"]


class ChangedMovie(Model, frozen=True, kw_only=True, gc=False):
    """A movie that was changed; ``adult`` may be missing."""

    id: int
    adult: bool | None = None
    softcore: bool | None = None
