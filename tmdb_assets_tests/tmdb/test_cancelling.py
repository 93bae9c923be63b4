"""Cancelling a task stops it at once, wherever it waits, and leaves nothing behind."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tmdb_assets.tmdb import AsyncTMDBClient, ProcessLimiter, RetryPolicy, endpoints
from tmdb_assets_tests.tmdb.odd_server import OddServer, Peer, reply

AT_ONCE = 0.2


def silent(peer: Peer) -> None:
    peer.wait_for_hangup()


def in_the_body(peer: Peer) -> None:
    peer.send(reply(b'{"id":', length=1000))
    peer.wait_for_hangup()


def busy(peer: Peer) -> None:
    peer.send(reply(b"", "503 Service Unavailable"))
    peer.is_kept = True


async def idle() -> None:
    """Let every task go as far as it can without the outside world."""
    for _ in range(30):
        await asyncio.sleep(0)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 -- what is waited for happens in the server's threads
            await asyncio.sleep(0.001)


async def cancel(*tasks: "asyncio.Task[Any]") -> float:
    """Cancel tasks, and return how many seconds it took them to end."""
    started = time.monotonic()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert all(task.cancelled() for task in tasks)
    return time.monotonic() - started


def is_alone() -> bool:
    return asyncio.all_tasks() == {asyncio.current_task()}


def limiter() -> ProcessLimiter:
    return ProcessLimiter(1000)


def client_of(server: OddServer, **options: Any) -> AsyncTMDBClient:  # noqa: ANN401 -- a client's options
    return AsyncTMDBClient(base_url=server.url, **{"limiter": limiter(), **options})


@pytest.mark.parametrize("act", [silent, in_the_body])
def test_a_request_on_its_way_is_broken_off(act: Callable[[Peer], None]) -> None:
    async def main(server: OddServer) -> None:
        async with client_of(server, max_concurrent=1) as client:
            task = asyncio.create_task(client.movies.details(1))
            await until(lambda: server.arrived.acquire(blocking=False))
            await idle()

            assert await cancel(task) < AT_ONCE

            assert is_alone()
            assert await asyncio.to_thread(server.has_open, 0)
            async with asyncio.timeout(1):
                assert (await client.movies.details(2)).id == 2

    with OddServer(act, times=1) as server:
        asyncio.run(main(server))


def test_who_waits_for_a_place_goes_and_the_next_one_gets_it() -> None:
    async def main(server: OddServer) -> None:
        async with client_of(server, max_concurrent=1) as client:
            first, second, third = (asyncio.create_task(client.movies.details(each)) for each in (1, 2, 3))
            await until(lambda: server.arrived.acquire(blocking=False))

            assert await cancel(second) < AT_ONCE
            assert await cancel(first) < AT_ONCE

            async with asyncio.timeout(1):
                assert (await third).id == 3
            assert is_alone()

    with OddServer(silent, times=1) as server:
        asyncio.run(main(server))


def test_who_waits_for_a_slot_goes_and_the_budget_is_there_for_others() -> None:
    async def main(server: OddServer) -> None:
        slots = limiter()
        slots.push(0.5)
        async with client_of(server, limiter=slots, max_concurrent=2) as client:
            tasks = [asyncio.create_task(client.movies.details(each)) for each in range(1, 6)]
            await idle()

            assert await cancel(*tasks) < AT_ONCE

            assert is_alone()
            assert not server.targets
            async with asyncio.timeout(2):
                assert [(await client.movies.details(each)).id for each in (6, 7, 8)] == [6, 7, 8]

    with OddServer() as server:
        asyncio.run(main(server))


def test_who_waits_for_a_connection_goes() -> None:
    async def main(url: str) -> None:
        async with AsyncTMDBClient(base_url=url, limiter=limiter()) as client:
            task = asyncio.create_task(client.movies.details(1))
            await idle()

            assert await cancel(task) < AT_ONCE

            assert is_alone()

    with nobody_accepting() as port:
        asyncio.run(main(f"http://127.0.0.1:{port}/3"))


@contextlib.contextmanager
def nobody_accepting() -> Iterator[int]:
    """Listen with a full queue: the kernel leaves further connections unanswered."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, contextlib.ExitStack() as waiting:
        for _ in range(3):
            connection = waiting.enter_context(socket.socket())
            connection.settimeout(0)
            connection.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]


def test_a_pause_before_asking_again_ends(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")

    async def main(server: OddServer) -> None:
        async with client_of(server, max_concurrent=1, retry=RetryPolicy(first_wait=30)) as client:
            task = asyncio.create_task(client.movies.details(1))
            await until(lambda: any("asking again" in each.getMessage() for each in caplog.records))

            assert await cancel(task) < AT_ONCE

            assert is_alone()
            async with asyncio.timeout(1):
                assert (await client.movies.details(2)).id == 2

    with OddServer(busy, times=1) as server:
        asyncio.run(main(server))


def test_a_batch_ends_with_all_its_requests() -> None:
    async def main(server: OddServer) -> None:
        async with client_of(server, max_concurrent=8) as client:
            task = asyncio.create_task(client.get_batch_movie_details(range(1, 100)))
            await until(lambda: len(server.targets) == 8)

            assert await cancel(task) < AT_ONCE

            assert is_alone()
            assert await asyncio.to_thread(server.has_open, 0)
            async with asyncio.timeout(1):
                batch = await client.get_batch_movie_details(range(1, 20))
            assert [movie.id for movie in batch.found] == list(range(1, 20))

    with OddServer(silent, times=8) as server:
        asyncio.run(main(server))


def test_a_stream_that_is_left_and_closed_leaves_nothing() -> None:
    async def main(server: OddServer) -> None:
        async with client_of(server, max_concurrent=4) as client:
            stream = client.stream(map(endpoints.movies.details, range(1, 1000)))
            async with contextlib.aclosing(stream):
                async for _ in stream:
                    break

            assert is_alone()
            async with asyncio.timeout(1):
                assert (await client.movies.details(2)).id == 2

    with OddServer() as server:
        asyncio.run(main(server))


def test_a_stream_that_is_merely_left_ends_soon() -> None:
    """Python closes an abandoned async generator in a task of its own."""

    async def main(server: OddServer) -> None:
        async with client_of(server, max_concurrent=4) as client:
            async for _ in client.stream(map(endpoints.movies.details, range(1, 1000))):
                break

            await until(is_alone)
            assert (await client.movies.details(2)).id == 2
            assert len(server.targets) < 20

    with OddServer() as server:
        asyncio.run(main(server))


def test_a_timeout_of_the_caller_is_the_callers() -> None:
    async def main(server: OddServer) -> None:
        async with client_of(server) as client:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.movies.details(1), 0.1)
            assert is_alone()

    with OddServer(silent) as server:
        asyncio.run(main(server))


def test_a_client_that_is_closed_while_it_asks_asks_again_over_a_new_connection() -> None:
    async def main(server: OddServer) -> None:
        client = client_of(server, retry=RetryPolicy(first_wait=0.01))
        task = asyncio.create_task(client.movies.details(1))
        await until(lambda: server.arrived.acquire(blocking=False))

        await client.aclose()

        assert (await task).id == 1
        await client.aclose()

    with OddServer(silent, times=1) as server:
        asyncio.run(main(server))
