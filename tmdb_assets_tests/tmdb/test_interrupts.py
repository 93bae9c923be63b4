"""Ctrl-C ends what a sync client waits for; leaving a stream early leaves no thread."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tmdb_assets.tmdb import ProcessLimiter, RetryPolicy, TMDBClient, endpoints
from tmdb_assets_tests.tmdb.odd_server import OddServer, Peer, wait_until

CHECKOUT = Path(__file__).parents[2]


@contextlib.contextmanager
def program(what: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tmdb_assets_tests.tmdb.interrupted", what],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("what", ["one", "head", "pause", "slot", "connection", "consumer"])
def test_an_interrupt_ends_the_program_within_a_second(what: str) -> None:
    with program(what) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        started = time.monotonic()

        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)

        assert time.monotonic() - started < 2.0, errors  # one, and one for a busy machine
        assert process.returncode == -signal.SIGINT
        assert errors.rstrip().endswith("KeyboardInterrupt")


def client_threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name.startswith("tmdb_assets")]


def test_a_stream_that_is_left_early_leaves_no_thread_and_asks_no_more() -> None:
    def few(peer: Peer) -> None:
        if not re.search(r"/movie/[17]\?", peer.target):
            peer.wait_for_hangup()
        peer.answer()

    with OddServer(few) as server, TMDBClient(base_url=server.url, limiter=ProcessLimiter(1000)) as client:
        for movie in client.stream(map(endpoints.movies.details, range(1, 10_000)), concurrent=4):
            assert movie.id == 1
            assert wait_until(lambda: len(server.targets) == 5)  # all that are asked at once have come
            break

        assert client_threads() == []
        assert client.movies.details(7).id == 7
        assert len(server.targets) == 6


def test_a_stream_that_is_left_in_a_pause_does_not_wait_for_it() -> None:
    def busy_after_the_first(peer: Peer) -> None:
        if peer.target.startswith("/3/movie/1?"):
            return peer.answer()
        return peer.reset()

    with (
        OddServer(busy_after_the_first) as server,
        TMDBClient(base_url=server.url, limiter=ProcessLimiter(1000), max_concurrent=4) as client,
    ):
        stream = client.stream(map(endpoints.movies.details, range(1, 100)))
        next(stream)
        started = time.monotonic()

        stream.close()

        assert time.monotonic() - started < 0.5
        assert client_threads() == []


def test_a_stream_that_is_left_waits_for_no_answer_and_disturbs_nobody_else() -> None:
    finish = threading.Event()

    def only_the_first(peer: Peer) -> None:
        if "/movie/7?" in peer.target:
            finish.wait(10)
        elif "/movie/1?" not in peer.target:
            peer.wait_for_hangup()
        peer.answer()

    with (
        OddServer(only_the_first) as server,
        TMDBClient(base_url=server.url, limiter=ProcessLimiter(1000), max_concurrent=5) as client,
        ThreadPoolExecutor() as pool,
    ):
        other = pool.submit(client.movies.details, 7)
        assert wait_until(lambda: len(server.targets) == 1)
        stream = client.stream(map(endpoints.movies.details, [1, *range(10, 100)]), concurrent=4)
        next(stream)
        assert wait_until(lambda: len(server.targets) == 6)
        started = time.monotonic()

        stream.close()

        assert time.monotonic() - started < 0.5
        assert client_threads() == []
        finish.set()
        assert other.result().id == 7
        assert client.usage.retries == 0


def test_a_client_that_is_closed_while_a_thread_asks_frees_it_to_ask_again() -> None:
    with OddServer(Peer.wait_for_hangup, times=1) as server, ThreadPoolExecutor() as pool:
        client = TMDBClient(base_url=server.url, retry=RetryPolicy(first_wait=0.01))
        asking = pool.submit(client.movies.details, 7)
        server.arrived.acquire()

        client.close()

        assert asking.result(timeout=5).id == 7
        client.close()


def test_what_the_caller_raises_between_two_values_is_the_callers() -> None:
    class OutOfPopcornError(Exception):
        pass

    def endpoints_until_it_breaks() -> Iterator[object]:
        yield endpoints.movies.details(1)
        raise OutOfPopcornError

    with OddServer() as server, TMDBClient(base_url=server.url) as client:
        with pytest.raises(OutOfPopcornError):
            list(client.stream(endpoints_until_it_breaks()))

        assert client_threads() == []


# A socket that was just made when the interrupt came is Python's to collect.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_whoever_catches_an_interrupt_can_go_on_asking() -> None:
    """A notebook's stop button, at any moment of a request."""

    class StopButton(BaseException):
        pass

    def press(*_: object) -> None:
        raise StopButton

    before = signal.signal(signal.SIGUSR1, press)
    options = {"limiter": ProcessLimiter(5000), "timeout": 5}
    try:
        with OddServer() as server, TMDBClient(base_url=server.url, **options) as client:
            client.movies.details(1)
            for number in range(100):
                soon = threading.Timer(
                    number % 21 / 5000, signal.pthread_kill, (threading.get_ident(), signal.SIGUSR1)
                )
                with contextlib.suppress(StopButton):
                    soon.start()
                    while True:
                        client.movies.details(2)

            assert client.movies.details(3).id == 3
    finally:
        signal.signal(signal.SIGUSR1, before)
