"""The file that processes share: what may be wrong with it, and who may hold it."""

import contextlib
import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tmdb_assets.tmdb.limiter import ProcessLimiter
from tmdb_assets.tmdb.limiter_local import LocalLimiter, shared_path
from tmdb_assets_tests.tmdb.limiter_stores import Clock

RATE = 38.0
SLOT = 1 / RATE

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*fork:DeprecationWarning"
)  # to fork beside threads is the test


def make_folder(path: Path) -> None:
    path.mkdir()


def make_file_of_its_folder(path: Path) -> None:
    path.parent.rmdir()
    path.parent.touch()


def make_full_disk(path: Path) -> None:
    path.symlink_to("/dev/full")


def make_failing_disk(path: Path) -> None:
    path.symlink_to("/proc/version")


def make_loop(path: Path) -> None:
    path.symlink_to(path)


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


UNUSABLE = [make_folder, make_file_of_its_folder, make_full_disk, make_failing_disk, make_loop, make_pipe]


@pytest.mark.parametrize("spoil", UNUSABLE)
def test_a_place_that_cannot_be_used_is_one_warning_and_a_budget_of_one_s_own(
    spoil: Callable[[Path], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, clock = tmp_path / "folder" / "slot", Clock()
    path.parent.mkdir()
    spoil(path)
    limiter = LocalLimiter(path, 1, clock)

    waits = [limiter.reserve() for _ in range(3)]
    limiter.push(5)
    clock.now += 11
    waits.append(limiter.reserve())

    assert waits == pytest.approx([0, 1, 2, 0], abs=0.03)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert str(path) in caplog.text


def test_a_place_that_can_be_used_again_is_shared_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What was given out meanwhile counts for the others, too."""
    caplog.set_level(logging.INFO)
    path, clock = tmp_path / "slot", Clock()
    path.mkdir()
    limiter, other = LocalLimiter(path, 1, clock), LocalLimiter(path, 1, clock)
    limiter.push(30)
    path.rmdir()

    clock.now += 11
    limiter.reserve()

    assert other.reserve() == 20
    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.INFO]


def test_a_file_that_is_removed_is_made_again(tmp_path: Path) -> None:
    limiter = LocalLimiter(tmp_path / "folder" / "slot", RATE)
    limiter.reserve()
    (tmp_path / "folder" / "slot").unlink()
    (tmp_path / "folder").rmdir()

    assert limiter.reserve() == 0.0
    assert (tmp_path / "folder" / "slot").exists()


def test_a_file_that_is_too_long_or_too_short_is_mended(tmp_path: Path) -> None:
    path, clock = tmp_path / "slot", Clock()
    LocalLimiter(path, 1, clock).push(60)
    content = path.read_bytes()

    waits = list[float]()
    for spoilt in (content[:-1], content[:8], b"", content + b"more", b"x" * 4096):
        path.write_bytes(spoilt)
        waits += [LocalLimiter(path, 1, clock).reserve(), LocalLimiter(path, 1, clock).reserve()]

    assert waits[:6] == pytest.approx([0, 1] * 3, abs=0.03)
    assert waits[6:8] == [60, 61]
    assert waits[8:] == pytest.approx([0, 1], abs=0.03)


@contextlib.contextmanager
def held_by_another(path: Path) -> Iterator[None]:
    """Lock the file through an opening of its own, as a process would that was stopped at a bad moment."""
    file = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def test_whoever_keeps_the_file_locked_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path, clock = tmp_path / "slot", Clock()
    limiter = LocalLimiter(path, 1, clock)
    started = time.monotonic()

    with held_by_another(path):
        waits = [limiter.reserve() for _ in range(3)]

    assert waits == pytest.approx([0, 1, 2], abs=0.03)
    assert time.monotonic() - started < 5  # it waits once, not each time
    assert "another process keeps it locked" in caplog.text


def end_in(seconds: int) -> None:
    """Let this process, a fork of the tests', end at the latest then."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds)


class ForkingClock:
    """A clock that forks while the file is locked, once: what another thread's fork may hit upon."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.child = 0

    def __call__(self) -> float:
        """Tell the time."""
        if not self.child and self._is_locked():
            self.child = os.fork()
            if self.child == 0:
                end_in(60)  # should nobody else end it
                signal.pause()
        return time.monotonic()

    def _is_locked(self) -> bool:
        with self.path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False


def test_a_child_forked_while_the_file_is_locked_does_not_keep_it_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "slot"
    path.touch()
    clock = ForkingClock(path)
    limiter = LocalLimiter(path, 1, clock)
    try:
        limiter.reserve()

        assert LocalLimiter(path, 1).reserve() == pytest.approx(1, abs=0.5)
        assert not caplog.records
        assert clock.child
    finally:
        os.kill(clock.child, signal.SIGKILL)
        os.waitpid(clock.child, 0)


def in_a_fork(work: Callable[[], bool]) -> bool:
    """Return what a forked child says, within ten seconds."""
    child = os.fork()
    if child == 0:
        end_in(10)
        os._exit(0 if work() else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_child_that_was_forked_shares_the_budget(tmp_path: Path) -> None:
    limiter = LocalLimiter(tmp_path / "slot", RATE)
    limiter.reserve()

    is_pushed = in_a_fork(lambda: limiter.push(30) is None)

    assert is_pushed
    assert limiter.reserve() > 25


def test_a_fork_while_another_thread_reserves_can_reserve_too() -> None:
    parent, is_inside, may_go_on = os.getpid(), threading.Event(), threading.Event()

    def clock() -> float:
        if os.getpid() == parent:
            is_inside.set()
            may_go_on.wait()
        return 1000.0

    limiter = ProcessLimiter(1, clock)
    thread = threading.Thread(target=limiter.reserve)
    thread.start()
    is_inside.wait()
    try:
        assert in_a_fork(lambda: limiter.reserve() == 0.0)
    finally:
        may_go_on.set()
        thread.join()


def test_the_file_s_name_shows_neither_server_nor_credential() -> None:
    path = shared_path("https://api.example.org/3", "hidden-secret")

    assert "hidden" not in str(path)
    assert "example" not in path.name
    assert path == shared_path("https://api.example.org/3", "hidden-secret")
    assert path != shared_path("https://api.example.org/3", "another")
