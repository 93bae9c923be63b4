"""What TMDB's lists gave, kept so that the lake can be made again without a request.

A table has a folder, and in it one file, or one for each release year. A file holds rows as they went into
the lake, one line of JSON each; it is replaced as a whole, before the lake is, and never changed.
"""

import contextlib
import fcntl
import logging
import os
import secrets
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path

import msgspec
import polars as pl
import zstandard

from tmdb_assets.tables import Row
from tmdb_assets.tables.columns import frame_of

_log = logging.getLogger(__name__)

_SUFFIX = ".ndjson.zst"
_LARGEST_EMPTY_BYTES = 64
"""A file with a row in it is larger."""


class ListFiles:
    """The rows of tables that are made of TMDB's lists, in a folder for each table.

    Parameters
    ----------
    folder
        Made when the first list is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, table: type[Row], frame: pl.DataFrame, year: int | None = None) -> None:
        """Put rows in the place of those that were kept before; when this returns, they are on the disk.

        Parameters
        ----------
        table
            The table's row type.
        frame
            All its rows, or all of one release year, from ``table.frame``.
        year
            The release year; None for a table without years.

        Raises
        ------
        OSError
            The disk is full or gone; what was kept before stays.
        """
        folder = self._folder(table)
        folder.mkdir(parents=True, exist_ok=True)
        name = table.table if year is None else f"{year:04}"
        with _locked(folder / ".lock"):
            for left in folder.glob("*.tmp"):  # of a writer that was killed: none but us has the lock
                left.unlink()
            building = folder / f"{name}-{os.getpid()}-{secrets.token_hex(3)}.tmp"
            try:
                with building.open("wb") as file:
                    file.write(_packed(table, frame))
                    file.flush()
                    os.fsync(file.fileno())
                building.replace(folder / f"{name}{_SUFFIX}")
            finally:
                building.unlink(missing_ok=True)

    def read(
        self, table: type[Row], *, on_problem: Callable[[str], object] = _log.warning
    ) -> Iterator[tuple[int | None, pl.DataFrame]]:
        """Yield what is kept of a table, by release year.

        A film that two years list is in the year that listed it last, as in the lake.

        Parameters
        ----------
        table
            The table's row type.
        on_problem
            Called with a sentence on a file that cannot be read, and is left out.
        """
        files = self._files(table)
        if not table.is_partitioned():
            for path in files.values():
                if (rows := _read(table, path, on_problem)) is not None:
                    yield None, rows
            return
        listed = {
            year: rows
            for year in sorted(files)
            if (rows := _read(table, files[year], on_problem)) is not None
        }
        newest = _newest(listed)
        for year, rows in listed.items():
            yield year, rows.join(newest[year], on="tmdb_id", how="semi", maintain_order="left")

    def empty_years(self, table: type[Row]) -> set[int]:
        """Return the release years whose list was kept, and has nothing in it."""
        found: set[int] = set()
        for year, path in self._files(table).items():
            if path.stat().st_size <= _LARGEST_EMPTY_BYTES:
                rows = _read(table, path, _log.warning)
                found |= {year} if rows is not None and rows.is_empty() else set()
        return found

    def looked_at(self, table: type[Row]) -> dict[int, str | None]:
        """Return what is wrong with each file, by release year; None where it can be read."""
        said: list[str] = []
        return {
            year: said[-1] if _read(table, path, said.append) is None else None
            for year, path in self._files(table).items()
        }

    def _files(self, table: type[Row]) -> dict[int, Path]:
        """Return a table's files by release year; the one of a table without years has none, and is 0."""
        found = {path.name.removesuffix(_SUFFIX): path for path in self._folder(table).glob(f"*{_SUFFIX}")}
        if not table.is_partitioned():
            return {0: found[table.table]} if table.table in found else {}
        return {int(name): path for name, path in found.items() if name.isdecimal()}

    def _folder(self, table: type[Row]) -> Path:
        return self.folder / table.table


def _newest(listed: Mapping[int, pl.DataFrame]) -> dict[int, pl.DataFrame]:
    """Return, by year, the ids of the films that it listed last."""
    if not listed:
        return {}
    films = pl.concat(
        rows.select("tmdb_id", "discovered_at", pl.lit(year).alias("year")) for year, rows in listed.items()
    )
    films = films.sort("discovered_at", "year").unique("tmdb_id", keep="last")
    return {year: films.filter(pl.col("year") == year).select("tmdb_id") for year in listed}


def _packed(table: type[Row], frame: pl.DataFrame) -> bytes:
    rows = (msgspec.convert(row, table) for row in frame.iter_rows(named=True))
    lines = b"".join(row.as_line() + b"\n" for row in rows)
    return zstandard.ZstdCompressor(level=6, write_checksum=True).compress(lines)


def _read(table: type[Row], path: Path, on_problem: Callable[[str], object]) -> pl.DataFrame | None:
    """Return a file's rows, with the defaults of columns that it lacks; None where it is damaged."""
    try:
        lines = zstandard.ZstdDecompressor().decompress(path.read_bytes())
        return frame_of(table, msgspec.json.Decoder(table).decode_lines(lines))
    except (OSError, zstandard.ZstdError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        on_problem(f"{path} is left out, for it cannot be read ({error}): its list is asked for again.")
        return None


@contextlib.contextmanager
def _locked(path: Path) -> Generator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
