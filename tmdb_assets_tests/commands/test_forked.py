"""The process that most tests fork their commands from."""

import os
import sys
from pathlib import Path

from tmdb_assets_tests.commands.running import FORKED


def count_threads() -> None:
    """Return how many threads the process has that this one was forked from, as the exit code."""
    sys.exit(len(list(Path(f"/proc/{os.getppid()}/task").iterdir())))


def test_it_has_one_thread() -> None:
    """Only that one would go on in a process that is forked from it."""
    forked = FORKED.Process(target=count_threads)

    forked.start()
    forked.join()

    assert forked.exitcode == 1
