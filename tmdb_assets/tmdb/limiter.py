"""The limiter: one budget of requests per second, shared by whoever keeps its slots in the same place.

It is a reservation, the token bucket's exact form (GCRA): one atomic step takes the next slot and says how
long to sleep until then. Whoever comes later sees it as taken, so nobody polls or is woken for nothing. Here
are the arithmetic and the budget of one process; ``limiter_local`` shares it within a machine and
``limiter_redis`` between machines.
"""

import abc
import logging
import math
import os
import threading
import time
import weakref
from collections.abc import Callable
from typing import ClassVar, NamedTuple, Protocol

from tmdb_assets.tmdb.options import checked

__all__ = [
    "LATENESS",
    "PACE",
    "Limiter",
    "ProcessLimiter",
    "SharedLimiter",
    "Slots",
    "next_slot",
    "pushed",
    "reserved",
]

logger = logging.getLogger("tmdb_assets.tmdb")

LATENESS = 0.025
"""How many seconds after its slot a request may still be sent.

Slots are evenly spaced, so any ``t`` seconds hold at most ``rate * (t + LATENESS) + 1`` requests: 39 in a
second at 38 a second. A wider tolerance would let a process that was held up send a bunch, over TMDB's 40.
"""

PACE = 0.98
"""How much of the budget is handed out.

The server counts arrivals, and whatever lies between bunches them. At 38 a second this lets requests arrive
up to 47 ms later than they were sent before any second of the server's holds more than 40; the whole budget
would leave 26 ms, all of which ``LATENESS`` needs.
"""

LONGEST_PUSH = 60.0
_SECONDS_ALONE = 10.0


class Limiter(Protocol):
    """Who may send next, and when."""

    is_remote: bool
    """Whether ``reserve`` and ``push`` wait for a network: an event loop calls them in a thread then."""

    def reserve(self, longest: float = math.inf) -> float:
        """Take the next slot, and say when it is.

        Parameters
        ----------
        longest
            How many seconds it may be away; where it is further, none is taken.

        Returns
        -------
        float
            How many seconds from now it is, also where none was taken; 0 means at once.
        """
        ...

    def push(self, seconds: float) -> None:
        """Give out no slot for so many seconds from now, at most 60, to nobody.

        Parameters
        ----------
        seconds
            Those beyond 60 do not count.
        """
        ...


class Slots(NamedTuple):
    """What is known of the slots that were given out: all that a store keeps."""

    free: float = -math.inf
    """When the next one begins that nobody has."""
    noted: float = -math.inf
    """When that was noted, by the same clock."""


def next_slot(slots: Slots, now: float) -> float:
    """Return when the next free slot begins: up to ``LATENESS`` ago, so that no part of the budget is lost.

    Where the clock was set back, or began anew with the machine, all that was given out moves with it: the
    next slot stays as far away as it was. (Set forward, it lets those who wait be overtaken, each once.)
    """
    set_back = max(0.0, slots.noted - now)
    return max(slots.free - set_back, now - LATENESS)


def reserved(
    slots: Slots, now: float, requests_per_second: float, longest: float = math.inf
) -> tuple[float, Slots | None]:
    """Return how many seconds away the next slot is, and what to keep once it is taken; None if it is not."""
    slot = next_slot(slots, now)
    seconds = max(0.0, slot - now)
    return seconds, None if seconds > longest else Slots(slot + 1 / requests_per_second, now)


def pushed(slots: Slots, now: float, seconds: float) -> Slots:
    """Return what to keep so that no slot begins for so many seconds; it never brings one forward."""
    return Slots(max(next_slot(slots, now), now + max(0.0, min(seconds, LONGEST_PUSH))), now)


class _Lock:
    """A lock of threads that is free in a process just forked, whoever held it in the other one."""

    _all: ClassVar["weakref.WeakSet[_Lock]"] = weakref.WeakSet()

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    @classmethod
    def free_all(cls) -> None:
        """Free the locks of threads that this process does not have."""
        for lock in cls._all:
            lock._lock = threading.Lock()  # noqa: SLF001 - its own class's


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_Lock.free_all)


class ProcessLimiter:
    """A budget for this process alone; a process forked from it has one of its own.

    Parameters
    ----------
    requests_per_second
        The budget.
    clock
        What tells the time, in seconds.
    """

    is_remote = False

    def __init__(self, requests_per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.requests_per_second = checked(
            "requests_per_second", requests_per_second, "a number above 0", lambda rate: 0 < rate < math.inf
        )
        self._clock = clock
        self._slots = Slots()
        self._lock = _Lock()

    def reserve(self, longest: float = math.inf) -> float:
        """Return how many seconds from now the next slot is, and take it.

        Parameters
        ----------
        longest
            How many seconds it may be away; where it is further, none is taken.
        """
        with self._lock:
            seconds, slots = reserved(self._slots, self._clock(), self.requests_per_second, longest)
            self._slots = slots or self._slots
            return seconds

    def push(self, seconds: float) -> None:
        """Give out no slot for so many seconds from now, at most 60.

        Parameters
        ----------
        seconds
            Those beyond 60 do not count.
        """
        with self._lock:
            self._slots = pushed(self._slots, self._clock(), seconds)


class SharedLimiter(abc.ABC):
    """A budget in a place that others share, and another limiter for as long as that cannot be used.

    It raises nothing: what goes wrong is one warning, and ten seconds later the place is tried again.

    Parameters
    ----------
    standby
        Who gives out the slots meanwhile.
    clock
        What tells when to try again.
    """

    is_remote = False

    def __init__(self, standby: Limiter, clock: Callable[[], float]) -> None:
        self._standby = standby
        self._clock = clock
        self._lock = _Lock()
        self._is_shared = True
        self._again_at = -math.inf

    def reserve(self, longest: float = math.inf) -> float:
        """Return how many seconds from now the next slot is, and take it.

        Parameters
        ----------
        longest
            How many seconds it may be away; where it is further, none is taken.
        """
        if self._clock() >= self._again_at:
            try:
                self._return()
                return self._reserve(longest)
            except OSError as error:
                self._leave(error)
        return self._standby.reserve(longest)

    def push(self, seconds: float) -> None:
        """Give out no slot for so many seconds from now, at most 60, to anybody who shares the budget.

        Parameters
        ----------
        seconds
            Those beyond 60 do not count.
        """
        self._standby.push(seconds)  # it knows, should the place be lost meanwhile
        if self._clock() >= self._again_at:
            try:
                self._return()
                self._push(seconds)
            except OSError as error:
                self._leave(error)

    @abc.abstractmethod
    def _reserve(self, longest: float) -> float:
        """Reserve in the shared place, or raise an ``OSError``."""

    @abc.abstractmethod
    def _push(self, seconds: float) -> None:
        """Push in the shared place, or raise an ``OSError``."""

    @abc.abstractmethod
    def _complaint(self, error: OSError) -> str:
        """Return a sentence that says what is not shared, and why."""

    def _return(self) -> None:
        if self._is_shared:
            return
        self._push(self._standby.reserve(-1))  # takes none: says how far what was given out alone reaches
        with self._lock:
            is_first, self._is_shared = not self._is_shared, True
        if is_first:
            logger.info("The rate limit is shared again.")

    def _leave(self, error: OSError) -> None:
        self._again_at = self._clock() + _SECONDS_ALONE
        with self._lock:
            is_first, self._is_shared = self._is_shared, False
        if is_first:
            logger.warning("%s It is tried again every %d seconds.", self._complaint(error), _SECONDS_ALONE)
