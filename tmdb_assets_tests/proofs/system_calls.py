"""What Linux calls the file operations that a process can be killed at; the standard library alone."""

import platform
from typing import NamedTuple

_O_CREAT = 0o100


class SystemCall(NamedTuple):
    """A system call that begins a file operation.

    Attributes
    ----------
    number
        Its number on this machine.
    operation
        The operation, by the name that proofs use.
    paths
        Which of its arguments are paths.
    is_open_file
        Whether its first argument is an open file.
    flags
        Which argument must contain ``O_CREAT`` for it to be one that makes a file.
    """

    number: int
    operation: str
    paths: tuple[int, ...] = ()
    is_open_file: bool = False
    flags: int | None = None


_X86_64 = (
    SystemCall(1, "write", is_open_file=True),
    SystemCall(18, "write", is_open_file=True),
    SystemCall(20, "write", is_open_file=True),
    SystemCall(2, "create", paths=(0,), flags=1),
    SystemCall(257, "create", paths=(1,), flags=2),
    SystemCall(74, "sync", is_open_file=True),
    SystemCall(75, "sync", is_open_file=True),
    SystemCall(77, "truncate", is_open_file=True),
    SystemCall(82, "rename", paths=(0, 1)),
    SystemCall(264, "rename", paths=(1, 3)),
    SystemCall(316, "rename", paths=(1, 3)),
    SystemCall(86, "link", paths=(0, 1)),
    SystemCall(265, "link", paths=(1, 3)),
    SystemCall(87, "unlink", paths=(0,)),
    SystemCall(263, "unlink", paths=(1,)),
)
_AARCH64 = (
    SystemCall(64, "write", is_open_file=True),
    SystemCall(68, "write", is_open_file=True),
    SystemCall(66, "write", is_open_file=True),
    SystemCall(56, "create", paths=(1,), flags=2),
    SystemCall(82, "sync", is_open_file=True),
    SystemCall(83, "sync", is_open_file=True),
    SystemCall(46, "truncate", is_open_file=True),
    SystemCall(38, "rename", paths=(1, 3)),
    SystemCall(276, "rename", paths=(1, 3)),
    SystemCall(37, "link", paths=(1, 3)),
    SystemCall(35, "unlink", paths=(1,)),
)
_BY_MACHINE = {"x86_64": (317, _X86_64), "aarch64": (277, _AARCH64)}

SECCOMP, CALLS = _BY_MACHINE.get(platform.machine(), (0, ()))
"""The number of ``seccomp`` itself, 0 where this machine is not known, and the calls to watch."""

O_CREAT = _O_CREAT
