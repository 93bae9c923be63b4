"""aiohttp alone, with our decoding: what the async client has to come near."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp

from benchmarks.client.clients import APPENDED
from benchmarks.client.our_decoding import decode

__all__ = ["decode", "opened"]


@asynccontextmanager
async def opened(base_url: str, key: str) -> AsyncGenerator[Callable[[int], Awaitable[int]]]:
    """Ask for films, as aiohttp's client quickstart does."""
    params = {"api_key": key, "append_to_response": ",".join(APPENDED)}
    async with aiohttp.ClientSession(raise_for_status=True) as session:

        async def ask(id_: int) -> int:
            async with session.get(f"{base_url}/movie/{id_}", params=params) as answer:
                return decode(await answer.read())

        yield ask
