"""themoviedb, its async client: aiohttp with one session, as its with block keeps."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import themoviedb
from themoviedb.utils import as_dataclass

from benchmarks.client.clients import APPENDED


@asynccontextmanager
async def opened(base_url: str, key: str) -> AsyncGenerator[Callable[[int], Awaitable[int]]]:
    """Ask for films; its address is a field of its configuration."""
    parts = ",".join(APPENDED)
    async with themoviedb.aioTMDb(api_key=key) as tmdb:
        tmdb._config.host = base_url.removesuffix("/3")  # noqa: SLF001 -- the library offers no other way

        async def ask(id_: int) -> int:
            return (await tmdb.movie(id_).details(append_to_response=parts)).id

        yield ask


def decode(body: bytes) -> int:
    """Read the JSON as aiohttp does, and make its dataclasses of it."""
    return as_dataclass(themoviedb.schemas.Movie, json.loads(body.decode("utf-8"))).id
