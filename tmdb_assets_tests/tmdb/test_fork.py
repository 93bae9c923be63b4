"""A client that was used before a fork is right on both sides, at the same time."""

import asyncio
import contextlib
import json
import os
import threading
from collections.abc import Callable

import pytest

from tmdb_assets.tmdb import AsyncTMDBClient, TMDBClient, endpoints
from tmdb_assets_tests.tmdb.odd_server import OddServer

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    # Python warns of the very thing that is tried here: threads at the moment of a fork.
    pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning"),
]


def in_a_child(act: Callable[[], object]) -> Callable[[], object]:
    """Fork, let the child act, and return what waits for what the child says."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said: object = "nothing"
        with contextlib.suppress(BaseException):
            try:
                said = act()
            except BaseException as error:  # noqa: BLE001 -- the parent shows it
                said = repr(error)
            os.write(writing, json.dumps(said).encode())
        os._exit(0)
    os.close(writing)

    def result() -> object:
        with os.fdopen(reading, "rb") as pipe:
            said = json.loads(pipe.read())
        os.waitpid(child, 0)
        return said

    return result


def ids_of(client: TMDBClient, ids: range) -> list[int]:
    return [movie.id for movie in client.get_batch_movie_details(ids).found]


def test_parent_and_child_get_their_own_answers() -> None:
    with (
        OddServer() as server,
        TMDBClient(base_url=server.url, requests_per_second=2000, max_concurrent=4) as client,
    ):
        client.get_batch_movie_details(range(1, 9))

        childs = in_a_child(lambda: ids_of(client, range(1000, 1200)))
        parents = ids_of(client, range(2000, 2200))

        assert parents == list(range(2000, 2200))
        assert childs() == list(range(1000, 1200))
        assert client.movies.details(5).id == 5


def test_a_fork_while_threads_hold_every_lock_blocks_nobody() -> None:
    stop = threading.Event()
    with (
        OddServer() as server,
        TMDBClient(base_url=server.url, requests_per_second=5000, max_concurrent=4) as client,
    ):

        def ask_on() -> None:
            while not stop.is_set():
                assert client.movies.details(3).id == 3

        threads = [threading.Thread(target=ask_on) for _ in range(6)]
        for each in threads:
            each.start()
        try:
            children = [in_a_child(lambda: ids_of(client, range(10, 20))) for _ in range(12)]
            said = [child() for child in children]
        finally:
            stop.set()
            for each in threads:
                each.join()

    assert said == [list(range(10, 20))] * 12


def test_a_child_counts_on_from_what_was_asked() -> None:
    with OddServer() as server, TMDBClient(base_url=server.url) as client:
        client.movies.details(1)

        def ask_again() -> int:
            client.movies.details(2)
            return client.usage.requests

        assert in_a_child(ask_again)() == 2
        assert client.usage.requests == 1


def test_an_async_client_works_in_a_forked_child() -> None:
    async def ask(client: AsyncTMDBClient, number: int) -> int:
        async with client:
            return (await client.movies.details(number)).id

    async def main(client: AsyncTMDBClient) -> tuple[object, int]:
        await client.movies.details(1)
        # The loop goes on in the parent alone; the child begins one of its own.
        child = in_a_child(lambda: asyncio.run(ask(client, 2)))
        return await asyncio.to_thread(child), await ask(client, 3)

    with OddServer() as server:
        assert asyncio.run(main(AsyncTMDBClient(base_url=server.url))) == (2, 3)


def test_a_child_that_closes_its_client_leaves_the_parents_connections_alone() -> None:
    with OddServer() as server, TMDBClient(base_url=server.url) as client:
        client.movies.details(1)

        def close() -> str:
            client.close()
            return "closed"

        assert in_a_child(close)() == "closed"
        assert client.movies.details(2).id == 2
        assert server.connections == 1


def test_a_stream_that_goes_on_in_a_child_says_that_it_cannot() -> None:
    with OddServer() as server, TMDBClient(base_url=server.url, requests_per_second=2000) as client:
        stream = client.stream(map(endpoints.movies.details, range(1, 60)))
        next(stream)

        childs = in_a_child(lambda: [type(each).__name__ for each in stream])

        assert len(list(stream)) == 58
        assert "cannot go on in a forked process" in str(childs())
