import os
import subprocess
import sys

import pytest

_EIGHT_THREADS = """
import ctypes, sys, threading
from tmdb_assets.commands.memory import hold_little

if sys.argv[1] == "little":
    hold_little()
barrier = threading.Barrier(8)
threads = [threading.Thread(target=lambda: (barrier.wait(), bytearray(10_000))) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fdopen(1, b"w")))
libc.fflush(None)
"""


@pytest.mark.skipif(not os.confstr("CS_GNU_LIBC_VERSION"), reason="arenas are glibc's")
@pytest.mark.parametrize(("how", "is_one"), [("little", True), ("as it comes", False)])
def test_all_threads_take_memory_from_one_place(how: str, *, is_one: bool) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    command = [sys.executable, "-c", _EIGHT_THREADS, how]

    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert (said.count("<heap nr=") == 1) is is_one
