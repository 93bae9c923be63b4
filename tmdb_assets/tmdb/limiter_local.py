"""The budget that all processes of this machine share, in a small file."""

import contextlib
import hashlib
import os
import struct
import time
import zlib
from collections.abc import Callable, Generator
from pathlib import Path

import platformdirs

from tmdb_assets.tmdb.limiter import ProcessLimiter, SharedLimiter, Slots, pushed, reserved

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

__all__ = ["LocalLimiter", "shared_path"]

_LONGEST_LOCK = 1.0
_TIMES = struct.Struct("<dd")
_CHECKSUM = struct.Struct("<L")


class LocalLimiter(SharedLimiter):
    """A budget that all processes of this machine share, in a small file.

    The file holds the next free slot, by the clock that all processes share and nobody sets
    (``time.monotonic``). It is opened anew for each reservation, a matter of microseconds, and so outlives
    forks and its own deletion; what is torn counts as empty. Where it cannot be used, or another process
    keeps it locked for a second, the budget is this process's alone, with a warning, and the file is tried
    again every ten seconds.

    Parameters
    ----------
    path
        The file, on this machine; its folder is made.
    requests_per_second
        The budget of all processes together.
    clock
        What tells the time, in seconds, alike to all who share the file.
    """

    def __init__(
        self, path: Path, requests_per_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(ProcessLimiter(requests_per_second, clock), clock)
        self.path = path
        self.requests_per_second = requests_per_second

    def _reserve(self, longest: float) -> float:
        with _locked(self.path) as file:
            seconds, slots = reserved(_read(file), self._clock(), self.requests_per_second, longest)
            if slots:
                _write(file, slots)
            return seconds

    def _push(self, seconds: float) -> None:
        with _locked(self.path) as file:
            _write(file, pushed(_read(file), self._clock(), seconds))

    def _complaint(self, error: OSError) -> str:
        why = error.strerror or error
        return f"The rate limit is not shared with other processes: {self.path} cannot be used ({why})."


def shared_path(base_url: str, secret: str) -> Path:
    """Return the file that every process with this server and this credential shares.

    Its name, a hash, shows neither.
    """
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
        give_up_at = time.monotonic() + _LONGEST_LOCK
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                # Not left to the kernel: whoever was stopped while holding it would stop everybody.
                if time.monotonic() > give_up_at:
                    raise TimeoutError("another process keeps it locked") from None
                time.sleep(0.0005)
        try:
            yield file
        finally:
            # Closing would not do: a child that was forked just now has the file open, and the lock with it.
            fcntl.flock(file, fcntl.LOCK_UN)
    finally:
        os.close(file)


def _read(file: int) -> Slots:
    kept = os.pread(file, _TIMES.size + _CHECKSUM.size, 0)
    times = kept[: _TIMES.size]
    if kept[_TIMES.size :] != _CHECKSUM.pack(zlib.crc32(times)):
        return Slots()  # new, or torn
    return Slots(*_TIMES.unpack(times))


def _write(file: int, slots: Slots) -> None:
    times = _TIMES.pack(*slots)
    os.pwrite(file, times + _CHECKSUM.pack(zlib.crc32(times)), 0)
