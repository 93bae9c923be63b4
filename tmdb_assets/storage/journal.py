"""The journal: every answer as TMDB gave it, appended the moment it arrives.

A *segment* is one file with one writer. While it is written it is ``<name>.ndjson``; once all that it
holds is in the lake it is sealed as ``<name>.ndjson.zst``. So an unsealed segment is exactly what a killed
run had got and not yet committed, and the next run begins by reading those.
"""

import contextlib
import datetime as dt
import errno
import fcntl
import logging
import os
import secrets
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO, Literal, Self

import msgspec
import zstandard

from tmdb_assets.storage.leftovers import remove_leftovers

_log = logging.getLogger(__name__)

_TICK_NS = 100_000_000

Outcome = Literal["ok", "not_found", "failed", "deleted"]

SEALED = ".ndjson.zst"
"""How the name of a sealed segment ends."""

NO_BODY = msgspec.Raw(b"null")
"""The body of an answer that had none, or none that is JSON."""


class JournalLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer about one film, or that somebody deleted it.

    ``unchanged_count`` and ``changed_at`` stand in a compacted line for the answers that were left out: how
    many in a row had found the film as it is here, and when the first of them came.
    """

    tmdb_id: int
    answered_at: dt.datetime
    outcome: Outcome
    fingerprint: str
    attempt_count: int = 1
    message: str | None = None
    unchanged_count: int = 0
    changed_at: dt.datetime | None = None
    imported_at: dt.datetime | None = None
    body: msgspec.Raw = NO_BODY


class JournalSize(msgspec.Struct, frozen=True):
    """How much a journal holds: ``unsealed`` of its segments are being written or not in the lake yet."""

    bytes: int
    segments: int
    unsealed: int


class Position(msgspec.Struct, frozen=True):
    """Where a line stands, and what is known of it without its body."""

    segment: Path
    offset: int
    length: int
    answered_at: dt.datetime
    outcome: Outcome
    fingerprint: str


class _Head(msgspec.Struct):
    """A line without its body, which decodes without building it."""

    tmdb_id: int
    answered_at: dt.datetime
    outcome: Outcome
    fingerprint: str


class Segment:
    """A segment that this process writes; nobody else does.

    Parameters
    ----------
    path
        Its file, which must not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        new = path.with_suffix(".new")
        self._file = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o644)
        fcntl.flock(self._file, fcntl.LOCK_EX)  # tells a live writer from a dead one
        os.link(new, path)  # under its name only once locked, or another process could seal it now
        new.unlink()
        self._size = 0

    def append(self, line: JournalLine) -> None:
        """Append an answer; when this returns, a killed process does not lose it.

        Raises
        ------
        OSError
            The disk is full or gone; the segment keeps all lines before this one.
        """
        data = msgspec.json.encode(line)
        if b"\n" in data:  # a body that TMDB sent over several lines
            data = msgspec.json.format(data, indent=-1)
        data += b"\n"
        written = os.write(self._file, data)
        if written != len(data):
            os.ftruncate(self._file, self._size)
            raise OSError(errno.ENOSPC, "The disk is full", str(self.path))
        self._size += len(data)

    def sync(self) -> None:
        """Force what was appended to the disk, so that it outlives a power cut too."""
        os.fsync(self._file)

    def close(self) -> None:
        """Stop writing; an empty segment is removed."""
        if not self._size:
            self.path.unlink(missing_ok=True)
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


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

    def pending(self) -> "Pending":
        """Open the unsealed segments: answers that may not be in the lake yet."""
        return Pending(self._unsealed(), self.folder)

    def segments(self) -> list[Path]:
        """Return all segments, sealed and not, oldest first."""
        sealed = list(self.folder.glob(f"*{SEALED}"))
        return sorted([*sealed, *self._unsealed()])

    def size(self) -> JournalSize:
        """Return how much it holds."""
        sizes: dict[Path, int] = {}
        for path in self.segments():
            with contextlib.suppress(FileNotFoundError):  # sealed just now
                sizes[path] = path.stat().st_size
        unsealed = sum(not path.name.endswith(SEALED) for path in sizes)
        return JournalSize(sum(sizes.values()), len(sizes), unsealed)

    def seal(self, path: Path) -> bool:
        """Compress a segment whose writer is gone and whose answers are all in the lake.

        Returns
        -------
        bool
            Whether it is sealed now; not while another process writes it.
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
            size = file.truncate(sum(len(line) for line in file if line.endswith(b"\n")))  # the rest is torn
            if not size:
                path.unlink(missing_ok=True)
                return True
            file.seek(0)
            packing = path.with_suffix(".tmp")  # the lock is ours, and so is what a killed sealer left
            with packing.open("wb") as packed:
                zstandard.ZstdCompressor(level=6).copy_stream(file, packed)
                packed.flush()
                os.fsync(packed.fileno())
            packing.rename(path.with_suffix(SEALED))  # a .zst is whole or is not there
            path.unlink(missing_ok=True)
        return True

    def _unsealed(self) -> list[Path]:
        found: list[Path] = []
        for path in sorted(self.folder.glob("*.ndjson")):
            if path.with_suffix(SEALED).exists():  # killed between sealing and removing
                path.unlink(missing_ok=True)
            else:
                found.append(path)
        return found


class Pending:
    """What the unsealed segments hold, newest answer per film.

    They stay open until closed, for another process may seal them meanwhile.

    Attributes
    ----------
    positions
        By film, where its newest answer stands.
    segments
        By segment, the newest answer per film that stands in it.
    appended
        By film, the newest answer that another process has appended since.
    """

    def __init__(self, paths: list[Path], folder: Path | None = None) -> None:
        self.appended: dict[int, Position] = {}
        self._folder = folder
        self._known = {_name(path) for path in (folder.iterdir() if folder and folder.is_dir() else paths)}
        self._read_up_to: dict[Path, int] = {}
        self._looked_at = 0
        self.positions: dict[int, Position] = {}
        self.segments: dict[Path, dict[int, dt.datetime]] = {}
        self._files: dict[Path, BinaryIO] = {}
        for path in paths:
            with contextlib.suppress(FileNotFoundError):  # sealed just now
                self._files[path] = path.open("rb")
                self._index(path)

    def look_again(self, *, ours: Collection[Path]) -> None:
        """Look at what other processes have appended meanwhile; our own segments are left out."""
        if self._folder and (changed_at := self._folder.stat().st_mtime_ns) != self._looked_at:
            if time.time_ns() - changed_at > _TICK_NS:  # else it may change again and look the same
                self._looked_at = changed_at
            self._open_new(self._folder, ours)
        for path, file in self._files.items():
            if path not in ours and os.fstat(file.fileno()).st_size > self._read_up_to[path]:
                self._index(path, self.appended)

    def _open_new(self, folder: Path, ours: Collection[Path]) -> None:
        """Open the segments that were begun since; one that is sealed already is unpacked."""
        known = self._known | {_name(path) for path in ours}
        for path in sorted(folder.iterdir()):
            if _name(path) in known or not path.name.endswith((".ndjson", ".ndjson.zst")):
                continue
            with contextlib.suppress(FileNotFoundError):  # sealed just now: seen as such next time
                if path.suffix == ".ndjson":
                    self._files[path] = path.open("rb")
                else:
                    with path.open("rb") as packed:
                        self._files[path] = tempfile.TemporaryFile()  # noqa: SIM115 -- open as long as this
                        zstandard.ZstdDecompressor().copy_stream(packed, self._files[path])
                known.add(_name(path))
                self._known.add(_name(path))
                self._index(path, self.appended)

    def read(self, tmdb_id: int) -> JournalLine:
        """Return a film's newest answer."""
        at = self.positions[tmdb_id]
        return msgspec.json.decode(
            os.pread(self._files[at.segment].fileno(), at.length, at.offset), type=JournalLine
        )

    def close(self) -> None:
        """Close the segments."""
        for file in self._files.values():
            file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _index(self, path: Path, newer: dict[int, Position] | None = None) -> None:
        """Read on where the last reading of a segment stopped."""
        decoder = msgspec.json.Decoder(_Head)
        answered = self.segments.setdefault(path, {}) if path.suffix == ".ndjson" else {}
        offset = self._read_up_to.get(path, 0)
        self._files[path].seek(offset)
        for line in self._files[path]:
            if not line.endswith(b"\n"):  # torn by a kill and never acknowledged, or not yet whole
                break
            try:
                head = decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                _log.warning("%s has a damaged line at byte %d; its film is asked for again.", path, offset)
            else:
                answered[head.tmdb_id] = head.answered_at
                at = Position(path, offset, len(line), head.answered_at, head.outcome, head.fingerprint)
                for index in (self.positions, newer if newer is not None else {}):
                    known = index.get(head.tmdb_id)
                    if known is None or known.answered_at <= head.answered_at:
                        index[head.tmdb_id] = at
            offset += len(line)
        self._read_up_to[path] = offset


def _name(segment: Path) -> str:
    """Return a segment's name, which stays when it is sealed."""
    return segment.name.partition(".")[0]
