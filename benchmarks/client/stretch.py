"""A stretch of work: films asked for, 20 in flight or one by one, until there are enough or time is up."""

import asyncio
import resource
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

__all__ = ["IN_FLIGHT", "Stretch"]

IN_FLIGHT = 20


class Stretch:
    """What became of the films of a stretch, and what it took.

    Parameters
    ----------
    ids
        The films, in the order in which they are asked for.
    seconds
        No more are asked for after so many.
    keeps_errors
        Whether a failure is counted; else it ends the stretch.
    """

    def __init__(self, ids: Iterable[int], seconds: float, *, keeps_errors: bool = False) -> None:
        self._ids = iter(list(ids))  # of a list, so that threads may share it
        self._seconds = seconds
        self._keeps_errors = keeps_errors
        self._came: list[bool] = []  # appending is what threads may do together
        self.errors: Counter[str] = Counter()
        self.cpu = self.wall = 0.0

    @property
    def asked(self) -> int:
        """How many films came."""
        return len(self._came)

    @property
    def wrong(self) -> int:
        """How many of them were not the one that was asked for."""
        return self._came.count(False)

    def in_threads(self, ask: Callable[[int], int], in_flight: int = IN_FLIGHT) -> "Stretch":
        """Ask from so many threads; with one, from this thread."""
        self._begin()
        if in_flight == 1:
            self._work(ask)
        else:
            with ThreadPoolExecutor(in_flight) as pool:
                for worker in [pool.submit(self._work, ask) for _ in range(in_flight)]:
                    worker.result()
        return self._end()

    async def in_tasks(self, ask: Callable[[int], Awaitable[int]], in_flight: int = IN_FLIGHT) -> "Stretch":
        """Ask from so many tasks."""
        self._begin()
        await asyncio.gather(*(self._work_awaited(ask) for _ in range(in_flight)))
        return self._end()

    def figures(self) -> dict[str, float]:
        """Return CPU seconds per 1,000 requests, requests per second, and how many other films came."""
        return {
            "cpu": self.cpu / self.asked * 1000,
            "rate": self.asked / self.wall,
            "wrong": self.wrong,
        }

    def _work(self, ask: Callable[[int], int]) -> None:
        for id_ in self._turns():
            try:
                self._got(id_, ask(id_))
            except Exception as error:  # noqa: BLE001 -- whatever a client raises
                self._failed(error)

    async def _work_awaited(self, ask: Callable[[int], Awaitable[int]]) -> None:
        for id_ in self._turns():
            try:
                self._got(id_, await ask(id_))
            except Exception as error:  # noqa: BLE001 -- whatever a client raises
                self._failed(error)

    def _turns(self) -> Iterator[int]:
        for id_ in self._ids:
            if time.perf_counter() > self._until:
                return
            yield id_

    def _got(self, id_: int, came: int) -> None:
        self._came.append(came == id_)

    def _failed(self, error: Exception) -> None:
        if not self._keeps_errors:
            raise error
        self.errors[type(error).__name__] += 1

    def _begin(self) -> None:
        self.cpu, self.wall = -cpu_seconds(), -time.perf_counter()
        self._until = self._seconds - self.wall

    def _end(self) -> "Stretch":
        self.cpu += cpu_seconds()
        self.wall += time.perf_counter()
        return self


def cpu_seconds() -> float:
    """Return the CPU time of this process so far, user and system."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
