"""A program that streams a few and then many questions, answered from a cache; it prints the memory."""

import asyncio
import itertools
import resource
import sys
from typing import Any

from tmdb_assets.tmdb import AsyncTMDBClient, MemoryCache, ProcessLimiter, TMDBClient, endpoints
from tmdb_assets_tests.tmdb.odd_server import OddServer, Peer, reply

COUNTS = (1_000, 10_000)


def cacheable(peer: Peer) -> None:
    """Answer for an hour."""
    peer.send(
        reply(
            b'{"id":1,"overview":"' + b"Once upon a time. " * 50 + b'"}',
            "200 OK",
            "Cache-Control: max-age=3600",
        )
    )
    peer.is_kept = True


def say(count: int) -> None:
    """Print the most memory that there was so far, in kB, for so many outcomes."""
    sys.stdout.write(f"{count} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}\n")


def stream_of(client: Any, count: int) -> Any:  # noqa: ANN401 -- either client
    """Ask the same so many times."""
    return client.stream(itertools.repeat(endpoints.movies.details(1), count))


def with_sync(options: dict[str, Any]) -> None:
    """Stream with the client."""
    with TMDBClient(**options) as client:
        for count in COUNTS:
            say(sum(1 for _ in stream_of(client, count)))


async def with_async(options: dict[str, Any]) -> None:
    """Stream with the async client."""
    async with AsyncTMDBClient(**options) as client:
        for count in COUNTS:
            say(len([None async for _ in stream_of(client, count)]))


if __name__ == "__main__":
    with OddServer(cacheable) as server:
        chosen = {"base_url": server.url, "limiter": ProcessLimiter(10_000), "cache": MemoryCache()}
        if sys.argv[1] == "sync":
            with_sync(chosen)
        else:
            asyncio.run(with_async(chosen))
