"""Watching a program's file operations, whichever thread or library makes them, and killing it at one.

The kernel stops the program before each operation and tells us of it; we let it go on, or kill it instead.
So a kill hits precisely, and nothing has to be preloaded or compiled.
"""

import contextlib
import fcntl
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tmdb_assets_tests.proofs.system_calls import CALLS

_WATCHED = Path(__file__).with_name("watched.py")
_NOTIFICATION = struct.Struct("=QIIiIQ6Q")
_RESPONSE = struct.Struct("=QqiI")
_RECEIVE = 3 << 30 | _NOTIFICATION.size << 16 | ord("!") << 8
_SEND = 3 << 30 | _RESPONSE.size << 16 | ord("!") << 8 | 1
_GO_ON = 1
_LONGEST_PATH = 4096
_BY_NUMBER = {call.number: call for call in CALLS}


class Operation(NamedTuple):
    """A file operation that is about to happen: its name, and its path, or both paths."""

    name: str
    paths: tuple[str, ...]


def start_watched(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    operations: Collection[str],
    is_last: Callable[[Operation], bool],
) -> subprocess.Popen[str]:
    """Start a program, and kill it before the file operation of which ``is_last`` says so.

    Parameters
    ----------
    operations
        Which to look at: some of ``create``, ``write``, ``sync``, ``truncate``, ``rename``, ``link``,
        ``unlink``; the fewer, the less the program is held up.
    is_last
        Called with each of them before it happens, one at a time.
    """
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = subprocess.Popen(
            [sys.executable, "-S", str(_WATCHED), str(theirs.fileno()), ",".join(operations), *command],
            env=dict(env),
            pass_fds=[theirs.fileno()],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        theirs.close()
        _, listeners, _, _ = socket.recv_fds(ours, 1, 1)
    if not listeners:
        raise OSError(process.communicate()[1].strip())
    threading.Thread(target=_watch, args=(listeners[0], process, is_last), daemon=True).start()
    return process


def can_watch() -> bool:
    """Say whether this machine's kernel lets us."""
    try:
        process = start_watched(["true"], env=os.environ, operations={"create"}, is_last=lambda _: False)
    except OSError:
        return False
    process.communicate()
    return process.returncode == 0


def _watch(listener: int, process: subprocess.Popen[str], is_last: Callable[[Operation], bool]) -> None:
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    try:
        while poll.poll()[0][1] & select.POLLIN:
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
                number, operation = _received(listener)
                if is_last(operation):
                    os.kill(process.pid, signal.SIGKILL)
                    return  # without an answer, so that the operation does not happen
                fcntl.ioctl(listener, _SEND, _RESPONSE.pack(number, 0, 0, _GO_ON))
    finally:
        os.close(listener)


def _received(listener: int) -> tuple[int, Operation]:
    buffer = bytearray(_NOTIFICATION.size)
    fcntl.ioctl(listener, _RECEIVE, buffer)
    number, thread, _, call_number, _, _, *arguments = _NOTIFICATION.unpack(buffer)
    call = _BY_NUMBER[call_number]
    if call.is_open_file:
        return number, Operation(call.operation, (str(Path(f"/proc/{thread}/fd/{arguments[0]}").readlink()),))
    return number, Operation(call.operation, tuple(_text(thread, arguments[at]) for at in call.paths))


def _text(thread: int, address: int) -> str:
    """Read a text from the memory of a stopped thread, as far as the page that it begins in reaches."""
    with Path(f"/proc/{thread}/mem").open("rb", buffering=0) as memory:
        rest_of_page = _LONGEST_PATH - address % _LONGEST_PATH
        found = os.pread(memory.fileno(), rest_of_page, address)
        if b"\0" not in found:
            found += os.pread(memory.fileno(), _LONGEST_PATH, address + rest_of_page)
    return os.fsdecode(found.partition(b"\0")[0])
