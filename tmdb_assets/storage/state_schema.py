"""The tables of the state, and how those of an earlier release become them."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import sqlalchemy as sa

from tmdb_assets.settings import SettingsError, StoredDataError
from tmdb_assets.tables import STATE_TABLES, ApiUsage, RequestLease, Row, SyncAudit, TitleSearch

STATE_VERSION = 1
"""Raised by a release whose state no older release may open."""

_ADVISORY_LOCK = 7_463_621
"""Which lock of PostgreSQL's a migration takes; any number that nobody else takes."""

_Step = Callable[[sa.Connection], object]


class StateDamagedError(StoredDataError):
    """The state's database is damaged; it was not changed."""


class _UtcInstant(sa.types.TypeDecorator[dt.datetime]):
    """A moment, kept without its zone because SQLite has none."""

    impl = sa.DateTime
    cache_ok = True

    @property
    def python_type(self) -> type[dt.datetime]:
        """What is kept."""
        return dt.datetime

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        """Keep a moment as UTC."""
        del dialect
        return value.astimezone(dt.UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        """Give it its zone back."""
        del dialect
        return value.replace(tzinfo=dt.UTC) if value else None


_SQL_TYPES: dict[pl.DataType, sa.types.TypeEngine[Any]] = {
    pl.String(): sa.String(),
    pl.Int64(): sa.BigInteger(),
    pl.Int32(): sa.Integer(),
    pl.Float64(): sa.Float(),
    pl.Date(): sa.Date(),
    pl.Datetime("us", "UTC"): _UtcInstant(),
    pl.List(pl.String()): sa.JSON(),
}


def _columns(row: type[Row]) -> list[sa.Column[Any]]:
    return [sa.Column(name, _SQL_TYPES[dtype]) for name, dtype in row.schema().items()]


def table_of(row: type[Row], metadata: sa.MetaData) -> sa.Table:
    """Return the SQL table of a row type; an ``id`` keeps the order in which rows came."""
    return sa.Table(row.table, metadata, sa.Column("id", sa.Integer, primary_key=True), *_columns(row))


METADATA = sa.MetaData()
TABLES = {row: table_of(row, METADATA) for row in STATE_TABLES}
_audit = TABLES[SyncAudit]
sa.Index("newest_audit", _audit.c.asset, _audit.c.year, _audit.c.finished_at)
sa.Index("title_search", TABLES[TitleSearch].c.title)
_usage = TABLES[ApiUsage]
sa.Index("usage_of_day_and_asset", _usage.c.day, _usage.c.asset, unique=True)
sa.Index("lease_of_day", TABLES[RequestLease].c.day, unique=True)


def bring_up_to_date(engine: sa.Engine, tables: dict[type[Row], sa.Table] = TABLES) -> None:
    """Give the database the tables and columns of today, in one transaction; whoever comes first does it.

    Raises
    ------
    SettingsError
        It is of a newer release, or holds a value that today's column cannot; nothing was changed.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
            _refuse_torn(connection)
        if not _steps(connection, tables):
            return
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        for step in _steps(connection, tables):  # looked at again: another process may have been first
            step(connection)


def _steps(connection: sa.Connection, tables: dict[type[Row], sa.Table]) -> list[_Step]:
    """Return what is to be done."""
    inspector = sa.inspect(connection)
    stored = set(inspector.get_table_names())
    steps: list[_Step] = [] if _is_of_today(connection, stored) else [_set_version]
    for row, table in tables.items():
        if table.name not in stored:
            steps.append(partial(_create, table))
            continue
        types = {column["name"]: column["type"] for column in inspector.get_columns(table.name)}
        if any(_is_other(types[column.name], column) for column in table.c if column.name in types):
            steps.append(partial(_convert, row, table))
            continue
        steps += [partial(_add, row, column) for column in table.c if column.name not in types]
        indexed = {index["name"] for index in inspector.get_indexes(table.name)}
        steps += [partial(_create_index, index) for index in table.indexes if index.name not in indexed]
    return steps


_VERSION = sa.Table("state_version", sa.MetaData(), sa.Column("version", sa.Integer))


def _is_of_today(connection: sa.Connection, stored: set[str]) -> bool:
    if _VERSION.name not in stored:
        return False
    version = connection.scalar(sa.select(sa.func.max(_VERSION.c.version))) or 0
    if version > STATE_VERSION:
        raise SettingsError(
            f"The state is of a newer release of tmdb-assets (its version is {version}, this release "
            f"knows {STATE_VERSION}): install that one again, or name another state."
        )
    return version == STATE_VERSION


def _set_version(connection: sa.Connection) -> None:
    connection.execute(sa.schema.CreateTable(_VERSION, if_not_exists=True))
    connection.execute(_VERSION.delete())
    connection.execute(_VERSION.insert().values(version=STATE_VERSION))


def _create(table: sa.Table, connection: sa.Connection) -> None:
    connection.execute(sa.schema.CreateTable(table))
    for index in table.indexes:
        _create_index(index, connection)


def _create_index(index: sa.Index, connection: sa.Connection) -> None:
    connection.execute(sa.schema.CreateIndex(index))


def _add(row: type[Row], column: sa.Column[Any], connection: sa.Connection) -> None:
    """Add a column, with the row type's default in the rows that are there."""
    quote = connection.dialect.identifier_preparer.format_column
    kind = column.type.compile(connection.dialect)
    connection.exec_driver_sql(f"ALTER TABLE {column.table.name} ADD COLUMN {quote(column)} {kind}")
    if column.name in (defaults := row.defaults()):
        connection.execute(column.table.update().values({column: defaults[column.name]}))


def _is_other(stored: sa.types.TypeEngine[Any], column: sa.Column[Any]) -> bool:
    """Say whether a column holds another kind of values; how wide they may be is the database's affair."""
    try:
        return stored.python_type is not column.type.python_type
    except NotImplementedError:  # a type that SQLAlchemy does not know
        return True


def _convert(row: type[Row], table: sa.Table, connection: sa.Connection) -> None:
    """Make a table again whose columns have other types now; its rows are read by today's."""
    stored = sa.Table(table.name, sa.MetaData(), autoload_with=connection)
    names = [name for name in row.__struct_fields__ if name in stored.c]
    query = sa.select(stored.c.id, *(stored.c[name] for name in names)).order_by(stored.c.id)
    types = {field.name: field.type for field in msgspec.structs.fields(row)}
    rows: list[dict[str, Any]] = []
    for number, *values in connection.execute(query):
        found: dict[str, Any] = {**dict.fromkeys(types), **row.defaults(), "id": number}
        for name, value in zip(names, values, strict=True):
            try:
                found[name] = None if value is None else _convert_value(value, types[name])
            except msgspec.ValidationError as error:
                raise SettingsError(
                    f"The table {table.name} of the state is of an earlier release, and its column "
                    f"{name} has a value that does not fit ({error}): mend it, or name another state."
                ) from None
        rows.append(found)
    stored.drop(connection)
    _create(table, connection)
    if rows:
        connection.execute(table.insert(), rows)


def _convert_value(value: object, kind: Any) -> object:  # noqa: ANN401 -- a type annotation has no narrower type
    if isinstance(value, dt.datetime):
        value = value.replace(tzinfo=dt.UTC)
    return msgspec.convert(value, kind, strict=False)


def _refuse_torn(connection: sa.Connection) -> None:
    """Refuse a file that was cut off within its last page, or after its first byte: SQLite would use both."""
    connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1")  # from here on nobody writes to it
    file = connection.engine.url.database
    page = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    if file and Path(file).is_file() and Path(file).stat().st_size % int(page):
        raise StateDamagedError(
            f"The state database {file} was cut off: put it back from a copy, or move it away: a new one is "
            "made, the history of requests is lost, and lists are asked for again."
        )
