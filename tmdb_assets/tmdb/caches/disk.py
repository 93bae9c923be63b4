"""The store of answers in a file, that processes share."""

import contextlib
import errno
import logging
import math
import os
import sqlite3
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from tmdb_assets.tmdb.caches.rules import StoredAnswer
from tmdb_assets.tmdb.caches.stores import EIGHT_HOURS, MEGABYTE, Store

__all__ = ["DiskCache"]

T = TypeVar("T")

logger = logging.getLogger("tmdb_assets.tmdb")

_APPLICATION_ID = 0x746D6463  # marks a file as ours; another one when the table changes
_PAGE_BYTES = 4096
_COMPRESSION = 1
_LONGEST_LOCK = 0.5
_LONGEST_START = 1.0
_SECONDS_WITHOUT = 10.0
_TOUCHED_EVERY = 60.0
_MOST_DROPPED = 100

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(StoredAnswer)


class DiskCache(Store):
    """Answers in a file; clients, threads and processes of this machine may share it.

    A file that cannot be used, for whatever reason, is as good as an empty one: there is one warning, and it
    is tried again every ten seconds. One that was made by something else is left as it is.

    An ``AsyncTMDBClient`` reads and writes it in its event loop, which that holds up for 0.15 ms to find an
    answer of 30 kB and 0.4 ms to keep one (on two busy cores), and at worst, while another process keeps the
    file locked, for half a second in ten.

    Parameters
    ----------
    path
        The file, on this machine; its folder is made. SQLite puts two more beside it while it is open.
    max_age
        After how many seconds TMDB is asked at the latest, whatever it allowed.
    max_bytes
        How large the file may become; then what was not used for longest, by the minute, is dropped.
    clock
        What tells the time, in seconds since 1970.

    Raises
    ------
    ValueError
        When a bound is not allowed.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        max_age: float = EIGHT_HOURS,
        max_bytes: int = 512 * MEGABYTE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(max_age, max_bytes)
        self.path = Path(path).absolute()
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self._again_at = -math.inf
        self._has_warned = False

    def get(self, key: str) -> StoredAnswer | None:
        """Return what is kept under a key, fresh or not; ``None`` where nothing is.

        Parameters
        ----------
        key
            What names the question: 64 hexadecimal digits.
        """
        value = self._use(lambda connection: self._read(connection, bytes.fromhex(key)))
        return None if value is None else _decoded(value)

    def put(self, key: str, stored: StoredAnswer) -> None:
        """Keep an answer, in place of the one under its key.

        Parameters
        ----------
        key
            What names the question: 64 hexadecimal digits.
        stored
            The answer.
        """
        value = zlib.compress(_encoder.encode(stored), _COMPRESSION)
        self._use(lambda connection: self._write(connection, bytes.fromhex(key), value))

    def close(self) -> None:
        """Close the file; it can be used again."""
        with self._lock:
            self._disconnect()

    def __del__(self) -> None:
        if getattr(self, "_connection", None):
            self._disconnect()

    def before_fork(self) -> None:
        """Come to rest: SQLite's locks would be wrong in the other process if the file were open now."""
        super().before_fork()
        self._disconnect()

    def _use(self, act: Callable[[sqlite3.Connection], T]) -> T | None:
        with self._lock:
            if 0 < self._again_at - self._clock() <= _SECONDS_WITHOUT:  # the clock may have been set back
                return None
            try:
                self._connection = self._connection or _connected(self.path)
                return act(self._connection)
            except UnicodeDecodeError:  # sqlite3's own, when it wants to say what is damaged
                self._give_up("it is damaged")
                return None
            except (sqlite3.Error, OSError) as error:
                self._give_up(getattr(error, "strerror", None) or error)
                return None
            except BaseException:  # interrupted, perhaps within a transaction
                self._disconnect()
                raise

    def _give_up(self, why: object) -> None:
        self._disconnect()
        self._again_at = self._clock() + _SECONDS_WITHOUT
        if not self._has_warned:
            self._has_warned = True
            logger.warning(
                "Nothing is cached for now: %s cannot be used (%s). If that lasts, name another file.",
                self.path,
                why,
            )

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()

    def _read(self, connection: sqlite3.Connection, key: bytes) -> bytes | None:
        now = self._clock()
        row = connection.execute(
            "SELECT CAST(value AS BLOB), used_at BETWEEN ? AND ? FROM answers WHERE key = ?",
            (now - _TOUCHED_EVERY, now, key),
        ).fetchone()
        if row is None:
            return None
        value, is_touched = row
        if not is_touched:
            with contextlib.suppress(sqlite3.OperationalError):  # others write: it was read all the same
                connection.execute("UPDATE answers SET used_at = ? WHERE key = ?", (now, key))
        return value

    def _write(self, connection: sqlite3.Connection, key: bytes, value: bytes) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM answers WHERE key = ?", (key,))
        if self._made_room(connection, len(value) + _PAGE_BYTES):
            connection.execute("INSERT INTO answers VALUES (?, ?, ?)", (key, self._clock(), value))
        connection.execute("COMMIT")

    def _made_room(self, connection: sqlite3.Connection, wanted: int) -> bool:
        if wanted > self.max_bytes:
            return False
        for _ in range(_MOST_DROPPED):
            if _used_bytes(connection) + wanted <= self.max_bytes:
                return True
            dropped = connection.execute(
                "DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY used_at LIMIT 1)"
            )
            if not dropped.rowcount:
                break
        return False


def _decoded(value: bytes) -> StoredAnswer | None:
    try:
        return _decoder.decode(zlib.decompress(value))
    except (zlib.error, msgspec.DecodeError):
        return None


def _connected(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made here, not by SQLite: what somebody asked is for nobody else to read.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=_LONGEST_LOCK, isolation_level=None, check_same_thread=False)
    try:
        if not _is_ours(connection):
            connection.execute(f"PRAGMA busy_timeout = {_LONGEST_START * 1000:.0f}")
            _prepare(connection)
            connection.execute(f"PRAGMA busy_timeout = {_LONGEST_LOCK * 1000:.0f}")
        with contextlib.suppress(sqlite3.OperationalError):  # others are at it: whoever comes next does it
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the table in an empty file, unless another process does so at this moment."""
    connection.execute("BEGIN IMMEDIATE")
    if not _is_ours(connection):
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
            raise FileExistsError(errno.EEXIST, "it was made by something else: name another file")
        connection.execute("CREATE TABLE answers (key BLOB PRIMARY KEY, used_at REAL, value BLOB)")
        connection.execute("CREATE INDEX answers_by_use ON answers (used_at)")
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    connection.execute("COMMIT")


def _is_ours(connection: sqlite3.Connection) -> bool:
    return connection.execute("PRAGMA application_id").fetchone() == (_APPLICATION_ID,)


def _used_bytes(connection: sqlite3.Connection) -> int:
    (used,) = connection.execute(
        "SELECT (page_count - freelist_count) * page_size"
        " FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
    ).fetchone()
    return used
