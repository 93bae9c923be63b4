"""A process that asks for films, metered, until all are had or it may not go on; prints how many it had."""

import asyncio
import sys

from tmdb_assets.storage.state import State
from tmdb_assets.sync.together import together
from tmdb_assets.sync.usage import DailyCapReachedError, metered
from tmdb_assets.tmdb import AsyncTMDBClient, TMDBError

_KEY = "0123456789abcdef0123456789abcdef"


async def _ask(base_url: str, state: str, asset: str, films: int, cap: int | None, rate: float) -> int:
    had = 0

    async def work(ids: list[int]) -> None:
        nonlocal had
        while ids:
            try:
                await client.movies.details(ids.pop())
            except TMDBError:
                continue
            had += 1

    async with (
        AsyncTMDBClient(_KEY, base_url=base_url, requests_per_second=rate) as client,
        metered(client, State(state), asset, cap=cap),
    ):
        ids = list(range(1, films + 1))
        await together(work(ids) for _ in range(client.max_concurrent))
    return had


if __name__ == "__main__":
    url, database, name, count, at_most, pace = sys.argv[1:]
    try:
        print(asyncio.run(_ask(url, database, name, int(count), int(at_most) or None, float(pace))))  # noqa: T201 -- what the test reads
    except DailyCapReachedError as error:
        print(error)  # noqa: T201 -- the same
        sys.exit(1)
