"""The life of a client: shared, cancelled, closed, misused, watched."""

import asyncio
import gc
import logging
import subprocess
import sys
import threading

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.tmdb import (
    AsyncTMDBClient,
    AuthenticationError,
    RetryPolicy,
    TMDBClient,
    endpoints,
)
from tmdb_assets_tests.tmdb.conftest import Ask


def test_threads_share_one_client(fake: FakeTMDB) -> None:
    with TMDBClient(base_url=fake.base_url, requests_per_second=500, max_concurrent=8) as client:
        batch = client.get_batch_movie_details(list(range(1, 31)))

        assert [movie.id for movie in batch.found] == list(range(1, 31))
        assert client.usage.ok == 30


def test_tasks_share_one_client(fake: FakeTMDB) -> None:
    async def main() -> list[int]:
        async with AsyncTMDBClient(
            base_url=fake.base_url, requests_per_second=500, max_concurrent=8
        ) as client:
            return [movie.id for movie in await asyncio.gather(*map(client.movies.details, range(1, 31)))]

    assert asyncio.run(main()) == list(range(1, 31))


def test_cancelling_stops_at_once_and_leaves_the_place_to_others() -> None:
    arrived = threading.Event()

    async def main() -> int | None:
        async with AsyncTMDBClient(base_url=fake.base_url, max_concurrent=1) as client:
            slow = asyncio.create_task(client.send(endpoints.movies.details(1)))
            await asyncio.to_thread(arrived.wait, 10)
            slow.cancel()
            await asyncio.gather(slow, return_exceptions=True)
            return (await client.movies.details(1)).id

    with FakeTMDB(films=0, latency_ms=50, on_request=lambda *_: arrived.set()) as fake:
        fake.add_movie(1, "2001-01-01")

        assert asyncio.run(main()) == 1
    assert arrived.is_set()


def test_a_client_that_is_never_closed_warns(fake: FakeTMDB) -> None:
    client = TMDBClient(base_url=fake.base_url, requests_per_second=500)
    client.movies.details(1)

    with pytest.warns(ResourceWarning, match="never closed"):
        client.__del__()
    client.close()


def test_a_closed_client_can_be_used_again(fake: FakeTMDB) -> None:
    client = TMDBClient(base_url=fake.base_url, requests_per_second=500)
    client.movies.details(1)
    client.close()

    with client:
        assert client.movies.details(2).id == 2
    del client
    gc.collect()


@pytest.mark.parametrize(
    "options",
    [
        {"requests_per_second": 0},
        {"max_concurrent": -1},
        {"timeout": float("inf")},
        {"base_url": "http://example.org"},
        {"image_base_url": "http://example.org"},
    ],
)
def test_an_option_that_is_not_allowed_is_a_value_error(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        TMDBClient(**options)


def test_without_a_credential_the_client_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMDB_API_KEY")

    with pytest.raises(AuthenticationError, match="TMDB_API_KEY"):
        TMDBClient()


def test_every_request_is_a_line_and_every_wait_has_its_reason(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="tmdb_assets.tmdb")
    with FakeTMDB(films=0, faults="503@1") as fake:
        fake.add_movie(1, "2001-01-01")
        ask(fake.base_url, lambda client: client.movies.details(1), retry=RetryPolicy(first_wait=1.0))

    lines = [
        (record.levelname, record.getMessage())
        for record in caplog.records
        if record.name == "tmdb_assets.tmdb"
    ]
    assert [level for level, _ in lines] == ["DEBUG", "INFO", "DEBUG"]
    assert lines[0][1].startswith("GET /movie/1 503 in ")
    assert "HTTP 503" in lines[1][1]
    assert lines[2][1].endswith("(attempt 2)")


def test_the_client_needs_no_dagster_and_is_there_at_once() -> None:
    program = """
import sys, time
sys.modules.update(dagster=None, polars=None, starlette=None)
started = time.process_time()
import tmdb_assets.tmdb
print(time.process_time() - started)
assert "httpx" not in sys.modules and "aiohttp" not in sys.modules
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert float(done.stdout) < 0.5
