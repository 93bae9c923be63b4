"""State: what was spent and when, in a small SQL database. Facts about films live in the lake."""

import contextlib
import datetime as dt
from collections.abc import Generator
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from tmdb_assets.settings import SettingsError
from tmdb_assets.tables import SyncAudit


class _UtcInstant(sa.types.TypeDecorator[dt.datetime]):
    """A moment, kept without its zone because SQLite has none."""

    impl = sa.DateTime
    cache_ok = True

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
    pl.Float64(): sa.Float(),
    pl.Datetime("us", "UTC"): _UtcInstant(),
}

_audit = sa.Table(
    SyncAudit.table,
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, _SQL_TYPES[dtype]) for name, dtype in SyncAudit.schema().items()),
    sa.Index("newest_audit", "asset", "year", "finished_at"),
)


class State:
    """The audit of every synchronization.

    Parameters
    ----------
    url
        An SQLAlchemy URL; its tables are made when missing.

    Raises
    ------
    SettingsError
        The URL is wrong, or there is no database that can be used.
    """

    def __init__(self, url: str) -> None:
        with _in_a_sentence():
            self._engine = self._opened(sa.make_url(url))

    @staticmethod
    def _opened(parsed: sa.URL) -> sa.Engine:
        is_sqlite = parsed.get_backend_name() == "sqlite"
        if is_sqlite and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        waiting = {"timeout": 60} if is_sqlite else {}
        engine = sa.create_engine(parsed, poolclass=sa.NullPool, connect_args=waiting)
        with engine.begin() as connection:
            connection.execute(sa.schema.CreateTable(_audit, if_not_exists=True))  # another process may too
            for index in _audit.indexes:
                connection.execute(sa.schema.CreateIndex(index, if_not_exists=True))
        return engine

    def add_audit(self, audit: SyncAudit) -> None:
        """Keep what one year of one table took."""
        with _in_a_sentence(), self._engine.begin() as connection:
            connection.execute(_audit.insert().values(msgspec.structs.asdict(audit)))

    def newest_audits(self, asset: str, *, with_requests: bool = False) -> dict[int | None, SyncAudit]:
        """Return, by release year, how the table was brought up to date last, or last with any request."""
        enough = _audit.c.request_count >= int(with_requests)
        return {audit.year: audit for audit in self._read((_audit.c.asset == asset) & enough)}

    def audits(self, *, run_id: str | None = None) -> list[SyncAudit]:
        """Return the audits of a run, or all, oldest first."""
        return self._read(sa.true() if run_id is None else _audit.c.run_id == run_id)

    def _read(self, condition: sa.ColumnElement[bool]) -> list[SyncAudit]:
        columns = [column for column in _audit.c if column.name != "id"]
        query = sa.select(*columns).where(condition).order_by(_audit.c.finished_at, _audit.c.id)
        with _in_a_sentence(), self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [SyncAudit(**dict(zip(SyncAudit.__struct_fields__, row, strict=True))) for row in rows]


@contextlib.contextmanager
def _in_a_sentence() -> Generator[None]:
    try:
        yield
    except (ArgumentError, DBAPIError, ModuleNotFoundError, OSError) as error:
        why = (error.orig if isinstance(error, DBAPIError) else None) or error
        raise SettingsError(
            f"The state database cannot be used ({why}): mend TMDB_ASSETS_STATE or the file, or move the "
            "file away; a new one is made, and only the history of requests is lost."
        ) from None
