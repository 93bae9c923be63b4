"""Frames that wait on the disk, so that memory holds a part of them at a time."""

import os
import secrets
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import polars as pl

_PREFIX = ".spool-"


class Spool:
    """Frames by a number, such as a release year; in memory until they are too many.

    Parameters
    ----------
    folder
        Where its own folder is made when it is needed; it goes with the spool.
    empty
        A frame without rows, as under a number that nothing waits under.
    rows_in_memory
        How many rows may wait in memory.
    """

    def __init__(self, folder: Path, empty: pl.DataFrame, *, rows_in_memory: int) -> None:
        self._empty = empty
        self._folder = folder / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        self._rows_in_memory = rows_in_memory
        self._row_count = 0
        self._waiting: defaultdict[int, list[pl.DataFrame]] = defaultdict(list)
        self._files: defaultdict[int, list[Path]] = defaultdict(list)

    def add(self, number: int, frame: pl.DataFrame) -> None:
        """Let a frame wait."""
        self._waiting[number].append(frame)
        self._row_count += len(frame)
        if self._row_count > self._rows_in_memory:
            self._write()

    def numbers(self) -> list[int]:
        """Return the numbers that frames wait under, in order."""
        return sorted(self._waiting.keys() | self._files.keys())

    def take(self, number: int) -> pl.DataFrame:
        """Return what waited under a number, and forget it."""
        written = self._read(self._files.pop(number, []))
        return pl.concat([self._empty, *written, *self._waiting.pop(number, [])])

    @staticmethod
    def _read(files: list[Path]) -> Iterator[pl.DataFrame]:
        for path in files:
            yield pl.read_ipc(path)
            path.unlink()

    def _write(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for number, frames in self._waiting.items():
            path = self._folder / f"{number}-{len(self._files[number])}-{secrets.token_hex(2)}.arrow"
            pl.concat(frames).write_ipc(path)
            self._files[number].append(path)
        self._waiting.clear()
        self._row_count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def remove_spools(folder: Path) -> None:
    """Remove what spools of killed processes left; only while nobody else uses one there."""
    for left in folder.glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
