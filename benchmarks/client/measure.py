"""One client, measured in a process of its own: this is that process.

It reads what to do as JSON from its standard input, and prints its figures as one line of JSON.
"""

import asyncio
import importlib
import json
import resource
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice
from types import ModuleType
from typing import Any

from benchmarks.client.stretch import Stretch

__all__ = ["Order"]

KEY = "0123456789abcdef0123456789abcdef"
_WARM_UP_REQUESTS = 60
_ONE_BY_ONE_LATE = 10
_DECODED_FILMS = 40
_DECODE_SECONDS = 0.7


@dataclass(frozen=True, slots=True)
class Order:
    """What to measure.

    Parameters
    ----------
    client
        The name of its file in ``peers``.
    kind
        ``sync`` or ``async``.
    what
        ``speed``, or ``limited`` for the server that allows 40 requests a second.
    urls, ids
        What the server told.
    requests
        How many make a stretch.
    seconds
        How long a stretch may be.
    """

    client: str
    kind: str
    what: str
    urls: dict[str, str]
    ids: list[int]
    requests: int
    seconds: float

    def stretch(self, requests: int) -> Stretch:
        """Return a stretch of the same films for every client."""
        return Stretch(islice(cycle(self.ids), requests), self.seconds)


def speed_sync(client: ModuleType, order: Order) -> dict[str, Any]:
    """Measure a sync client from 20 threads, and one after another."""
    figures: dict[str, Any] = {}
    for port, one_by_one in (("at_once", order.requests), ("after_50_ms", _ONE_BY_ONE_LATE)):
        with client.opened(order.urls[port], KEY) as ask:
            order.stretch(_WARM_UP_REQUESTS).in_threads(ask)
            figures[f"{port}_20"] = order.stretch(order.requests).in_threads(ask).figures()
            figures[f"{port}_1"] = order.stretch(one_by_one).in_threads(ask, 1).figures()
    return figures


async def speed_async(client: ModuleType, order: Order) -> dict[str, Any]:
    """Measure an async client from 20 tasks."""
    figures: dict[str, Any] = {}
    for port in ("at_once", "after_50_ms"):
        async with client.opened(order.urls[port], KEY) as ask:
            await order.stretch(_WARM_UP_REQUESTS).in_tasks(ask)
            figures[f"{port}_20"] = (await order.stretch(order.requests).in_tasks(ask)).figures()
    return figures


def decode_ms(decode: Callable[[bytes], int], order: Order) -> float:
    """Return the CPU milliseconds that 1,000 bodies take in the client's own parsing."""
    bodies = [_body(f"{order.urls['at_once']}/movie/{id_}") for id_ in order.ids[:_DECODED_FILMS]]
    for body in bodies:
        decode(body)
    decoded, started = 0, time.process_time()
    while decoded < order.requests and time.process_time() - started < _DECODE_SECONDS:
        for body in bodies:
            decode(body)
        decoded += len(bodies)
    return (time.process_time() - started) / decoded * 1_000_000


def limited_sync(client: ModuleType, order: Order) -> dict[str, Any]:
    """Ask the limited server for every film once, as the client's documentation says."""
    started = time.perf_counter()
    if hasattr(client, "collect"):
        right = set(client.collect(order.urls["limited"], KEY, order.ids)) & set(order.ids)
        return _limited(len(right), started)
    stretch = Stretch(order.ids, order.seconds, keeps_errors=True)
    with client.opened(order.urls["limited"], KEY) as ask:
        stretch.in_threads(ask)
    return _limited(stretch.asked - stretch.wrong, started, stretch)


async def limited_async(client: ModuleType, order: Order) -> dict[str, Any]:
    """Do what ``limited_sync`` does, awaited."""
    started = time.perf_counter()
    if hasattr(client, "collect"):
        right = set(await client.collect(order.urls["limited"], KEY, order.ids)) & set(order.ids)
        return _limited(len(right), started)
    stretch = Stretch(order.ids, order.seconds, keeps_errors=True)
    async with client.opened(order.urls["limited"], KEY) as ask:
        await stretch.in_tasks(ask)
    return _limited(stretch.asked - stretch.wrong, started, stretch)


def _limited(films: int, started: float, stretch: Stretch | None = None) -> dict[str, Any]:
    seconds = time.perf_counter() - started
    errors = dict(stretch.errors) if stretch else {}
    wrong = stretch.wrong if stretch else 0
    return {"films": films, "seconds": seconds, "errors": errors, "wrong": wrong}


def _body(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 -- the benchmark's own server
        return answer.read()


def main() -> None:
    """Measure, and print the figures."""
    order = Order(**json.load(sys.stdin))
    client = importlib.import_module(f"benchmarks.client.peers.{order.client}")
    if order.what == "limited":
        figures = (
            limited_sync(client, order) if order.kind == "sync" else asyncio.run(limited_async(client, order))
        )
    else:
        figures = (
            speed_sync(client, order) if order.kind == "sync" else asyncio.run(speed_async(client, order))
        )
        # Read before decoding alone keeps bodies; kilobytes, as Linux counts.
        figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        figures["decode_ms"] = decode_ms(client.decode, order)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
