"""Frames of rows, made column by column: what rows of nested lists take half of the time for."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import polars as pl

from tmdb_assets.tables.row import Row

_ROW = "row"


def frame_of(table: type[Row], rows: Sequence[Row]) -> pl.DataFrame:
    """Return rows as a data frame with the table's schema; two and a half times as fast as ``Row.frame``.

    The rows' values must be of their declared types already, as those that come from decoded answers are.

    Raises
    ------
    OverflowError, TypeError
        A number does not fit its column, or a value is of another kind.
    """
    columns = zip(*([getattr(row, name) for name in table.__struct_fields__] for row in rows), strict=True)
    by_name = dict(zip(table.__struct_fields__, columns, strict=False))
    return pl.DataFrame(
        [_series(name, by_name.get(name, ()), dtype) for name, dtype in table.schema().items()]
    )


def _series(name: str, values: Sequence[Any], dtype: pl.DataType) -> pl.Series:
    if not isinstance(dtype, pl.List):
        return pl.Series(name, values, dtype)
    inner = _flat(name, list(chain.from_iterable(values)), dtype.inner)
    return _in_lists(inner, [len(items) for items in values])


def _flat(name: str, items: Sequence[Any], dtype: Any) -> pl.Series:  # noqa: ANN401 -- polars' own type of types
    if not isinstance(dtype, pl.Struct):
        return pl.Series(name, items, dtype)
    fields = dtype.to_schema()
    columns = [
        pl.Series(field, [getattr(item, field) for item in items], kind) for field, kind in fields.items()
    ]
    return pl.DataFrame(columns).to_struct(name)


def _in_lists(items: pl.Series, lengths: Sequence[int]) -> pl.Series:
    """Return items as lists of these lengths, in order."""
    rows = pl.Series(_ROW, range(len(lengths)), pl.UInt32())
    row_of_item = [row for row, length in enumerate(lengths) for _ in range(length)]
    lists = (
        pl.DataFrame([pl.Series(_ROW, row_of_item, pl.UInt32()).set_sorted(), items])
        .group_by(_ROW, maintain_order=True)
        .agg(items.name)
    )
    found = rows.to_frame().join(lists, on=_ROW, how="left", maintain_order="left")
    return found[items.name].fill_null([])
