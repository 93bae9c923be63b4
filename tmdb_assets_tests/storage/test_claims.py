import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tmdb_assets.storage.claims import Claims

_CLAIMER = """
import sys, time
from pathlib import Path
from tmdb_assets.storage.claims import Claims

claims = Claims(Path(sys.argv[1]))
print([claims.try_claim(int(number)) for number in sys.argv[2:]], flush=True)
sys.stdin.read()
"""


@contextmanager
def claimer(path: Path, *numbers: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a process that claims numbers, and keep it alive; yields it and what it got."""
    command = [sys.executable, "-c", _CLAIMER, str(path), *map(str, numbers)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "claims" / "movie_details"


def test_what_another_process_claimed_cannot_be_claimed(path: Path) -> None:
    with Claims(path) as claims, claimer(path, 7, 8) as (_, got):
        assert got == "[True, True]"
        assert [claims.try_claim(number) for number in (6, 7, 8, 9)] == [True, False, False, True]


def test_what_is_released_can_be_claimed_elsewhere(path: Path) -> None:
    with Claims(path) as claims:
        claims.try_claim(7)
        claims.try_claim(8)
        claims.release(7)

        with claimer(path, 7, 8) as (_, got):
            assert got == "[True, False]"


def test_the_claims_of_a_killed_process_die_with_it(path: Path) -> None:
    with Claims(path) as claims, claimer(path, 7) as (process, _):
        assert not claims.try_claim(7)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

        assert claims.try_claim(7)


def test_two_runs_within_one_process_exclude_each_other(path: Path) -> None:
    with Claims(path) as one, Claims(path) as other:
        assert one.try_claim(7)
        assert not other.try_claim(7)
        one.close()
        assert other.try_claim(7)


def test_ten_thousand_claims_are_kept_at_once(path: Path) -> None:
    numbers = range(0, 2**31, 2**31 // 10_000)
    with Claims(path) as one, Claims(path) as other:
        assert all(one.try_claim(number) for number in numbers)
        assert not any(other.try_claim(number) for number in (*numbers[:5], *numbers[-5:]))
    assert path.stat().st_size == 0
