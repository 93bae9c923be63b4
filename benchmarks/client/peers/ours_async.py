"""AsyncTMDBClient, with all defaults but the address and a budget that does not bind."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from benchmarks.client.clients import APPENDED
from benchmarks.client.our_decoding import decode
from tmdb_assets.tmdb import AsyncTMDBClient

__all__ = ["collect", "decode", "opened"]

_UNBOUND = 1_000_000


@asynccontextmanager
async def opened(base_url: str, key: str) -> AsyncGenerator[Callable[[int], Awaitable[int]]]:
    """Ask for films."""
    async with AsyncTMDBClient(key, base_url=base_url, requests_per_second=_UNBOUND) as client:

        async def ask(id_: int) -> int:
            return (await client.movies.details(id_, append_to_response=APPENDED)).id

        yield ask


async def collect(base_url: str, key: str, ids: Iterable[int]) -> list[int]:
    """Return the ids of the films that a batch obtains within the default budget."""
    async with AsyncTMDBClient(key, base_url=base_url) as client:
        return [movie.id for movie in (await client.get_batch_movie_details(ids)).found]
