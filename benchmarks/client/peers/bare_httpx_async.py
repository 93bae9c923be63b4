"""httpx's async client alone, with our decoding."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx

from benchmarks.client.clients import APPENDED
from benchmarks.client.our_decoding import decode

__all__ = ["decode", "opened"]


@asynccontextmanager
async def opened(base_url: str, key: str) -> AsyncGenerator[Callable[[int], Awaitable[int]]]:
    """Ask for films, as httpx's documentation of async does."""
    params = {"api_key": key, "append_to_response": ",".join(APPENDED)}
    async with httpx.AsyncClient(base_url=base_url) as client:

        async def ask(id_: int) -> int:
            return decode((await client.get(f"/movie/{id_}", params=params)).raise_for_status().content)

        yield ask
