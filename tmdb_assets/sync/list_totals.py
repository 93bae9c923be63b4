"""The totals of TMDB's lists: an answer without them must not pass for an empty list."""

import msgspec

from tmdb_assets.tmdb import DecodeError


class _Totals(msgspec.Struct):
    """What every page of a list has, an empty one too."""

    results: list[msgspec.Raw]
    total_pages: int
    total_results: int


def item_count(body: bytes, of: str) -> int:
    """Return how many items a page has.

    Parameters
    ----------
    of
        What is listed, for the error sentence.

    Raises
    ------
    DecodeError
        It does not say how many there are in all.
    """
    try:
        return len(msgspec.json.decode(body, type=_Totals).results)
    except msgspec.MsgspecError as error:
        raise DecodeError(
            f"TMDB's list of {of} is not of its shape ({error}): run the same again later."
        ) from None
