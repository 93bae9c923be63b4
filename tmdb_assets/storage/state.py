"""State: what was spent and what uploads ask for, in a small SQL database. Films live in the lake."""

import contextlib
import datetime as dt
from collections.abc import Collection, Generator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from tmdb_assets.settings import Settings
from tmdb_assets.storage import spending
from tmdb_assets.storage.state_refusals import refusal
from tmdb_assets.storage.state_schema import TABLES as _TABLES
from tmdb_assets.storage.state_schema import StateDamagedError, bring_up_to_date
from tmdb_assets.tables import (
    ApiUsage,
    FailedRun,
    ListGap,
    RequestedMovie,
    RequestLease,
    Row,
    SyncAudit,
    TitleSearch,
    UploadSession,
)

__all__ = ["State", "StateDamagedError", "state_file"]

R = TypeVar("R", bound=Row)


_audit = _TABLES[SyncAudit]
_usage, _leases = _TABLES[ApiUsage], _TABLES[RequestLease]


class State:
    """What every synchronization took, how far uploads are and which films they ask for, which runs failed.

    Parameters
    ----------
    url
        An SQLAlchemy URL; its tables are made when missing; those of an earlier release are migrated.

    Raises
    ------
    SettingsError
        The URL is wrong, or there is no database that can be used.
    """

    def __init__(self, url: str) -> None:
        self._file: Path | None = None
        with self._in_a_sentence():
            self._engine = self._opened(sa.make_url(url))

    def _opened(self, parsed: sa.URL) -> sa.Engine:
        is_sqlite = parsed.get_backend_name() == "sqlite"
        if is_sqlite and parsed.database:
            self._file = Path(parsed.database)
            self._file.parent.mkdir(parents=True, exist_ok=True)
        waiting = {"timeout": 60} if is_sqlite and "timeout" not in parsed.query else {}
        engine = sa.create_engine(parsed, poolclass=sa.NullPool, connect_args=waiting)
        bring_up_to_date(engine)
        return engine

    def integrity_problems(self) -> list[str]:
        """Return what SQLite finds wrong with its file; other databases look after themselves."""
        if self._engine.dialect.name != "sqlite":
            return []
        try:
            with self._engine.connect() as connection:
                said = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
        except DBAPIError as error:
            return [str(error.orig)]
        return [str(one).replace("\n", " ") for one in said if one != "ok"]

    def add_audit(self, audit: SyncAudit) -> None:
        """Keep what one year of one table took."""
        self._replace(SyncAudit, [audit], sa.false())

    def newest_audits(
        self,
        asset: str,
        *,
        with_requests: bool = False,
        between: tuple[dt.datetime, dt.datetime] | None = None,
    ) -> dict[int | None, SyncAudit]:
        """Return, by release year, how the table was brought up to date last, or last with any request.

        The last is the one that was added last, whatever the clock said then.
        """
        wanted = (_audit.c.asset == asset) & (_audit.c.request_count >= int(with_requests))
        if between:
            wanted &= _audit.c.finished_at.between(*between)
        return {audit.year: audit for audit in self._read(SyncAudit, wanted, order_by="id")}

    def audits(self, *, run_id: str | None = None, asset: str | None = None) -> list[SyncAudit]:
        """Return the audits of a run, of a table, or all, oldest first."""
        of_run = sa.true() if run_id is None else _audit.c.run_id == run_id
        wanted = of_run & (sa.true() if asset is None else _audit.c.asset == asset)
        return self._read(SyncAudit, wanted, order_by="finished_at")

    def replace_gaps(self, year: int, gaps: Collection[ListGap]) -> None:
        """Make these what is missing from the lists of a release year."""
        self._replace(ListGap, gaps, _TABLES[ListGap].c.release_year == year)

    def list_gaps(self) -> list[ListGap]:
        """Return what is missing from the lists of each release year."""
        return self._read(ListGap, order_by="release_year")

    def save_session(self, session: UploadSession) -> None:
        """Keep how far an upload is."""
        self._replace(UploadSession, [session], _TABLES[UploadSession].c.upload == session.upload)

    def sessions(self) -> dict[str, UploadSession]:
        """Return how far each upload is."""
        return {session.upload: session for session in self._read(UploadSession, order_by="upload")}

    def request_movies(self, upload: str, movies: Collection[RequestedMovie]) -> None:
        """Make these the films that an upload asks for."""
        self._replace(RequestedMovie, movies, _TABLES[RequestedMovie].c.upload == upload)

    def request_more_movies(self, upload: str, movies: Collection[RequestedMovie]) -> None:
        """Let an upload ask for these films, too."""
        table = _TABLES[RequestedMovie]
        ids = [movie.tmdb_id for movie in movies]
        self._replace(RequestedMovie, movies, (table.c.upload == upload) & table.c.tmdb_id.in_(ids))

    def requested_movies(self) -> list[RequestedMovie]:
        """Return the films that uploads ask for."""
        return self._read(RequestedMovie, order_by="requested_at")

    def forget_upload(self, upload: str) -> None:
        """Forget an upload and the films that it asked for."""
        for row in (UploadSession, RequestedMovie):
            self._replace(row, [], _TABLES[row].c.upload == upload)

    def keep_search(self, search: TitleSearch) -> None:
        """Keep what TMDB's search answered, in the place of an older answer."""
        table = _TABLES[TitleSearch]
        asked = (table.c.title == search.title) & (table.c.language == search.language)
        self._replace(TitleSearch, [search], asked & table.c.year.is_not_distinct_from(search.year))

    def searches(self, *, language: str, between: tuple[dt.datetime, dt.datetime]) -> list[TitleSearch]:
        """Return what TMDB's search answered between two moments."""
        table = _TABLES[TitleSearch]
        recent = (table.c.language == language) & table.c.searched_at.between(*between)
        return self._read(TitleSearch, recent, order_by="searched_at")

    def add_failed_run(self, failed: FailedRun) -> None:
        """Keep that a run failed, and why."""
        self._replace(FailedRun, [failed], _TABLES[FailedRun].c.run_id == failed.run_id)

    def failed_runs(self, *, since: dt.datetime) -> list[FailedRun]:
        """Return the runs that failed since a moment, oldest first."""
        return self._read(FailedRun, _TABLES[FailedRun].c.failed_at >= since, order_by="failed_at")

    def add_usage(
        self, day: dt.date, asset: str, counts: Mapping[str, float], *, released_count: int = 0
    ) -> None:
        """Add to what was asked of TMDB, and take back so many requests that were leased."""
        with self._in_a_sentence(), self._engine.begin() as connection:
            if counts:
                spending.add_usage(connection, _usage, day, asset, counts)
            if released_count:
                spending.release(connection, _leases, day, released_count)

    def usage(self, *, since: dt.date = dt.date.min) -> list[ApiUsage]:
        """Return what was asked of TMDB since a day, oldest first."""
        return self._read(ApiUsage, _usage.c.day >= since, order_by="day")

    def lease_requests(self, day: dt.date, cap: int) -> int:
        """Return how many requests may be sent within a day's cap, 0 once it is reached."""
        with self._in_a_sentence(), self._engine.begin() as connection:
            return spending.lease(connection, _usage, _leases, day, cap)

    def requests_left(self, day: dt.date, cap: int) -> int:
        """Return how much of a day's cap is neither spent nor leased."""
        with self._in_a_sentence(), self._engine.connect() as connection:
            return max(0, spending.requests_left(connection, _usage, _leases, day, cap))

    @contextlib.contextmanager
    def _in_a_sentence(self) -> Generator[None]:
        try:
            yield
        except (ArgumentError, DBAPIError, ModuleNotFoundError, OSError) as error:
            why = str((error.orig if isinstance(error, DBAPIError) else None) or error)
            raise refusal(why, self._file) from None

    def _replace(self, row: type[R], rows: Collection[R], condition: sa.ColumnElement[bool]) -> None:
        """Put rows in the place of those that meet a condition."""
        table = _TABLES[row]
        with self._in_a_sentence(), self._engine.begin() as connection:
            connection.execute(table.delete().where(condition))
            if rows:
                connection.execute(table.insert(), [msgspec.structs.asdict(one) for one in rows])

    def _read(
        self, row: type[R], condition: sa.ColumnElement[bool] | None = None, *, order_by: str
    ) -> list[R]:
        table = _TABLES[row]
        columns = [table.c[name] for name in row.__struct_fields__]
        query = sa.select(*columns).where(sa.true() if condition is None else condition)
        with self._in_a_sentence(), self._engine.connect() as connection:
            found = connection.execute(query.order_by(table.c[order_by], table.c.id)).all()
        defaults = row.defaults()  # an earlier release that still runs leaves new columns empty
        return [
            row(
                **{
                    name: defaults.get(name) if value is None else value
                    for name, value in zip(row.__struct_fields__, values, strict=True)
                }
            )
            for values in found
        ]


def state_file(settings: Settings) -> Path | None:
    """Return the file of the state, where it is one."""
    if not settings.state:
        return settings.data / "state.db"
    url = sa.make_url(settings.state)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
