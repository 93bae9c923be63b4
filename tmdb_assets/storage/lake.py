"""The lake: one Delta table per asset, replaced year by year."""

import datetime as dt
import errno
import random
import shutil
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import polars as pl
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from tmdb_assets.storage.lake_schema import TableTypeError, as_today, changed_types, stored_schema, with_types
from tmdb_assets.storage.lake_upkeep import RETENTION, Upkeep, keep_up
from tmdb_assets.tables import Row

_ATTEMPTS = 12
_COMMITS_LOOKED_AT = 20
_ADDING = "tmdb_assets.add"
_KEEP_CHECKPOINTS = {"delta.checkpointInterval": "10"}


LAKE_ERRORS = (DeltaError, pl.exceptions.PolarsError)
"""What delta-rs and polars raise when a table cannot be read or written."""


def damaged(error: Exception) -> str | None:
    """Return a sentence on what to do when an error says that a table of the lake is damaged; else None."""
    if isinstance(error, TableTypeError):
        return str(error)
    is_missing_file = isinstance(error, OSError) and error.errno is None  # as polars raises it
    if not (is_missing_file or isinstance(error, LAKE_ERRORS)):
        return None
    words = str(error).strip().partition("\n")[0]
    return (
        f"A table of the lake cannot be used ({words}): if the disk has room, `tmdb-assets doctor` makes it "
        "again from the journal."
    )


def collected(rows: pl.LazyFrame) -> pl.DataFrame | None:
    """Return a table's rows; None where its files are damaged."""
    try:
        return rows.collect()
    except pl.exceptions.PanicException:  # polars' way to say that a file is no Parquet within
        return None
    except Exception as error:
        if not damaged(error):
            raise
        return None


class Lake:
    """Tables in a folder or at a URL; any number of processes may read and replace years at once.

    Parameters
    ----------
    uri
        A folder, or a URL that delta-rs knows, such as ``s3://bucket/lake``.
    """

    def __init__(self, uri: str | Path) -> None:
        self.uri = str(uri).rstrip("/")

    def replace(self, table: type[Row], frame: pl.DataFrame) -> None:
        """Make the rows of a table that is not stored by year exactly those given."""
        # Without a predicate two first writers at once would both be kept: neither removes the other's file.
        self._commit(
            lambda: write_deltalake(
                self._created(table), frame, mode="overwrite", schema_mode="merge", predicate="true"
            )
        )

    def replace_where(self, table: type[Row], frame: pl.DataFrame, column: str, value: str | dt.date) -> None:
        """Make the rows with a value in a column exactly those given: those of one upload, of one day."""
        quoted = str(value).replace("'", "''")
        self._commit(
            lambda: write_deltalake(
                self._created(table),
                frame,
                mode="overwrite",
                schema_mode="merge",
                predicate=f"{column} = '{quoted}'",
            )
        )

    def replace_year(self, table: type[Row], frame: pl.DataFrame, year: int) -> None:
        """Make the rows of one release year exactly those given; their films leave other years.

        Parameters
        ----------
        table
            The table's row type.
        frame
            Rows of that year, from ``table.frame``, which checks them: delta-rs casts silently.
        year
            The release year.

        Raises
        ------
        ValueError
            A row is of another year.
        """
        if others := set(frame["release_year"]) - {year}:
            raise ValueError(f"{table.table} for {year} has rows of {', '.join(map(str, sorted(others)))}.")
        self.rewrite_year(table, year, lambda _: frame)

    def replace_years(
        self, table: type[Row], years: Collection[int], compute: Callable[[pl.LazyFrame], pl.DataFrame]
    ) -> None:
        """Make the rows of several release years those that are computed, in one commit.

        What the years had is not read, so that it may be damaged.

        Parameters
        ----------
        compute
            Takes the whole table and returns all rows of these years. It is called again when another process
            commits to them meanwhile.
        """
        predicate = f"release_year IN ({', '.join(str(int(year)) for year in sorted(years))})"

        def write() -> None:
            stored = _StoredTable(self._created(table))
            new = compute(self._scanned(table, stored))
            write_deltalake(stored, new, mode="overwrite", schema_mode="merge", predicate=predicate)

        if years:
            self._commit(write)

    def make_anew(self, table: type[Row]) -> None:
        """Remove a table that cannot be read, whatever it has, and make it without rows.

        Raises
        ------
        OSError
            It is not in a folder of this machine, so it has to be removed where it is.
        """
        if "://" in self.uri:
            raise OSError(errno.ENOTSUP, "Remove this damaged table by hand", self._path(table))
        shutil.rmtree(self._path(table))
        self._created(table)

    def rewrite_year(
        self, table: type[Row], year: int, compute: Callable[[pl.LazyFrame], pl.DataFrame | None]
    ) -> None:
        """Make the rows of one release year those that are computed from the table as it is, in one commit.

        Parameters
        ----------
        table
            The table's row type.
        year
            The release year.
        compute
            Takes the whole table and returns the year's rows, from ``table.frame``, or None to leave it as it
            is. A row of another year goes there; each film leaves whichever year it was in. It is called
            again when another process commits to the same rows meanwhile.
        """
        self.rewrite_years(table, [year], compute)

    def rewrite_years(
        self,
        table: type[Row],
        years: Collection[int],
        compute: Callable[[pl.LazyFrame], pl.DataFrame | None],
    ) -> None:
        """Make the rows of several release years those that are computed, as :meth:`rewrite_year` does."""

        def write() -> None:
            stored = _StoredTable(self._created(table))
            rows = self._scanned(table, stored)
            new = compute(rows)
            if new is None:
                return
            is_here = pl.col("release_year").is_in(list(years))
            elsewhere = rows.filter(~is_here).select("tmdb_id", "release_year").collect()
            moved_in = new.join(elsewhere, on="tmdb_id", how="semi")
            moving = pl.concat([moved_in, new.filter(~is_here)])["tmdb_id"].unique()
            predicate = f"release_year IN ({', '.join(str(int(year)) for year in sorted(years))})"
            if len(moving):
                predicate += f" OR tmdb_id IN ({', '.join(map(str, moving.sort()))})"
            write_deltalake(stored, new, mode="overwrite", schema_mode="merge", predicate=predicate)

        self._commit(write)

    def add(self, table: type[Row], frame: pl.DataFrame) -> None:
        """Add the rows whose key the table does not have yet; so adding twice is adding once."""

        def write() -> None:
            stored = _StoredTable(self._created(table))
            there = self._scanned(table, stored).select(table.key)
            new = frame.unique(table.key, keep="last", maintain_order=True).join(
                there.join(frame.lazy(), on=table.key, how="semi").collect(), on=table.key, how="anti"
            )
            if new.is_empty():
                return
            # Two plain appends are no conflict to Delta; two of the same application and version are.
            added = Transaction(_ADDING, (stored.transaction_version(_ADDING) or 0) + 1)
            write_deltalake(
                stored,
                new,
                mode="append",
                schema_mode="merge",
                commit_properties=CommitProperties(app_transactions=[added]),
            )

        if not frame.is_empty():
            self._commit(write)

    def scan(self, table: type[Row]) -> pl.LazyFrame:
        """Return a table lazily, with the columns of its row type; empty where there is none yet."""
        return self._scanned(table, self._stored(table))

    @staticmethod
    def _scanned(table: type[Row], stored: "_StoredTable | None") -> pl.LazyFrame:
        if stored is None or not stored.file_uris():
            return table.frame().lazy()
        return as_today(table, pl.scan_delta(stored))

    def read(self, table: type[Row], *, years: Collection[int] | None = None) -> pl.DataFrame:
        """Return a table's rows, of some release years or of all, ordered by its key."""
        rows = self.scan(table)
        if years is not None:
            rows = rows.filter(pl.col("release_year").is_in(list(years)))
        return rows.collect().sort(table.key)

    def row_counts(self, table: type[Row]) -> dict[int, int]:
        """Return how many rows each release year has, from the table's log alone."""
        stored = self._stored(table)
        actions = pl.DataFrame(stored.get_add_actions(flatten=True)) if stored else pl.DataFrame()
        if actions.is_empty():
            return {}
        by_year = actions.group_by("partition.release_year").agg(pl.col("num_records").sum())
        return {int(year): int(count) for year, count in by_year.iter_rows()}

    def promised_count(self, table: type[Row]) -> int | None:
        """Return how many rows a table has by its log alone; None where there is no table."""
        stored = self._stored(table)
        if stored is None:
            return None
        actions = pl.DataFrame(stored.get_add_actions(flatten=True))
        return int(actions["num_records"].sum()) if len(actions) else 0

    def written_at(self, table: type[Row]) -> dt.datetime | None:
        """Return when a table's rows were written last; upkeep, which moves them only, does not count."""
        stored = self._stored(table)
        for commit in stored.history(_COMMITS_LOOKED_AT) if stored else ():
            if commit.get("operation") in {"WRITE", "DELETE", "MERGE", "UPDATE"}:
                return dt.datetime.fromtimestamp(commit["timestamp"] / 1000, dt.UTC)
        return None

    def has_files(self, table: type[Row]) -> bool:
        """Say whether a table's folder holds files of rows."""
        return "://" not in self.uri and any(Path(self._path(table)).rglob("*.parquet"))

    def file_uris(self, table: type[Row]) -> Sequence[str]:
        """Return the Parquet files that are the table now."""
        stored = self._stored(table)
        return stored.file_uris() if stored else []

    def upkeep(self, table: type[Row], *, retention: dt.timedelta = RETENTION) -> Upkeep | None:
        """Merge a table's small files and remove those that were left out of it longer than a time ago.

        Parameters
        ----------
        table
            The table's row type.
        retention
            How long a file stays for readers that opened an earlier version, and for writers on their way.

        Returns
        -------
        Upkeep | None
            How many files were merged and removed; None where there is no table.
        """
        done: list[Upkeep] = []

        def keep() -> None:
            if stored := self._stored(table):
                done.append(keep_up(stored, retention))

        self._commit(keep)
        return done[-1] if done else None

    def _stored(self, table: type[Row]) -> "_StoredTable | None":
        try:
            stored = _StoredTable(self._path(table))
        except TableNotFoundError:
            return None
        return self._migrated(table) if changed_types(table, stored_schema(stored)) else stored

    def _migrated(self, table: type[Row]) -> "_StoredTable":
        """Give an earlier release's columns today's types, in one commit, by whoever comes first."""

        def migrate() -> None:
            stored = _StoredTable(self._path(table))
            if changed := changed_types(table, stored_schema(stored)):
                rows = with_types(table, pl.scan_delta(stored), changed)
                # The predicate makes rows that an earlier release adds meanwhile a conflict; then again.
                write_deltalake(stored, rows, mode="overwrite", schema_mode="overwrite", predicate="true")

        self._commit(migrate)
        return _StoredTable(self._path(table))

    def _path(self, table: type[Row]) -> str:
        return f"{self.uri}/{table.table}"

    def _created(self, table: type[Row]) -> str:
        path = self._path(table)
        if not DeltaTable.is_deltatable(path):
            DeltaTable.create(
                path,
                table.schema(),
                partition_by=[column] if (column := table.partition_column()) else None,
                mode="ignore",
                description=table.grain,
                configuration=_KEEP_CHECKPOINTS,
            )
        self._stored(table)  # which brings it up to date
        return path

    @staticmethod
    def _commit(write: Callable[[], object]) -> None:
        """Write, and again when another process committed first; a table's creation can lose the race too."""
        for attempt in range(_ATTEMPTS):
            try:
                write()
            except CommitFailedError:
                if attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(random.uniform(0.01, 0.05 * 2 ** min(attempt, 5)))  # noqa: S311 -- jitter, no secret
            else:
                return


class _StoredTable(DeltaTable):
    """A table whose local files have the names that they have on the disk."""

    def file_uris(self, *args: Any, **filters: Any) -> list[str]:  # noqa: ANN401 -- as delta-rs declares them
        """Return them decoded; delta-rs gives ``my%20films`` for ``my films``, and no reader knows that."""
        uris = super().file_uris(*args, **filters)
        return [uri if "://" in uri else unquote(uri) for uri in uris]
