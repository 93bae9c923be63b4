import subprocess
import sys
import time
from pathlib import Path

import pytest

from tmdb_assets.commands.processes import end_marked, find_marked, marked_processes
from tmdb_assets.commands.service_logs import LogFollower, worth_showing

READY = "print('ready', flush=True)"
DEAF = f"import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); {READY}; time.sleep(60)"
ORPHAN = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {DEAF!r}], start_new_session=True)"
INFO = "\x1b[32m2026-11-21 13:36:04 +0000\x1b[0m - dagster.daemon - \x1b[34mINFO\x1b[0m - Launched 1 runs.\n"
ERROR = "\x1b[32m2026-11-21 13:36:05 +0000\x1b[0m - dagster.daemon - \x1b[31mERROR\x1b[0m - It broke:\n"
OF_PYTHON = "2026-11-21 13:36:05 +0000 - dagster - WARNING - /a/b.py:1: BetaWarning: `thing` may change\n"


def started(program: str) -> subprocess.Popen[str]:
    """Start a program that leaves its session, and wait until it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def test_what_is_started_by_what_has_died_is_ended() -> None:
    """An orphan in a session of its own that does not listen."""
    with marked_processes() as mark, started(ORPHAN) as parent:
        parent.wait()
        orphans = find_marked(mark)

        left = end_marked(mark, grace_seconds=0.1)

        assert len(orphans) == 1
        assert left == []
        assert find_marked(mark) == []


def test_impatience_ends_the_wait() -> None:
    with marked_processes() as mark, started(DEAF):
        begun = time.monotonic()

        left = end_marked(mark, grace_seconds=60, is_impatient=lambda: True)

        assert left == []
        assert time.monotonic() - begun < 10


def test_processes_of_others_stay() -> None:
    with marked_processes() as other, started(f"import time; {READY}; time.sleep(60)") as process:
        end_marked("another mark")

        assert find_marked(other) == [process.pid]
        process.kill()


@pytest.mark.parametrize(
    ("log", "shown"),
    [
        (INFO, []),
        (ERROR + "Traceback (most recent call last):\n  File\n", ["13:36:05 ERROR It broke:"]),
        (OF_PYTHON, []),
    ],
    ids=["what is well", "an error without its traceback", "what only a programmer needs"],
)
def test_the_terminal_shows(log: str, shown: list[str]) -> None:
    assert worth_showing(log) == shown


def test_a_line_is_read_when_it_is_whole(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("one\ntw")
    follower = LogFollower(log)

    first = follower.added()
    log.write_text("one\ntwo\n")
    second = follower.added()

    assert (first, second) == ("one\n", "two\n")
