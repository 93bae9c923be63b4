"""Usage: what a client has asked so far, and how it went."""

import threading
from typing import Protocol

import msgspec

__all__ = ["Counter", "Counters", "Usage", "UsageCounter"]


class Counter(Protocol):
    """What is told of each request as it happens."""

    def add(self, **more: float) -> None:
        """Add to the totals, which are named as in ``Usage``."""
        ...


class Counters:
    """Several counters as one."""

    def __init__(self, *counters: Counter | None) -> None:
        self._counters = [counter for counter in counters if counter is not None]

    def add(self, **more: float) -> None:
        """Add to the totals of each."""
        for counter in self._counters:
            counter.add(**more)


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Running totals; ``later - earlier`` is what happened in between.

    ``requests`` counts every attempt that was sent, ``retries`` those of them that were not the first;
    ``ok``, ``not_found`` and ``failed`` count questions, ``cached`` those that a cache answered without a
    request. ``rate_limited`` counts replies of HTTP 429, ``waited_seconds`` are those in which the limit held
    requests back, one at a time, and pauses before asking again, which add up; ``received_bytes`` is after
    decompression.
    """

    requests: int = 0
    ok: int = 0
    not_found: int = 0
    failed: int = 0
    cached: int = 0
    retries: int = 0
    rate_limited: int = 0
    waited_seconds: float = 0.0
    received_bytes: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})

    def __sub__(self, other: "Usage") -> "Usage":
        return Usage(**{name: getattr(self, name) - getattr(other, name) for name in self.__struct_fields__})


class UsageCounter:
    """The totals of one client; its threads may add to them at the same time."""

    def __init__(self, total: Usage | None = None) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, float] = msgspec.structs.asdict(total or Usage())

    @property
    def total(self) -> Usage:
        """What was counted so far."""
        # Without the lock, which another thread may have held when this process was forked.
        return msgspec.convert(self._counts.copy(), Usage)

    def add(self, **more: float) -> None:
        """Add to the totals, which are named as in ``Usage``."""
        with self._lock:
            for name, count in more.items():
                self._counts[name] += count
