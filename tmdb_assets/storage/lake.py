"""The lake: one Delta table per asset, replaced year by year."""

import datetime as dt
import errno
from collections.abc import Callable, Collection
from pathlib import Path

import polars as pl
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake

from tmdb_assets.storage.lake_reader import SET_ASIDE, LakeReader, StoredTable
from tmdb_assets.storage.lake_room import make_sure_of_room
from tmdb_assets.storage.lake_upkeep import RETENTION, Upkeep, keep_up_table
from tmdb_assets.tables import Row

_ADDING = "tmdb_assets.add"
_KEEP_CHECKPOINTS = {"delta.checkpointInterval": "10"}


class Lake(LakeReader):
    """Tables in a folder or at a URL; any number of processes may read and replace years at once.

    Parameters
    ----------
    uri
        A folder, or a URL that delta-rs knows, such as ``s3://bucket/lake``.
    """

    def replace(self, table: type[Row], frame: pl.DataFrame) -> None:
        """Make the rows of a table that is not stored by year exactly those given."""
        self.rewrite(table, lambda _: frame)

    def rewrite(self, table: type[Row], compute: Callable[[pl.LazyFrame], pl.DataFrame | None]) -> None:
        """Make the rows of a table that is not stored by year those that are computed from it, in one commit.

        What it had is not read, so that it may be damaged.

        Parameters
        ----------
        compute
            Takes the whole table and returns all its rows, or None to leave it as it is. It is called again
            when another process commits to it meanwhile.
        """

        def write() -> None:
            stored = self._created(table)
            new = compute(self._scanned(table, stored))
            if new is not None:
                # Without a predicate two first writers would both be kept: neither removes the other's file.
                write_deltalake(stored, new, mode="overwrite", schema_mode="merge", predicate="true")

        self._commit(write)

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
            stored = self._created(table)
            new = compute(self._scanned(table, stored))
            write_deltalake(stored, new, mode="overwrite", schema_mode="merge", predicate=predicate)

        if years:
            self._commit(write)

    def set_aside(self, table: type[Row], *, at: dt.datetime) -> Path | None:
        """Put a table that cannot be read out of the way, whatever it has, and make it without rows.

        Parameters
        ----------
        table
            The table's row type.
        at
            The moment, UTC, which names the folder.

        Returns
        -------
        Path | None
            Where it is now; None where another process was first.

        Raises
        ------
        OSError
            It is not in a folder of this machine, so it has to be removed where it is.
        """
        if "://" in self.uri:
            raise OSError(errno.ENOTSUP, "Remove this damaged table by hand", self._path(table))
        damaged_table = Path(self._path(table))
        aside = damaged_table.with_name(f"{table.table}{SET_ASIDE}{at:%Y%m%dT%H%M%S}")
        try:
            damaged_table.rename(aside)
        except FileNotFoundError:
            return None
        self.make(table)
        return aside

    def make(self, table: type[Row]) -> None:
        """Make a table without rows, unless it is there."""
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
            stored = self._created(table)
            rows = self._scanned(table, stored)
            new = compute(rows)
            if new is None:
                return
            is_here = pl.col("release_year").is_in(list(years))
            elsewhere = rows.filter(~is_here).select("tmdb_id").collect() if len(new) else new
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
            stored = self._created(table)
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

    def remove(self, table: type[Row], frame: pl.DataFrame) -> None:
        """Remove the rows that have the keys of these, which have no NULL."""

        def write() -> None:
            if stored := self._stored(table):
                same_key = " AND ".join(f"stored.{column} = going.{column}" for column in table.key)
                going = frame.select(table.key)
                merge = stored.merge(going, same_key, source_alias="going", target_alias="stored")
                merge.when_matched_delete().execute()

        if not frame.is_empty():
            self._commit(write)

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
                done.append(keep_up_table(stored, retention))

        self._commit(keep)
        return done[-1] if done else None

    def _created(self, table: type[Row]) -> StoredTable:
        """Open a table, up to date; it is made where there is none yet."""
        if self._place:
            make_sure_of_room(self.uri, self._place)
        if stored := self._stored(table):
            return stored
        DeltaTable.create(
            self._path(table),
            table.schema(),
            partition_by=[column] if (column := table.partition_column()) else None,
            mode="ignore",
            description=table.grain,
            configuration=_KEEP_CHECKPOINTS,
        )
        return StoredTable(self._path(table))
