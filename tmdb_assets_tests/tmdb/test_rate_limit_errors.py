"""A client that shall not wait for the limit says at once that it would have to, and for how long."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tmdb_assets.tmdb import (
    AsyncTMDBClient,
    LocalLimiter,
    ProcessLimiter,
    RateLimitError,
    RetryPolicy,
    TMDBClient,
)
from tmdb_assets_tests.tmdb.conftest import Ask
from tmdb_assets_tests.tmdb.odd_server import OddServer, Peer, reply

IMPATIENT = RetryPolicy(on_rate_limit="raise")


def limited(peer: Peer) -> None:
    peer.send(reply(b'{"status_code":25}', "429 Too Many Requests", "Retry-After: 7"))
    peer.is_kept = True


def test_a_429_is_raised_at_once_with_what_it_says(ask: Ask) -> None:
    limiter = ProcessLimiter(1000)

    with OddServer(limited) as server, pytest.raises(RateLimitError) as caught:
        ask(server.url, lambda client: client.movies.details(1), retry=IMPATIENT, limiter=limiter)

    assert (caught.value.retry_after, caught.value.attempts, caught.value.status) == (7.0, 1, 429)
    assert len(server.targets) == 1
    assert 6.5 < limiter.reserve(-1) <= 7.0  # all others wait


def test_a_budget_that_is_taken_is_raised_at_once_and_no_slot_is_taken(ask: Ask) -> None:
    limiter = ProcessLimiter(1000)
    limiter.push(5)
    seconds: list[float] = []

    def impatiently(client: Any) -> Any:  # noqa: ANN401 -- either client
        seconds.append(time.monotonic())
        return client.movies.details(1)

    with OddServer() as server, pytest.raises(RateLimitError, match="ask again then") as caught:
        ask(server.url, impatiently, retry=IMPATIENT, limiter=limiter)

    assert time.monotonic() - seconds[0] < 0.5
    assert server.targets == []
    assert caught.value.retry_after == pytest.approx(5, abs=0.5)
    assert (caught.value.path, caught.value.attempts) == ("/movie/1", 1)
    assert limiter.reserve(-1) <= 5.0


def test_a_client_that_raised_goes_on_when_the_time_has_come(ask: Ask) -> None:
    limiter = ProcessLimiter(1000)

    with OddServer(limited, times=1) as server:
        with pytest.raises(RateLimitError):
            ask(server.url, lambda client: client.movies.details(1), retry=IMPATIENT, limiter=limiter)

        movie = ask(server.url, lambda client: client.movies.details(1), retry=IMPATIENT)

    assert movie.id == 1


def test_a_batch_has_the_limit_as_a_value_for_each(ask: Ask, tmp_path: Path) -> None:
    limiter = LocalLimiter(tmp_path / "budget", 1000)
    limiter.push(9)

    with OddServer() as server:
        batch = ask(
            server.url,
            lambda client: client.get_batch_movie_details(range(1, 21)),
            retry=IMPATIENT,
            limiter=limiter,
        )

    assert {type(each) for each in batch} == {RateLimitError}
    assert all(8 < error.retry_after <= 9 for error in batch.failed.values())
    assert server.targets == []


def test_a_short_wait_for_a_slot_is_no_reason_to_raise(ask: Ask) -> None:
    with OddServer() as server:
        batch = ask(
            server.url,
            lambda client: client.get_batch_movie_details(range(1, 21)),
            retry=IMPATIENT,
            limiter=ProcessLimiter(200),
        )

    assert len(batch.found) == 20


def test_nobody_waits_behind_others_for_longer_than_a_second(ask: Ask) -> None:
    """A web page with many handlers, and a budget of one request a second."""
    seconds: list[float] = []

    async def each_async(client: AsyncTMDBClient) -> list[object]:
        return await asyncio.gather(*map(timed_async, [client] * 8), return_exceptions=True)

    async def timed_async(client: AsyncTMDBClient) -> object:
        started = time.monotonic()
        try:
            return await client.movies.details(1)
        finally:
            seconds.append(time.monotonic() - started)

    def timed(client: TMDBClient) -> object:
        started = time.monotonic()
        try:
            return client.movies.details(1)
        except RateLimitError as error:
            return error
        finally:
            seconds.append(time.monotonic() - started)

    def each_sync(client: TMDBClient) -> list[object]:
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(timed, [client] * 8))

    with OddServer() as server:
        outcomes = ask(
            server.url,
            lambda client: each_async(client) if isinstance(client, AsyncTMDBClient) else each_sync(client),
            retry=IMPATIENT,
            limiter=ProcessLimiter(1),
        )

    assert 1 <= len([each for each in outcomes if not isinstance(each, Exception)]) <= 3
    assert {type(each) for each in outcomes if isinstance(each, Exception)} == {RateLimitError}
    assert max(seconds) < 2.5
