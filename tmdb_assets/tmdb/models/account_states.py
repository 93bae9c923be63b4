"""Account states: what the account whose session asks has done with a film."""

from tmdb_assets.tmdb.models.base import Model

__all__ = ["AccountRating", "AccountStates"]


class AccountRating(Model, frozen=True, kw_only=True, gc=False):
    """The account's rating, 0.5 to 10."""

    value: float | None = None


class AccountStates(Model, frozen=True, kw_only=True):
    """What the account has marked; ``rated`` is ``None`` where it has not rated."""

    id: int | None = None
    favorite: bool | None = None
    rated: AccountRating | None = None
    watchlist: bool | None = None
