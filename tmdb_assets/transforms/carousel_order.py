"""The order of a carousel: the best first, and a collection's films not all in one row.

One ordering serves the years and all time. It looks at nothing but columns that a carousel's rows have, so
the merge of the years is the order that all their films at once would get.
"""

import heapq
from collections import deque
from collections.abc import Sequence

import polars as pl

ENOUGH_VOTES = 10
"""With fewer votes a film comes after all that have as many: a one-vote 10.0 never leads."""

ROW_LENGTH = 12
"""How many films a carousel shows in a row; no two of them are of one collection if that can be."""

ORDERED_BY = (
    "theme",
    "list_position",
    "poster_url",
    "vote_count",
    "weighted_rating",
    "collection_id",
    "tmdb_id",
)
"""What decides the order."""

_IS_BARELY_VOTED = pl.col("vote_count") < ENOUGH_VOTES


def in_order(rows: pl.DataFrame, *, carousel: Sequence[str] = ("theme",)) -> pl.DataFrame:
    """Return rows of carousels in their order, with their positions from 1, whatever order they come in.

    A theme's films: those with a poster before those without; among each, those with enough votes before
    those with fewer, which go by their number; then by weighted rating. Among those with a poster, and then
    among those without, each place takes the first whose collection is not among the eleven places before
    it, or simply the first where all that is left of them is of those collections. An editor's list stays as
    the editor ordered it.

    Parameters
    ----------
    rows
        Has the columns ``ORDERED_BY``, and any others.
    carousel
        The columns that tell carousels apart: for those of several years, ``release_year`` and ``theme``.
    """
    ranked = rows.sort(
        *carousel,
        "list_position",
        pl.col("poster_url").is_null(),
        _IS_BARELY_VOTED,
        pl.when(_IS_BARELY_VOTED).then(-pl.col("vote_count")),
        -pl.col("weighted_rating"),
        "tmdb_id",
    )
    is_of_several = pl.col("collection_id").is_not_null() & (pl.len().over(*carousel, "collection_id") > 1)
    needs_spreading = ranked.select(is_of_several.any().over(carousel)).to_series()
    others = ranked.filter(needs_spreading).partition_by(carousel, maintain_order=True)
    spread = pl.concat([ranked.filter(~needs_spreading), *map(_spread, others)])
    return spread.sort(carousel, maintain_order=True).with_columns(
        position=pl.int_range(1, pl.len() + 1, dtype=pl.Int64()).over(carousel)
    )


def apart(collections: Sequence[int | None], *, after: Sequence[int | None] = ()) -> list[int]:
    """Return the indices of films, best first, so that a row has no collection twice where that can be.

    Parameters
    ----------
    collections
        The collection of each film, best film first; None for a film of its own.
    after
        The collections of the films before them, in their order.
    """
    successors = _successors(collections)
    later = set(successors.values())
    # Each collection's best film, and every film of its own: in rising order, which is a heap.
    heads = [index for index in range(len(collections)) if index not in later]
    recent: deque[int | None] = deque(after, maxlen=ROW_LENGTH - 1)
    order: list[int] = []
    while heads:
        aside: list[int] = []
        while heads and (collection := collections[heads[0]]) is not None and collection in recent:
            aside.append(heapq.heappop(heads))
        taken = heapq.heappop(heads) if heads else aside.pop(0)
        for index in aside:
            heapq.heappush(heads, index)
        if taken in successors:
            heapq.heappush(heads, successors[taken])
        recent.append(collections[taken])
        order.append(taken)
    return order


def _successors(collections: Sequence[int | None]) -> dict[int, int]:
    """Return for each film the next of its collection."""
    last: dict[int, int] = {}
    found: dict[int, int] = {}
    for index, collection in enumerate(collections):
        if collection is None:
            continue
        if collection in last:
            found[last[collection]] = index
        last[collection] = index
    return found


def _spread(carousel: pl.DataFrame) -> pl.DataFrame:
    if carousel["list_position"].null_count() == 0:
        return carousel
    has_poster = pl.col("poster_url").is_not_null()
    shown, bare = carousel.filter(has_poster), carousel.filter(~has_poster)
    shown = shown[apart(shown["collection_id"].to_list())]
    before = shown["collection_id"].to_list()
    return pl.concat([shown, bare[apart(bare["collection_id"].to_list(), after=before)]])
