"""The snapshot: one DuckDB file for readers, built beside the old one and renamed over it."""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb
import polars as pl

from tmdb_assets.settings import StoredDataError
from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.lake_damage import unusable
from tmdb_assets.storage.lake_room import has_room
from tmdb_assets.storage.leftovers import remove, remove_leftovers
from tmdb_assets.storage.state import State
from tmdb_assets.tables import (
    LAKE_TABLES,
    AllTimeCarousel,
    ApiUsage,
    CuratedCarousel,
    ListGap,
    RequestedMovie,
    Row,
    SyncAudit,
)
from tmdb_assets.transforms.carousel_order import ORDERED_BY, in_order

Connect = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]

_FRUGAL = {
    "threads": 1,  # each reads a file and fills row groups of its own
    "memory_limit": "128MB",  # by default four fifths of the machine
    "write_buffer_row_group_count": 1,
    "enable_external_file_cache": False,  # each file is read once
}
"""How DuckDB builds a snapshot; more threads and memory make it no faster."""
_ROWS_IN_A_GROUP = 20_480
"""DuckDB holds a group whole until it is on the disk; by default a group has 122,880 rows."""

_VIEWS = {
    "movies": """
        SELECT * EXCLUDE ("cast", crew, request_fingerprint) REPLACE (
            array_to_string(genres, ', ') AS genres,
            array_to_string(directors, ', ') AS directors,
            array_to_string(keywords, ', ') AS keywords,
            array_to_string(production_companies, ', ') AS production_companies,
            array_to_string(production_countries, ', ') AS production_countries,
            array_to_string(spoken_languages, ', ') AS spoken_languages
        ), array_to_string(list_transform("cast"[:10], lambda member: member.name), ', ') AS leading_cast
        FROM movie_details""",
    "genres": """
        SELECT tmdb_id, release_year, unnest(genre_ids) AS genre_id, unnest(genres) AS genre
        FROM movie_details""",
    "cast_members": """
        SELECT tmdb_id, release_year, unnest("cast", recursive := true) FROM movie_details""",
    "crew_members": """
        SELECT tmdb_id, release_year, unnest(crew, recursive := true) FROM movie_details""",
    "movie_outcomes": """
        WITH answered AS (
            SELECT tmdb_id, release_year, title, 'ok' AS outcome, 0 AS failure_count, checked_at
            FROM movie_details
            UNION ALL BY NAME
            SELECT tmdb_id, release_year, title, reason AS outcome, failure_count, message, checked_at
            FROM failed_movies ANTI JOIN movie_details USING (tmdb_id)
        ), promised AS (
            SELECT tmdb_id, release_year, title FROM discovered_movies
            UNION ALL BY NAME
            SELECT tmdb_id, any_value(release_year) AS release_year, any_value(title) AS title
            FROM requested_movies ANTI JOIN discovered_movies USING (tmdb_id) GROUP BY tmdb_id
        )
        FROM answered
        UNION ALL BY NAME
        SELECT tmdb_id, release_year, title, 'pending' AS outcome, 0 AS failure_count
        FROM promised ANTI JOIN answered USING (tmdb_id)""",
}


class PublishingError(StoredDataError):
    """Nothing was published, and the snapshot of before stays; the text says why and what to do."""


def _connect() -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    return contextlib.closing(duckdb.connect())


def publish(lake: Lake, state: State, path: Path, *, connect: Connect = _connect) -> dict[str, int]:
    """Build the snapshot from the lake as it is now and put it in the old one's place.

    Readers that hold the old file open keep reading it. Two processes publish one after the other, and each
    reads the lake only when it is its turn, so a newer snapshot is never replaced by an older one.

    Parameters
    ----------
    path
        The snapshot's file.
    connect
        How to open a DuckDB database in memory, to which the file is attached.

    Returns
    -------
    dict[str, int]
        Rows per table.

    Raises
    ------
    PublishingError
        A table of the lake cannot be read, there is no room, or a folder is in the snapshot's place.
    """
    if path.is_dir():
        raise PublishingError(f"{path} is a folder: move it away, then run the same again to publish.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.with_suffix(".lock")):
        for left in path.parent.glob(f".{path.stem}-*"):  # of a publisher that was killed
            remove(left)
        remove_leftovers(path.parent.glob(f".read-*{path.suffix}"))
        building = path.parent / f".{path.stem}-{os.getpid()}-{secrets.token_hex(3)}{path.suffix}"
        try:
            with connect() as connection:
                _attach(connection, building)
                counts = {table.table: _copy(connection, table, lake) for table in LAKE_TABLES}
                counts[SyncAudit.table] = _store(connection, SyncAudit, SyncAudit.frame(state.audits()))
                requested = RequestedMovie.frame(state.requested_movies())
                counts[RequestedMovie.table] = _store(connection, RequestedMovie, requested)
                counts[ListGap.table] = _store(connection, ListGap, ListGap.frame(state.list_gaps()))
                counts[ApiUsage.table] = _store(connection, ApiUsage, ApiUsage.frame(state.usage()))
                counts[AllTimeCarousel.table] = _merge_carousels(connection)
                for name, query in _VIEWS.items():
                    connection.execute(f'CREATE VIEW "{name}" AS {query}')
                connection.execute("CHECKPOINT")
            building.replace(path)
        except (duckdb.Error, PublishingError):
            if has_room(path.parent):
                raise
            raise PublishingError(
                f"{path.parent} has no room for the snapshot: make room, then run the same again."
            ) from None
        finally:
            for left in path.parent.glob(f"{building.stem}.*"):
                remove(left)
    return counts


@contextlib.contextmanager
def open_snapshot(path: Path) -> Generator[duckdb.DuckDBPyConnection]:
    """Open the snapshot to read it, in a way that never stops it from being replaced.

    DuckDB shares one instance per path within a process, so a second connection would see the old data for
    as long as a first is open. A hard link of its own gives every connection the file as it is now.

    Raises
    ------
    FileNotFoundError
        Nothing was published yet.
    """
    alias = path.with_name(f".read-{os.getpid()}-{secrets.token_hex(6)}{path.suffix}")
    try:
        os.link(path, alias)
    except FileNotFoundError:
        raise
    except OSError:
        alias = path  # a folder that cannot be written is not replaced either
    try:
        connection = duckdb.connect(
            str(alias),
            read_only=True,
            config={"python_enable_replacements": "false", "autoinstall_known_extensions": "false"},
        )
    finally:
        if alias != path:
            alias.unlink()
    try:
        yield connection
    finally:
        connection.close()


class _ArrowStream:
    """A polars frame that DuckDB reads as Arrow; given the frame itself it wants pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


@contextlib.contextmanager
def _locked(path: Path) -> Generator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _attach(connection: duckdb.DuckDBPyConnection, building: Path) -> None:
    """Attach a new file and use it; what does not fit into memory is put beside it for a while."""
    for name, value in {**_FRUGAL, "temp_directory": str(building.with_suffix(".tmp"))}.items():
        connection.execute(f"SET {name} = {_quoted(str(value))}")
    # A log would be of use to nobody: a file that is not finished is thrown away.
    options = f"ROW_GROUP_SIZE {_ROWS_IN_A_GROUP}, RECOVERY_MODE no_wal_writes"
    connection.execute(f"ATTACH {_quoted(str(building))} AS snapshot ({options})")
    connection.execute("USE snapshot")


def _copy(connection: duckdb.DuckDBPyConnection, table: type[Row], lake: Lake) -> int:
    """Copy a table from its files, which are year by year, each in the order of the key."""
    _create(connection, table)
    defaults = {f"default_{name}": value for name, value in table.defaults().items()}
    if files := sorted(lake.file_uris(table)):
        columns = ", ".join(
            f'coalesce("{name}", $default_{name}) AS "{name}"'
            if f"default_{name}" in defaults
            else f'"{name}"'
            for name in table.schema()
        )
        # The empty table gives the columns that the files lack; columns that are ours no more are left out.
        source = f"""
            SELECT {columns} FROM (
                FROM "{table.table}" WHERE false
                UNION ALL BY NAME
                FROM read_parquet($files, hive_partitioning = true, union_by_name = true)
            )"""
        insert = _insert(table, source) if table.partition_column() else _insert_sorted(table, source)
        try:
            connection.execute(insert, {"files": files, **defaults})
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            raise PublishingError(unusable(f"{table.table}: {str(error).partition(chr(10))[0]}")) from None
    return _count(connection, table)


def _store(connection: duckdb.DuckDBPyConnection, table: type[Row], rows: pl.DataFrame) -> int:
    _create(connection, table)
    connection.register("rows", _ArrowStream(rows))
    connection.execute(_insert_sorted(table, "SELECT * FROM rows"))
    connection.unregister("rows")
    return _count(connection, table)


def _merge_carousels(connection: duckdb.DuckDBPyConnection) -> int:
    """Merge the years' carousels as this snapshot has them; memory holds only what decides the order."""
    _create(connection, AllTimeCarousel)
    deciding = ", ".join((*ORDERED_BY, "release_year"))
    years = connection.sql(f'SELECT {deciding} FROM "{CuratedCarousel.table}"')
    merged = in_order(pl.DataFrame(years)).select("theme", "tmdb_id", "release_year", "position")
    connection.register("merged", _ArrowStream(merged))
    source = f"""
        SELECT years.* REPLACE (years.theme AS slug, merged.position AS position)
        FROM "{CuratedCarousel.table}" AS years JOIN merged USING (theme, tmdb_id, release_year)"""
    connection.execute(_insert_sorted(AllTimeCarousel, source))
    connection.unregister("merged")
    return _count(connection, AllTimeCarousel)


def _create(connection: duckdb.DuckDBPyConnection, table: type[Row]) -> None:
    """Create an empty table with its types and descriptions."""
    connection.begin()  # one for all: each costs some milliseconds
    connection.register("empty", _ArrowStream(table.frame()))
    connection.execute(f'CREATE TABLE "{table.table}" AS FROM empty')
    connection.unregister("empty")
    connection.execute(f'COMMENT ON TABLE "{table.table}" IS {_quoted(table.grain)}')
    for column, description in table.descriptions().items():
        connection.execute(f'COMMENT ON COLUMN "{table.table}"."{column}" IS {_quoted(description)}')
    connection.commit()


def _insert(table: type[Row], source: str) -> str:
    return f'INSERT INTO "{table.table}" BY NAME {source}'


def _insert_sorted(table: type[Row], source: str) -> str:
    order = ", ".join(f'"{column}"' for column in table.key)
    return f"{_insert(table, source)} ORDER BY {order}"


def _count(connection: duckdb.DuckDBPyConnection, table: type[Row]) -> int:
    [(count,)] = connection.execute(f'SELECT count(*) FROM "{table.table}"').fetchall()
    return int(count)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
