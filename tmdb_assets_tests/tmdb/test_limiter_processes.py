"""Four processes, one budget, as a server would count them; one of them is killed."""

import itertools
import multiprocessing
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event, Thread
from typing import Self

import pytest

from tmdb_assets.tmdb.limiter import LATENESS
from tmdb_assets_tests.tmdb.limiter_process import noted, take_slots
from tmdb_assets_tests.tmdb.limiter_stores import Store

RATE = 38.0
STEADY = 3.0
LONGEST = 10.0


class Witness:
    """Somebody who sleeps and wakes beside them, and notes when the machine let him sleep too long."""

    def __init__(self) -> None:
        self.disturbed = list[float]()
        self._ended = Event()
        self._thread = Thread(target=self._sleep)

    def _sleep(self) -> None:
        while not self._ended.is_set():
            due = time.monotonic() + 0.005
            time.sleep(0.005)
            if (now := time.monotonic()) - due > LATENESS:
                self.disturbed.append(now)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def calm_since(self) -> float:
        """Say since when nobody slept too long."""
        return self.disturbed[-1] if self.disturbed else 0.0


@contextmanager
def processes(store: Store, notes: list[Path]) -> Iterator[list[BaseProcess]]:
    """Let a process take slots for each file of notes."""
    context = multiprocessing.get_context("spawn")
    started = [context.Process(target=take_slots, args=(store, RATE, path)) for path in notes]
    for process in started:
        process.start()
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.join()


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    """Wait for a condition, so many seconds at most."""
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)


def test_four_processes_use_the_budget_and_no_more_though_one_is_killed(store: Store, tmp_path: Path) -> None:
    """In any second at most two above the rate; and once one is killed, the others take what it leaves.

    What is used is measured over three seconds in which the machine let nobody sleep too long: a slot that is
    missed is given up, as it has to be.
    """
    notes = [tmp_path / str(number) for number in range(4)]
    with Witness() as witness, processes(store, notes) as running:
        wait_until(lambda: all(map(noted, notes)), 60)
        running[0].kill()
        running[0].join()
        killed = time.monotonic()
        wait_until(lambda: time.monotonic() - max(killed, witness.calm_since()) > STEADY, LONGEST)
        end = time.monotonic()
    begin = max(killed, witness.calm_since())
    taken = sorted(itertools.chain.from_iterable(map(noted, notes)))

    in_a_second = max(bisect_left(taken, start + 1) - number for number, start in enumerate(taken))
    used = (bisect_left(taken, end) - bisect_left(taken, begin)) / (end - begin) / RATE

    assert in_a_second <= RATE + 2
    if end - begin < STEADY:
        pytest.skip(f"the machine was never calm for {STEADY:g} seconds")
    assert used >= 0.97
    assert not [when for when in noted(notes[0]) if when > killed]
