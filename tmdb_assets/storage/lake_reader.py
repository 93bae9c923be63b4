"""Reading the lake: tables are opened, brought up to date, and looked at."""

import datetime as dt
import random
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import polars as pl
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError, TableNotFoundError

from tmdb_assets.storage.lake_room import place_of
from tmdb_assets.storage.lake_schema import as_today, changed_types, stored_schema, with_types
from tmdb_assets.tables import Row

SET_ASIDE = ".damaged-"
"""Between a table's name and the moment at which it was set aside."""

_ATTEMPTS = 12
_COMMITS_LOOKED_AT = 20


class StoredTable(DeltaTable):
    """A table whose local files have the names that they have on the disk."""

    def file_uris(self, *args: Any, **filters: Any) -> list[str]:  # noqa: ANN401 -- as delta-rs declares them
        """Return them decoded; delta-rs gives ``my%20films`` for ``my films``, and no reader knows that."""
        uris = super().file_uris(*args, **filters)
        return [uri if "://" in uri else unquote(uri) for uri in uris]


class LakeReader:
    """Tables in a folder or at a URL, to read; all that it writes is today's types into an earlier release's.

    Parameters
    ----------
    uri
        A folder, or a URL that delta-rs knows, such as ``s3://bucket/lake``.
    """

    def __init__(self, uri: str | Path) -> None:
        self.uri = str(uri).rstrip("/")
        self._place = None if "://" in self.uri else place_of(self.uri)

    def scan(self, table: type[Row]) -> pl.LazyFrame:
        """Return a table lazily, with the columns of its row type; empty where there is none yet."""
        return self._scanned(table, self._stored(table))

    @staticmethod
    def _scanned(table: type[Row], stored: StoredTable | None) -> pl.LazyFrame:
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

    def is_nothing_but_set_aside(self, table: type[Row]) -> bool:
        """Say whether a table was set aside by a process that was killed before it made the new one."""
        path = Path(self._path(table))
        is_here = "://" in self.uri or path.exists()
        return not is_here and any(path.parent.glob(f"{path.name}{SET_ASIDE}*"))

    def file_uris(self, table: type[Row]) -> Sequence[str]:
        """Return the Parquet files that are the table now."""
        stored = self._stored(table)
        return stored.file_uris() if stored else []

    def _stored(self, table: type[Row]) -> StoredTable | None:
        try:
            stored = StoredTable(self._path(table))
        except TableNotFoundError:
            return None
        return self._migrated(table) if changed_types(table, stored_schema(stored)) else stored

    def _migrated(self, table: type[Row]) -> "StoredTable":
        """Give an earlier release's columns today's types, in one commit, by whoever comes first."""

        def migrate() -> None:
            stored = StoredTable(self._path(table))
            if changed := changed_types(table, stored_schema(stored)):
                rows = with_types(table, pl.scan_delta(stored), changed)
                # The predicate makes rows that an earlier release adds meanwhile a conflict; then again.
                write_deltalake(stored, rows, mode="overwrite", schema_mode="overwrite", predicate="true")

        self._commit(migrate)
        return StoredTable(self._path(table))

    def _path(self, table: type[Row]) -> str:
        return f"{self.uri}/{table.table}"

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
