"""A program under watch: it waits before each file operation until its watcher lets it go on.

    python watched.py SOCKET OPERATION,… COMMAND…

The kernel does the watching (seccomp's user notifications), so that all threads and all libraries are under
it, whatever language they were written in. The filter outlives ``exec``; the watcher gets its end of it
through the socket. The standard library alone is imported: this runs before the program does.
"""

import ctypes
import os
import socket
import struct
import sys

from system_calls import CALLS, O_CREAT, SECCOMP

_NO_NEW_PRIVILEGES = 38
_SET_FILTER, _NEW_LISTENER = 1, 8
_ALLOW, _NOTIFY = 0x7FFF0000, 0x7FC00000
_LOAD, _EQUALS, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER, _ARGUMENTS = 0, 16


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def _filter(operations: set[str]) -> bytes:
    """Return a BPF program: tell the watcher of these operations, let all else pass."""
    instructions: list[tuple[int, int, int, int]] = []
    for call in CALLS:
        if call.operation not in operations:
            continue
        flags = () if call.flags is None else (_load(_ARGUMENTS + 8 * call.flags), (_ANY_BIT, 0, 1, O_CREAT))
        block = [*flags, (_RETURN, 0, 0, _NOTIFY)]
        instructions += [_load(_NUMBER), (_EQUALS, 0, len(block), call.number), *block]
    return b"".join(struct.pack("HBBI", *each) for each in [*instructions, (_RETURN, 0, 0, _ALLOW)])


def _load(offset: int) -> tuple[int, int, int, int]:
    return _LOAD, 0, 0, offset


def main() -> None:
    """Put this process under watch, and become the command."""
    library = ctypes.CDLL(None, use_errno=True)
    code = _filter(set(sys.argv[2].split(",")))
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    if not SECCOMP or library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        sys.exit("This machine cannot watch file operations.")
    listener = library.syscall(SECCOMP, _SET_FILTER, _NEW_LISTENER, ctypes.byref(program))
    if listener < 0:
        sys.exit(f"The kernel does not let a process be watched: {os.strerror(ctypes.get_errno())}.")
    with socket.socket(fileno=int(sys.argv[1])) as watcher:
        socket.send_fds(watcher, [b"."], [listener])
    os.close(listener)
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606 -- the command is the test's own


if __name__ == "__main__":
    main()
