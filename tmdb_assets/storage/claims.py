"""Claims: what one process is asking for, so that no other asks for it at the same time."""

import contextlib
import errno
import fcntl
import os
import struct
from pathlib import Path
from typing import Self

_LARGEST = 2**62


class Claims:
    """Numbers that this object alone has, among all that use the same file; they die with the process.

    A claim is a lock on the byte of the file at that place, which stays empty. Where the system has
    open-file-description locks (Linux), two of these within one process exclude each other, too.

    Parameters
    ----------
    path
        The file, made when missing; its folder, too.

    Raises
    ------
    OSError
        The folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)

    def try_claim(self, number: int) -> bool:
        """Claim a number, and say whether it is ours now; nobody is waited for.

        Raises
        ------
        OSError
            The file system knows no locks, or has none left.
        """
        try:
            self._lock(fcntl.F_WRLCK, number)
        except OSError as error:
            if error.errno in {errno.EAGAIN, errno.EACCES}:
                return False
            raise
        return True

    def release(self, number: int) -> None:
        """Let others have a number."""
        self._lock(fcntl.F_UNLCK, number)

    def close(self) -> None:
        """Release all."""
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.close()

    def _lock(self, kind: int, number: int) -> None:
        place = number % _LARGEST
        if hasattr(fcntl, "F_OFD_SETLK"):
            # struct flock: l_type, l_whence, l_start, l_len, l_pid, which has to be 0
            fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, struct.pack("hhqqi0q", kind, os.SEEK_SET, place, 1, 0))
        else:
            command = fcntl.LOCK_UN if kind == fcntl.F_UNLCK else fcntl.LOCK_EX | fcntl.LOCK_NB
            fcntl.lockf(self._file, command, 1, place, os.SEEK_SET)
