"""The limiter: one budget of requests per second for all processes of this machine.

It is a reservation, the token bucket's exact form (GCRA): one atomic step takes the next slot and says how
long to sleep until then. Whoever comes later sees it as taken, so nobody polls or is woken for nothing.
"""

import contextlib
import hashlib
import logging
import os
import struct
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Protocol

import platformdirs

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

__all__ = ["LATENESS", "PACE", "Limiter", "LocalLimiter", "ProcessLimiter", "next_slot", "shared_path"]

logger = logging.getLogger("tmdb_assets.tmdb")

LATENESS = 0.025
"""How many seconds after its slot a request may still be sent.

Slots are evenly spaced, so a window of a second holds at most ``(1 + LATENESS) * rate + 1`` requests: 39 at
38 a second. A wider tolerance would let a process that was held up send a bunch, over TMDB's limit of 40.
"""

PACE = 0.98
"""How much of the budget is handed out.

The server counts arrivals, and whatever lies between bunches them. At 38 a second this lets requests arrive
up to 47 ms later than they were sent before any second of the server's holds more than 40; the whole budget
would leave 26 ms, all of which ``LATENESS`` needs.
"""

_LONGEST_PUSH = 60.0
_MOST_WAITING = 2000
_SLOT = struct.Struct("<d")


class Limiter(Protocol):
    """Who may send next, and when."""

    def reserve(self) -> float:
        """Take the next slot, and return how many seconds from now it is; 0 means at once."""
        ...

    def push(self, seconds: float) -> None:
        """Give out no slot for so many seconds from now, to nobody."""
        ...


def next_slot(stored: float, now: float, requests_per_second: float) -> float:
    """Return the next free slot.

    Parameters
    ----------
    stored
        When the slot after the last one taken begins.
    now
        The same clock's time, in seconds.
    requests_per_second
        The budget.
    """
    # Nobody alive reserved a slot this far ahead: the machine was started anew, or the file is torn.
    if not stored <= now + _LONGEST_PUSH + _MOST_WAITING / requests_per_second:
        return now
    return max(stored, now - LATENESS)


class ProcessLimiter:
    """A budget for this process alone."""

    def __init__(self, requests_per_second: float) -> None:
        self.requests_per_second = requests_per_second
        self._stored = 0.0
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Take the next slot, and return how many seconds from now it is."""
        with self._lock:
            now = time.monotonic()
            slot = next_slot(self._stored, now, self.requests_per_second)
            self._stored = slot + 1 / self.requests_per_second
            return max(0.0, slot - now)

    def push(self, seconds: float) -> None:
        """Give out no slot for so many seconds from now, at most 60."""
        with self._lock:
            self._stored = max(self._stored, time.monotonic() + min(seconds, _LONGEST_PUSH))


class LocalLimiter:
    """A budget that all processes of this machine share, in a small file.

    The file holds one number, the next free slot, by the clock that all processes share and nobody sets
    (``time.monotonic``). It is opened anew for each reservation, a matter of microseconds, and so outlives
    forks and its own deletion. Where it cannot be written, the budget is this process's alone, with a
    warning.

    Parameters
    ----------
    path
        The file; its folder is made.
    requests_per_second
        The budget of all processes together.
    """

    def __init__(self, path: Path, requests_per_second: float) -> None:
        self.path = path
        self.requests_per_second = requests_per_second
        self._alone: ProcessLimiter | None = None

    def reserve(self) -> float:
        """Take the next slot, and return how many seconds from now it is."""
        if self._alone is None:
            try:
                with _locked(self.path) as file:
                    now = time.monotonic()
                    slot = next_slot(_read(file), now, self.requests_per_second)
                    _write(file, slot + 1 / self.requests_per_second)
                    return max(0.0, slot - now)
            except OSError as error:
                self._alone = self._go_alone(error)
        return self._alone.reserve()

    def push(self, seconds: float) -> None:
        """Give out no slot for so many seconds from now, at most 60, to any process."""
        if self._alone is None:
            try:
                with _locked(self.path) as file:
                    now = time.monotonic()
                    slot = next_slot(_read(file), now, self.requests_per_second)
                    _write(file, max(slot, now + min(seconds, _LONGEST_PUSH)))
                    return
            except OSError as error:
                self._alone = self._go_alone(error)
        self._alone.push(seconds)

    def _go_alone(self, error: OSError) -> ProcessLimiter:
        logger.warning(
            "The rate limit is not shared with other processes: %s cannot be used (%s).",
            self.path,
            error.strerror or error,
        )
        return ProcessLimiter(self.requests_per_second)


def shared_path(base_url: str, secret: str) -> Path:
    """Return the file that every process with this server and this credential shares."""
    name = hashlib.sha256(f"{base_url}\n{secret}".encode()).hexdigest()[:32]
    return platformdirs.user_state_path("tmdb_assets") / "limiter" / name


@contextlib.contextmanager
def _locked(path: Path) -> Generator[int]:
    if fcntl is None:
        raise OSError("this system has no file locks")
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)  # and so unlocked


def _read(file: int) -> float:
    stored = os.pread(file, _SLOT.size, 0)
    return float(_SLOT.unpack(stored)[0]) if len(stored) == _SLOT.size else 0.0


def _write(file: int, slot: float) -> None:
    os.pwrite(file, _SLOT.pack(slot), 0)
