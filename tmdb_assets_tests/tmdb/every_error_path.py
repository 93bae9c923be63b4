"""A program that goes through every error path of both clients, and prints all that Python can print of it.

The credential is that of the environment; it ends by printing ``done``.
"""

import asyncio
import contextlib
import faulthandler
import gc
import inspect
import logging
import pickle
import socket
import sys
import traceback
import warnings
from collections.abc import Callable
from typing import Any

from tmdb_assets.settings import Settings
from tmdb_assets.tmdb import AsyncTMDBClient, RetryPolicy, Timeouts, TMDBClient, TMDBError
from tmdb_assets_tests.tmdb.certificates import server_context
from tmdb_assets_tests.tmdb.faults import FAULTS
from tmdb_assets_tests.tmdb.odd_server import OddServer, Peer, reply

Act = Callable[[Any], Any]


def show(*things: object) -> None:
    """Print whatever there is to see of a thing: as text, for programmers, inside, and on its travels."""
    for thing in things:
        sys.stdout.write(f"{thing}\n{thing!r}\n{getattr(thing, '__dict__', None)}\n")
        with contextlib.suppress(TypeError, AttributeError, pickle.PicklingError):
            sys.stdout.write(f"{pickle.dumps(thing)!r}\n")


def show_error(error: BaseException) -> None:
    """Print an error, its causes, and the locals of every frame that it went through."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    sys.stdout.write("".join(shown.format()))
    show(error, *error.args)


def echo(peer: Peer) -> None:
    """Refuse with a page that repeats the request, as gateways do."""
    peer.send(reply(peer.head, "502 Bad Gateway", f"Location: {peer.target}", f"X-Was: {peer.target}"))


def misquote(peer: Peer) -> None:
    """Answer with a page that repeats the request, as the sign-in page of a hotel does."""
    peer.send(reply(b"<html>" + peer.head, "200 OK"))


def details(client: Any) -> Any:  # noqa: ANN401 -- either client
    """Ask for a film."""
    return client.movies.details(1)


def batch(client: Any) -> Any:  # noqa: ANN401 -- either client
    """Ask for films."""
    return client.get_batch_movie_details([1, 2, 3])


def with_sync(url: str, act: Act, **options: Any) -> None:  # noqa: ANN401 -- options
    """Do it with a client, and print what comes of it."""
    with TMDBClient(base_url=url, **options) as client:
        try:
            show(act(client))
        except TMDBError as error:
            show_error(error)
        show(client, client.usage, client._transport)  # noqa: SLF001 -- whoever debugs looks there


def with_async(url: str, act: Act, **options: Any) -> None:  # noqa: ANN401 -- options
    """Do it with an async client, and print what comes of it."""

    async def main() -> None:
        async with AsyncTMDBClient(base_url=url, **options) as client:
            try:
                outcome = act(client)
                show(await outcome if inspect.isawaitable(outcome) else outcome)
            except TMDBError as error:
                show_error(error)
            show(client, client.usage, client._transport)  # noqa: SLF001 -- whoever debugs looks there

    asyncio.run(main())


def cancelled(url: str) -> None:
    """Cancel a request that is on its way, and print the error with everything in it."""

    async def main() -> None:
        async with AsyncTMDBClient(base_url=url) as client:
            task = asyncio.create_task(client.movies.details(1))
            await asyncio.sleep(0.1)
            show(task, task.get_stack())
            task.cancel()
            try:
                await task
            except asyncio.CancelledError as error:
                show_error(error)

    asyncio.run(main())


def destroyed(url: str) -> None:
    """Close a loop under a request that is on its way."""
    loop = asyncio.new_event_loop()
    client = AsyncTMDBClient(base_url=url)
    task = loop.create_task(client.movies.details(1))
    loop.run_until_complete(asyncio.sleep(0.1))
    loop.close()
    del client, task
    gc.collect()


def forgotten(url: str) -> None:
    """Close no client."""
    client = TMDBClient(base_url=url)
    client.movies.details(1)
    del client
    gc.collect()

    async def main() -> None:
        await AsyncTMDBClient(base_url=url).movies.details(1)

    asyncio.run(main())
    gc.collect()


def go(policy: RetryPolicy) -> None:
    """Go through all of it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        nobody = f"http://127.0.0.1:{listening.getsockname()[1]}/3"
    for ask in (with_sync, with_async):
        for fault in FAULTS:
            sys.stdout.write(f"--- {ask.__name__}: {fault}\n")
            with OddServer(fault.act) as server:
                ask(server.url, details, retry=policy, timeout=fault.timeouts)
        for act in (echo, misquote):
            with OddServer(act) as server:
                ask(server.url, batch, retry=policy)
        for url in (nobody, "https://tmdb.invalid/3", f"https://{'a' * 70}.invalid/3"):
            ask(url, details, retry=policy)
        with OddServer(tls=server_context()) as server:
            ask(server.url, details, retry=policy)
        with OddServer(Peer.wait_for_hangup) as server:
            ask(server.url, batch, retry=policy, timeout=Timeouts(0.2, pool=0.05), max_concurrent=1)
    with OddServer(Peer.wait_for_hangup) as server:
        cancelled(server.url)
        destroyed(server.url)
    with OddServer(lambda peer: (peer.send(reply(b"{", length=9)), peer.wait_for_hangup())[0]) as server:
        cancelled(server.url)
        destroyed(server.url)
    with OddServer() as server:
        forgotten(server.url)


if __name__ == "__main__":
    faulthandler.enable()
    logging.basicConfig(level=logging.DEBUG)
    logging.captureWarnings(capture=True)
    warnings.simplefilter("always")
    sys.stdout.write(f"{Settings.load()!r}\n")
    go(RetryPolicy(attempts=2, first_wait=0.01, max_retry_after=0.01))
    sys.stdout.write("done\n")
