"""A program that uses both clients plainly and under faults; nothing may be left or complained of.

It prints how many file descriptors were open before and after.
"""

import asyncio
import gc
import sys
from pathlib import Path

from tmdb_assets.tmdb import AsyncTMDBClient, ProcessLimiter, RetryPolicy, Timeouts, TMDBClient
from tmdb_assets_tests.tmdb.faults import FAULTS
from tmdb_assets_tests.tmdb.odd_server import OddServer, Peer

POLICY = RetryPolicy(first_wait=0.001, max_retry_after=0.001)
CHEAP = [fault for fault in FAULTS if fault.timeouts.total > 1 and not fault.timeouts.read]
SKIPPED = ("huge", "gzip bomb", "longer", "empty gzip members", "401")


def descriptors() -> int:
    """Count what is open, once the server's side is closed."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


def faulty() -> "OddServer":
    """Misbehave in another way at each request, and answer every fourth."""
    acts = [fault.act for fault in CHEAP if not fault.name.startswith(SKIPPED)]

    def act(peer: Peer) -> None:
        number = len(peer.server.targets)
        (Peer.answer if number % 4 == 0 else acts[number % len(acts)])(peer)

    return OddServer(act)


def plain(url: str) -> None:
    """Use a client without ``with``, and close it."""
    client = TMDBClient(base_url=url, limiter=ProcessLimiter(5000), retry=POLICY, timeout=Timeouts(5))
    client.get_batch_movie_details(range(1, 61))
    client.close()


def scoped(url: str) -> None:
    """Use a client in a ``with`` block."""
    with TMDBClient(base_url=url, limiter=ProcessLimiter(5000), retry=POLICY) as client:
        client.get_batch_movie_details(range(1, 61))


async def plain_async(url: str) -> None:
    """Use an async client without ``async with``, and close it."""
    client = AsyncTMDBClient(base_url=url, limiter=ProcessLimiter(5000), retry=POLICY)
    await client.get_batch_movie_details(range(1, 61))
    await client.aclose()


async def scoped_async(url: str) -> None:
    """Use an async client in an ``async with`` block."""
    async with AsyncTMDBClient(base_url=url, limiter=ProcessLimiter(5000), retry=POLICY) as client:
        await client.get_batch_movie_details(range(1, 61))


def main() -> None:
    """Do all of it, twice: the first time opens what stays open for good."""
    counts: list[int] = []
    for _ in range(3):
        with faulty() as server:
            plain(server.url)
            scoped(server.url)
            asyncio.run(plain_async(server.url))
            asyncio.run(scoped_async(server.url))
        counts.append(descriptors())
    sys.stdout.write(f"{counts[1]} {counts[2]}\n")


if __name__ == "__main__":
    main()
