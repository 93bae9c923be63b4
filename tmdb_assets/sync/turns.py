"""Taking turns: what one process is asking TMDB for, another waits for rather than asking, too."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from tmdb_assets.storage.claims import Claims

_LOOK_AGAIN_SECONDS = 0.2


@contextlib.asynccontextmanager
async def turn(claims: Claims, number: int) -> AsyncGenerator[None]:
    """Wait until no other process has a number, and have it while the block lasts."""
    while not claims.try_claim(number):  # noqa: ASYNC110 -- no event tells what another process does
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    try:
        yield
    finally:
        claims.release(number)
