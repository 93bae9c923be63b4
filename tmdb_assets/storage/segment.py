"""A segment of the journal: a file of answers that one process writes, a line each."""

import datetime as dt
import errno
import fcntl
import os
from pathlib import Path
from typing import Literal, Self

import msgspec

Outcome = Literal["ok", "not_found", "failed", "deleted"]

SEALED = ".ndjson.zst"
"""How the name of a sealed segment ends."""

COMPACTED = "compacted-"
"""How the name of a segment begins that was made of others: nothing in it is new."""

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
