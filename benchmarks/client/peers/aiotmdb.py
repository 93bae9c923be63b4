"""aiotmdb: aiohttp with a session for each request; its cache, which fails the second time, is off."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiotmdb

from benchmarks.client.clients import APPENDED


@asynccontextmanager
async def opened(base_url: str, key: str) -> AsyncGenerator[Callable[[int], Awaitable[int]]]:
    """Ask for films; its address is an attribute."""
    tmdb = aiotmdb.TMDb(key, cache=False)
    tmdb._base = base_url  # noqa: SLF001 -- the library offers no other way
    parts = ",".join(APPENDED)

    async def ask(id_: int) -> int:
        return (await tmdb.movies.info(id_, append_to_response=parts))["id"]

    yield ask


def decode(body: bytes) -> int:
    """Read the JSON as aiohttp does."""
    return json.loads(body.decode("utf-8"))["id"]
