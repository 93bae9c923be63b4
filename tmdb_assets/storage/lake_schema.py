"""Tables of an earlier release: columns that they lack, and columns whose type has changed."""

from collections.abc import Mapping

import polars as pl
from deltalake import DeltaTable
from polars.datatypes import DataTypeClass

from tmdb_assets.settings import SettingsError
from tmdb_assets.tables import Row

_DataType = DataTypeClass | pl.DataType


class TableTypeError(SettingsError):
    """A table of an earlier release has values that today's types cannot hold; it was not changed."""


def stored_schema(stored: DeltaTable) -> pl.Schema:
    """Return the columns of a stored table and their polars types."""
    return pl.Schema(stored.schema().to_arrow())


def changed_types(table: type[Row], stored: pl.Schema) -> dict[str, pl.DataType]:
    """Return today's types of the columns that are stored with another one."""
    return {name: dtype for name, dtype in table.schema().items() if stored.get(name, dtype) != dtype}


def as_today(table: type[Row], stored: pl.LazyFrame) -> pl.LazyFrame:
    """Return stored rows with the columns of their row type, or the defaults of new ones."""
    known = set(stored.collect_schema().names())
    defaults = table.defaults()
    columns: list[pl.Expr] = []
    for name, dtype in table.schema().items():
        column = pl.col(name) if name in known else pl.lit(None, dtype).alias(name)
        columns.append(column.fill_null(pl.lit(defaults[name], dtype)) if name in defaults else column)
    return stored.select(columns)


def with_types(table: type[Row], rows: pl.LazyFrame, changed: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return all rows with new types in some columns.

    Raises
    ------
    TableTypeError
        A value would not come back equal from its new type.
    """
    stored = rows.collect()
    for name, dtype in changed.items():
        old = stored.schema[name]
        new = pl.DataFrame()
        try:
            new = stored.select(_converted(pl.col(name), old, dtype).alias(name))
            is_lossless = new.select(_converted(pl.col(name), dtype, old).alias(name)).equals(
                stored.select(name)
            )
        except pl.exceptions.PolarsError:
            is_lossless = False
        if not is_lossless:
            raise TableTypeError(
                f"The table {table.table} comes from an earlier release, and what its column {name} holds "
                f"({old}) does not fit today's type ({dtype}): `tmdb-assets doctor` sets the table aside and "
                "makes it anew."
            )
        stored = stored.with_columns(new.to_series())
    return stored


def _converted(
    column: pl.Expr, old: DataTypeClass | pl.DataType, new: DataTypeClass | pl.DataType
) -> pl.Expr:
    """Return values with another type; the fields of a struct by name, where polars goes by place."""
    if isinstance(old, pl.List) and isinstance(new, pl.List):
        return column.list.eval(_converted(pl.element(), old.inner, new.inner))
    if isinstance(old, pl.Struct) and isinstance(new, pl.Struct):
        had = old.to_schema()
        fields = [
            _converted(column.struct.field(name), had[name], dtype).alias(name)
            if name in had
            else pl.lit(None, dtype).alias(name)
            for name, dtype in new.to_schema().items()
        ]
        return pl.when(column.is_not_null()).then(pl.struct(fields))
    return column if old == new else column.cast(new)
