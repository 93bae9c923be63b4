"""What every store of answers has, and the one in memory."""

import os
import threading
import weakref
from collections import OrderedDict

from tmdb_assets.tmdb.caches.rules import StoredAnswer
from tmdb_assets.tmdb.options import checked

__all__ = ["EIGHT_HOURS", "MEGABYTE", "MemoryCache", "Store"]

EIGHT_HOURS = 8 * 3600.0
"""The longest that TMDB allows."""

MEGABYTE = 1_000_000

_OVERHEAD_BYTES = 500


class Store:
    """What both kinds have: their bounds, and a lock; it is held while the process forks."""

    def __init__(self, max_age: float, max_bytes: int) -> None:
        self.max_age = checked("max_age", max_age, "a number of seconds, 0 or more", lambda age: age >= 0)
        self.max_bytes = checked("max_bytes", max_bytes, "a number above 0", lambda count: count > 0)
        self._lock = threading.Lock()
        _stores.add(self)

    def before_fork(self) -> None:
        """Come to rest, so that the process to be forked finds everything whole."""
        self._lock.acquire()

    def after_fork(self) -> None:
        """Go on, in both processes."""
        self._lock.release()


class MemoryCache(Store):
    """Answers in the memory of this process; clients and threads may share it.

    Parameters
    ----------
    max_age
        After how many seconds TMDB is asked at the latest, whatever it allowed.
    max_bytes
        How large it may become; then what was not used for longest is dropped.

    Raises
    ------
    ValueError
        When a bound is not allowed.
    """

    def __init__(self, *, max_age: float = EIGHT_HOURS, max_bytes: int = 64 * MEGABYTE) -> None:
        super().__init__(max_age, max_bytes)
        self._answers: OrderedDict[str, StoredAnswer] = OrderedDict()
        self._bytes = 0

    def get(self, key: str) -> StoredAnswer | None:
        """Return what is kept under a key, fresh or not; ``None`` where nothing is.

        Parameters
        ----------
        key
            What names the question: 64 hexadecimal digits.
        """
        with self._lock:
            stored = self._answers.get(key)
            if stored is not None:
                self._answers.move_to_end(key)
            return stored

    def put(self, key: str, stored: StoredAnswer) -> None:
        """Keep an answer, in place of the one under its key.

        Parameters
        ----------
        key
            What names the question: 64 hexadecimal digits.
        stored
            The answer.
        """
        with self._lock:
            if before := self._answers.pop(key, None):
                self._bytes -= _size(before)
            if _size(stored) > self.max_bytes:
                return
            self._answers[key] = stored
            self._bytes += _size(stored)
            while self._bytes > self.max_bytes:
                _, dropped = self._answers.popitem(last=False)
                self._bytes -= _size(dropped)


_stores = weakref.WeakSet[Store]()
_forking = threading.Lock()
_at_rest: list[Store] = []


def _before_fork() -> None:
    _forking.acquire()
    for store in list(_stores):
        store.before_fork()
        _at_rest.append(store)


def _after_fork() -> None:
    while _at_rest:
        _at_rest.pop().after_fork()
    _forking.release()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)


def _size(stored: StoredAnswer) -> int:
    return len(stored.body) + _OVERHEAD_BYTES
