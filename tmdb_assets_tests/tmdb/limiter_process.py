"""A process that takes slots as a client does, ten tasks at a time, and notes when it got them."""

import asyncio
import os
import time
from pathlib import Path
from typing import Any, cast

import msgspec

from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets_tests.tmdb.limiter_stores import Store

TASKS = 10
LATENCY = 0.06


class _Unheard:
    """A conversation that nobody reads."""

    def waiting_for_slot(self, seconds: float) -> None:
        """Ignore it."""

    def waited(self, seconds: float) -> None:
        """Ignore it."""


def take_slots(store: Store, requests_per_second: float, notes: Path) -> None:
    """Take slots until killed, each noted at once, in one write, by the clock that all processes share."""
    client = AsyncTMDBClient("0" * 32, limiter=store.limiter(requests_per_second))
    file = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def one_task() -> None:
        while True:
            await client._take_slot(cast("Any", _Unheard()))  # noqa: SLF001 - the client's very own waiting
            os.write(file, b"%.6f\n" % time.monotonic())
            await asyncio.sleep(LATENCY)

    async def all_tasks() -> None:
        await asyncio.gather(*(one_task() for _ in range(TASKS)))

    asyncio.run(all_tasks())


def noted(notes: Path) -> list[float]:
    """Return when slots were taken."""
    return [msgspec.json.decode(line) for line in notes.read_bytes().splitlines()] if notes.exists() else []
