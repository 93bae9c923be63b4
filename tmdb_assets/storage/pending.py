"""What the unsealed segments of the journal hold: answers that may not be in the lake yet."""

import contextlib
import datetime as dt
import logging
import os
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO, Self

import msgspec
import zstandard

from tmdb_assets.storage.segment import COMPACTED, SEALED, JournalLine, Outcome

_log = logging.getLogger(__name__)

_TICK_NS = 100_000_000


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


class Pending:
    """What the unsealed segments hold, newest answer per film.

    They stay open until closed, for another process may seal them meanwhile.

    Parameters
    ----------
    unsealed
        The segments.
    sealed
        Those that were sealed when this began, and hold nothing new.
    folder
        Where other processes may begin more.

    Attributes
    ----------
    positions
        By film, where its newest answer stands.
    segments
        By segment, the newest answer per film that stands in it.
    appended
        By film, the newest answer that another process has appended since.
    """

    def __init__(self, unsealed: Collection[Path], sealed: Collection[Path], folder: Path) -> None:
        self.appended: dict[int, Position] = {}
        self._folder = folder
        self._known = {_name(path) for path in (*unsealed, *sealed)}
        self._read_up_to: dict[Path, int] = {}
        self._looked_at = 0
        self.positions: dict[int, Position] = {}
        self._every: dict[int, list[Position]] = {}
        self.segments: dict[Path, dict[int, dt.datetime]] = {}
        self._files: dict[Path, BinaryIO] = {}
        for path in unsealed:
            with contextlib.suppress(FileNotFoundError):  # sealed just now
                self._files[path] = path.open("rb")
                self._index(path)

    def look_again(self, *, ours: Collection[Path]) -> None:
        """Look at what other processes have appended meanwhile; our own segments are left out."""
        if (changed_at := self._folder.stat().st_mtime_ns) != self._looked_at:
            if time.time_ns() - changed_at > _TICK_NS:  # else it may change again and look the same
                self._looked_at = changed_at
            self._open_new(ours)
        for path, file in self._files.items():
            if path not in ours and os.fstat(file.fileno()).st_size > self._read_up_to[path]:
                self._index(path, self.appended)

    def _open_new(self, ours: Collection[Path]) -> None:
        """Open the segments that were begun since; one that is sealed already is unpacked."""
        known = self._known | {_name(path) for path in ours}
        for path in sorted(self._folder.iterdir()):
            if _name(path) in known or not path.name.endswith((".ndjson", SEALED)):
                continue
            if path.name.startswith(COMPACTED):  # what was there before, and it may be large
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

    def read_up_to(self, segment: Path) -> int:
        """Return how many bytes of a segment were read, all of them whole lines."""
        return self._read_up_to[segment]

    def read(self, tmdb_id: int) -> JournalLine:
        """Return a film's newest answer."""
        return self._line(self.positions[tmdb_id])

    def read_since(self, tmdb_id: int, since: dt.datetime | None) -> list[JournalLine]:
        """Return a film's answers after a moment, oldest first: more than one run may have been killed."""
        found = [at for at in self._every.get(tmdb_id, ()) if since is None or at.answered_at > since]
        return [self._line(at) for at in sorted(found, key=lambda at: at.answered_at)]

    def _line(self, at: Position) -> JournalLine:
        line = os.pread(self._files[at.segment].fileno(), at.length, at.offset)
        return msgspec.json.decode(line, type=JournalLine)

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
                self._every.setdefault(head.tmdb_id, []).append(at)
                for index in (self.positions, newer if newer is not None else {}):
                    known = index.get(head.tmdb_id)
                    if known is None or known.answered_at <= head.answered_at:
                        index[head.tmdb_id] = at
            offset += len(line)
        self._read_up_to[path] = offset


def _name(segment: Path) -> str:
    """Return a segment's name, which stays when it is sealed."""
    return segment.name.partition(".")[0]
