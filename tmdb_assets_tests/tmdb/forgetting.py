"""A program that never closes a client, in the way that its argument says."""

import asyncio
import gc
import sys

from tmdb_assets.tmdb import AsyncTMDBClient, TMDBClient
from tmdb_assets_tests.tmdb.odd_server import OddServer


async def ask(client: AsyncTMDBClient) -> None:
    """Use a client."""
    await client.get_batch_movie_details([1, 2, 3])


async def forget(url: str) -> None:
    """Use a client, and forget it."""
    await ask(AsyncTMDBClient(base_url=url))


def main(way: str) -> None:
    """Forget to close a client."""
    with OddServer() as server:
        if way == "sync":
            TMDBClient(base_url=server.url).get_batch_movie_details([1, 2, 3])
        elif way == "async":
            asyncio.run(forget(server.url))
        elif way == "async, outside of its loop":
            client = AsyncTMDBClient(base_url=server.url)
            asyncio.run(ask(client))
            del client
        gc.collect()


if __name__ == "__main__":
    main(sys.argv[1])
