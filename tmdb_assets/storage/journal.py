"""The journal: every answer as TMDB gave it, appended the moment it arrives.

A *segment* is one file with one writer. While it is written it is ``<name>.ndjson``; once all that it
holds is in the lake it is sealed as ``<name>.ndjson.zst``. So an unsealed segment is exactly what a killed
run had got and not yet committed, and the next run begins by reading those.
"""

import contextlib
import datetime as dt
import fcntl
import os
import secrets
from pathlib import Path

import msgspec
import zstandard

from tmdb_assets.storage.leftovers import remove_leftovers
from tmdb_assets.storage.pending import Pending
from tmdb_assets.storage.segment import COMPACTED, SEALED, Segment


class JournalSize(msgspec.Struct, frozen=True):
    """How much a journal holds: ``unsealed`` of its segments are being written or not in the lake yet."""

    bytes: int
    segments: int
    unsealed: int


class Journal:
    """The answers about films, in a folder of segments.

    Parameters
    ----------
    folder
        Made when the first answer is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new_segment(self) -> Segment:
        """Start a segment of this process's own."""
        self.folder.mkdir(parents=True, exist_ok=True)
        remove_leftovers(self.folder.glob("*.new"))
        name = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{os.getpid()}-{secrets.token_hex(3)}"
        return Segment(self.folder / f"{name}.ndjson")

    def pending(self) -> Pending:
        """Open the unsealed segments: answers that may not be in the lake yet."""
        unsealed = self._unsealed()
        return Pending(unsealed, self._sealed(), self.folder)

    def segments(self) -> list[Path]:
        """Return all segments, sealed and not, oldest first."""
        unsealed = self._unsealed()  # before the sealed ones: what is sealed meanwhile is not overlooked
        sealed = self._sealed()
        unsealed = [path for path in unsealed if path.with_suffix(SEALED) not in sealed]
        return sorted([*sealed, *unsealed], key=lambda path: path.name.removeprefix(COMPACTED))

    def size(self) -> JournalSize:
        """Return how much it holds."""
        sizes: dict[Path, int] = {}
        for path in self.segments():
            with contextlib.suppress(FileNotFoundError):  # sealed just now
                sizes[path] = path.stat().st_size
        unsealed = sum(not path.name.endswith(SEALED) for path in sizes)
        return JournalSize(sum(sizes.values()), len(sizes), unsealed)

    def seal(self, path: Path, *, up_to: int | None = None) -> bool:
        """Compress a segment whose writer is gone and whose answers are all in the lake.

        Parameters
        ----------
        up_to
            So many bytes of it are known to be in the lake; None means all.

        Returns
        -------
        bool
            Whether it is sealed now; not while another process writes it, or when it has grown since.
        """
        try:
            file = path.open("r+b")
        except FileNotFoundError:
            return True  # another process sealed it
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            size = sum(len(line) for line in file if line.endswith(b"\n"))
            if up_to is not None and size > up_to:
                return False
            file.truncate(size)  # the rest is torn
            if not size:
                path.unlink(missing_ok=True)
                return True
            file.seek(0)
            for left in self.folder.glob(f"{path.stem}.*.tmp"):  # of a killed sealer: the lock is ours
                left.unlink(missing_ok=True)
            packing = path.with_suffix(f".{os.getpid()}.tmp")
            with packing.open("wb") as packed:
                zstandard.ZstdCompressor(level=6).copy_stream(file, packed)
                packed.flush()
                os.fsync(packed.fileno())
            packing.rename(path.with_suffix(SEALED))  # a .zst is whole or is not there
            path.unlink(missing_ok=True)
        return True

    def _sealed(self) -> set[Path]:
        return set(self.folder.glob(f"*{SEALED}"))

    def _unsealed(self) -> list[Path]:
        found: list[Path] = []
        for path in sorted(self.folder.glob("*.ndjson")):
            if path.with_suffix(SEALED).exists():  # killed between sealing and removing
                path.unlink(missing_ok=True)
            else:
                found.append(path)
        return found
