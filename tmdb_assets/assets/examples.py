"""A few rows of each year, to show beside it."""

from collections.abc import Callable, Sequence

import polars as pl

_SHOWN = 5
RowsOf = Callable[[int], pl.DataFrame]


def most_of_each_year(films: pl.LazyFrame, by: str, columns: Sequence[str]) -> RowsOf:
    """Return a function that gives a year's films with the highest numbers, highest first.

    They are found by their numbers alone: of a million films, nobody holds what is shown of a few.

    Parameters
    ----------
    by
        The number's column; an unknown number counts as 0.
    columns
        What is shown.
    """
    numbers = films.select("release_year", "tmdb_id", pl.col(by).fill_null(0)).sort(
        pl.col(by), pl.col("tmdb_id"), descending=[True, False]
    )
    chosen = numbers.group_by("release_year", maintain_order=True).head(_SHOWN).collect().select("tmdb_id")
    is_chosen = pl.col("tmdb_id").is_in(chosen["tmdb_id"].to_list())
    rows = films.filter(is_chosen).select("release_year", "tmdb_id", *columns).collect()
    return _by_year(chosen.join(rows, on="tmdb_id", maintain_order="left"), columns)


def first_of_each_year(rows: pl.LazyFrame, columns: Sequence[str]) -> RowsOf:
    """Return a function that gives a few of a year's rows."""
    first = rows.select("release_year", *columns).group_by("release_year", maintain_order=True).head(_SHOWN)
    return _by_year(first.collect(), columns)


def _by_year(rows: pl.DataFrame, columns: Sequence[str]) -> RowsOf:
    return lambda year: rows.filter(pl.col("release_year") == year).select(columns)
