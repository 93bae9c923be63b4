"""Frames of rows, made column by column: what rows of nested lists take half of the time for."""

from collections.abc import Sequence
from itertools import accumulate, chain
from typing import Any

import polars as pl
from arro3.core import Array, ChunkedArray, list_array  # pyright: ignore[reportUnknownVariableType] -- its buffers
from msgspec.structs import astuple

from tmdb_assets.tables.row import Row


def frame_of(table: type[Row], rows: Sequence[Row]) -> pl.DataFrame:
    """Return rows as a data frame with the table's schema; two and a half times as fast as ``Row.frame``.

    The rows' values must be of their declared types already, as those that come from decoded answers are.

    Raises
    ------
    OverflowError, TypeError
        A number does not fit its column, or a value is of another kind.
    """
    values = list(zip(*map(astuple, rows), strict=True)) or [()] * len(table.__struct_fields__)
    by_name = dict(zip(table.__struct_fields__, values, strict=True))
    return pl.DataFrame([_series(name, by_name[name], dtype) for name, dtype in table.schema().items()])


def _series(name: str, values: Sequence[Any], dtype: pl.DataType) -> pl.Series:
    if not isinstance(dtype, pl.List):
        return pl.Series(name, values, dtype)
    return _in_lists(_flat(name, list(chain.from_iterable(values)), dtype.inner), values)


def _flat(name: str, items: Sequence[Any], dtype: Any) -> pl.Series:  # noqa: ANN401 -- polars' own type of types
    if not isinstance(dtype, pl.Struct):
        return pl.Series(name, items, dtype)
    fields = dtype.to_schema()
    values = list(zip(*map(astuple, items), strict=True)) or [()] * len(fields)
    columns = [
        pl.Series(field, column, kind) for (field, kind), column in zip(fields.items(), values, strict=True)
    ]
    return pl.DataFrame(columns).to_struct(name)


def _in_lists(items: pl.Series, lists: Sequence[Sequence[Any]]) -> pl.Series:
    """Return items as lists that are as long as these, in order."""
    offsets = pl.Series([0, *accumulate(map(len, lists))], dtype=pl.Int64())
    # As Arrow builds them, without a copy: polars' own ways take four times as long.
    return pl.Series(list_array(_as_arrow(offsets), _as_arrow(items))).alias(items.name)


def _as_arrow(series: pl.Series) -> Array:
    return ChunkedArray(series).combine_chunks()
