"""The ids of the exports that were read last: sorted, in a small file each, replaced whole."""

import contextlib
import datetime as dt
import fcntl
import os
import secrets
from collections.abc import Generator
from pathlib import Path

import polars as pl

_KEPT = 2
"""The last export and the one before it: the last one can be read again."""

_IDS = "ids_"
_WORKING = ".work-"


class ExportIds:
    """Ids by the date of their export, in a folder.

    Parameters
    ----------
    folder
        Made when something is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def alone(self) -> Generator[None]:
        """Hold off other processes, and remove what a killed one was working on."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            for left in self._folder.glob(f"{_WORKING}*"):
                left.unlink()
            yield

    @contextlib.contextmanager
    def working_file(self, suffix: str) -> Generator[Path]:
        """Name a file that is gone afterwards."""
        path = self._folder / f"{_WORKING}{os.getpid()}-{secrets.token_hex(3)}{suffix}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def dates(self) -> list[dt.date]:
        """Return the dates of the exports whose ids are kept, oldest first."""
        return sorted(dt.date.fromisoformat(path.stem.removeprefix(_IDS)) for path in self._files())

    def counts(self) -> dict[dt.date, int]:
        """Return how many films each of these exports names, oldest first."""
        scans = {date: pl.scan_parquet(self._path(date)) for date in self.dates()}
        return {date: scan.select(pl.len()).collect().item() for date, scan in scans.items()}

    def before(self, date: dt.date) -> pl.Series | None:
        """Return the ids of the newest export before a date, in ascending order."""
        earlier = [kept for kept in self.dates() if kept < date]
        return pl.read_parquet(self._path(earlier[-1]))["tmdb_id"] if earlier else None

    def keep(self, date: dt.date, ids: pl.Series) -> None:
        """Keep the ids of an export, given in ascending order, and let the oldest go."""
        with self.working_file(".parquet") as building:
            pl.DataFrame({"tmdb_id": ids}).write_parquet(building)
            building.replace(self._path(date))
        for old in self.dates()[:-_KEPT]:
            self._path(old).unlink()

    def _files(self) -> list[Path]:
        return list(self._folder.glob(f"{_IDS}*.parquet"))

    def _path(self, date: dt.date) -> Path:
        return self._folder / f"{_IDS}{date}.parquet"
