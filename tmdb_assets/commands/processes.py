"""Processes that carry a mark in their environment: found and ended, whoever of them started whom.

A child's children inherit its environment. Its session and its process group they may leave, and their parent
they lose when it is killed; so the mark tells ours from all others.
"""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path

_MARK = "TMDB_ASSETS_DEV"
_GRACE_SECONDS, _KILLING_SECONDS, _POLL_SECONDS = 3.0, 1.5, 0.05
_PROC = Path("/proc")


@contextlib.contextmanager
def marked_processes() -> Generator[str]:
    """Mark all processes that are started from here on, and end them even when this one is killed.

    Yields
    ------
    str
        The mark.
    """
    mark = secrets.token_hex(8)
    command = [sys.executable, "-m", __name__, mark]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True):  # noqa: S603 -- our own program
        os.environ[_MARK] = mark
        try:
            yield mark
        finally:
            del os.environ[_MARK]


def find_marked(mark: str) -> list[int]:
    """Return the ids of the processes that carry a mark; one that is dead has none any more."""
    sought = f"{_MARK}={mark}".encode()
    return [process for process, text in _environments() if sought in text and process != os.getpid()]


def command_line(process: int) -> str:
    """Return how a process was called; empty when there is none, or it is dead."""
    if _PROC.is_dir():
        try:
            return (
                (_PROC / str(process) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            )
        except OSError:
            return ""
    return _ps("-ww", "-o", "command=", "-p", str(process)).decode(errors="replace").strip()


def end_marked(
    mark: str, *, grace_seconds: float = _GRACE_SECONDS, is_impatient: Callable[[], bool] = lambda: False
) -> list[int]:
    """End the processes that carry a mark: ask them, wait, and kill those that are left.

    Parameters
    ----------
    grace_seconds
        How long they may take to end in good order.
    is_impatient
        Whether to wait no longer.

    Returns
    -------
    list[int]
        Those that could not be ended.
    """
    asked: set[int] = set()
    deadline = time.monotonic() + grace_seconds
    while left := find_marked(mark):
        if time.monotonic() > deadline or is_impatient():
            break
        _send(signal.SIGTERM, set(left) - asked)
        asked.update(left)
        time.sleep(_POLL_SECONDS)
    deadline = time.monotonic() + _KILLING_SECONDS
    while (left := find_marked(mark)) and time.monotonic() < deadline:
        _send(signal.SIGKILL, left)
        time.sleep(_POLL_SECONDS)
    return left


def _send(sent: signal.Signals, processes: Iterable[int]) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process, sent)


def _environments() -> Iterator[tuple[int, bytes]]:
    if not _PROC.is_dir():
        for line in _ps("-axEww", "-o", "pid=,command=").splitlines():
            process, _, text = line.strip().partition(b" ")
            yield int(process), text
        return
    for entry in os.scandir(_PROC):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended, or it is another user's
                yield int(entry.name), Path(entry.path, "environ").read_bytes()


def _ps(*arguments: str) -> bytes:
    return subprocess.run(["ps", *arguments], check=False, capture_output=True).stdout  # noqa: S603, S607 -- the system's own


if __name__ == "__main__":
    sys.stdin.read()  # ends when whoever started this has
    end_marked(sys.argv[1])
