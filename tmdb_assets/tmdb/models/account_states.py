"""Account states: what the account whose session asks has done with a film."""

from tmdb_assets.tmdb.models.base import Model

__all__ = ["AccountRating", "AccountStates"]


class AccountRating(Model, frozen=True, kw_only=True, gc=False):
    """The account's rating: ``value`` is 0.5 to 10."""

    value: float | None = None


class AccountStates(Model, frozen=True, kw_only=True):
    """What the account has marked.

    Attributes
    ----------
    favorite, watchlist
        Whether the movie is on these lists of the account.
    rated
        ``None`` where the account has not rated it.
    """

    id: int | None = None
    favorite: bool | None = None
    rated: AccountRating | None = None
    watchlist: bool | None = None
