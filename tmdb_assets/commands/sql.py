"""``tmdb-assets sql``: a query on the published snapshot."""

import contextlib
import shutil

import click
import duckdb
import msgspec
import polars as pl

from tmdb_assets.commands.plain import plain
from tmdb_assets.settings import Settings, SettingsError, StoredDataError
from tmdb_assets.storage.folder import snapshot_path
from tmdb_assets.storage.snapshot import open_snapshot

_ROWS_SHOWN = 200
_WIDTH = 100
"""Characters, where nobody knows how wide the terminal is."""
_NARROWEST = 8
"""Characters of a column that can be read."""


def sql(query: str, *, as_json: bool) -> None:
    """Run a query and print its rows, as a table or as one JSON object a line.

    Raises
    ------
    SettingsError
        Nothing was published yet, or DuckDB does not understand the query.
    StoredDataError
        A folder is in the snapshot's place.
    """
    path = snapshot_path(Settings.load())
    if path.is_dir():
        raise StoredDataError(f"{path} is a folder: move it away, and `tmdb-assets rebuild` publishes again.")
    try:
        with open_snapshot(path) as connection:
            connection.execute(query)
            names = _unique([column[0] for column in connection.description or ()])
            values = connection.fetchall() if names else []
    except FileNotFoundError:
        raise SettingsError(f"There is no {path} yet: `tmdb-assets run` makes it.") from None
    except duckdb.Error as error:
        raise SettingsError(f"DuckDB says: {error}") from None
    if as_json:
        for row in values:
            click.echo(msgspec.json.encode(dict(zip(names, row, strict=True))).decode())
        return
    if not values:
        click.echo("no rows")
        return
    click.echo(plain(as_text(names, values, width=shutil.get_terminal_size((_WIDTH, 0)).columns)))


def as_text(names: list[str], values: list[tuple[object, ...]], *, width: int) -> str:
    """Return rows as a table; as lines where its columns would be too narrow, or hold what none can."""
    if len(names) * _NARROWEST <= width:
        with contextlib.suppress(TypeError, pl.exceptions.PolarsError):
            return _as_table(names, values, width)
    longest = max(map(len, names))
    rows = (zip(names, row, strict=True) for row in values[:_ROWS_SHOWN])
    shown = ["\n".join(f"{name:<{longest}}  {value}" for name, value in row) for row in rows]
    left = len(values) - _ROWS_SHOWN
    return "\n\n".join([*shown, *([f"… and {left:,} more; --json has all rows"] if left > 0 else [])])


def _as_table(names: list[str], values: list[tuple[object, ...]], width: int) -> str:
    table = pl.DataFrame(values, schema=names, orient="row", infer_schema_length=None)
    with pl.Config(
        tbl_rows=_ROWS_SHOWN,
        tbl_cols=-1,
        tbl_hide_dataframe_shape=True,
        fmt_str_lengths=60,
        tbl_width_chars=width,
    ):
        return str(table)


def _unique(names: list[str]) -> list[str]:
    """Return column names of which none repeats, as a join's do."""
    return [
        f"{name}_{names[:place].count(name) + 1}" if name in names[:place] else name
        for place, name in enumerate(names)
    ]
