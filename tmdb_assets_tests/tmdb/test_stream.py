"""Streams: any number of questions in bounded memory, in order, failures as values."""

import inspect
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.tmdb import Endpoint, MovieDetails, NotFoundError, RetryPolicy, TransportError, endpoints
from tmdb_assets_tests.tmdb.conftest import Ask
from tmdb_assets_tests.tmdb.odd_server import OddServer, Peer, reply, wait_until

CHECKOUT = Path(__file__).parents[2]
ONCE = RetryPolicy(attempts=1)


def taken(stream: Any, count: int | None = None) -> Any:  # noqa: ANN401 -- of either client
    """Take so many outcomes, or all; to be awaited where the stream is."""
    if not inspect.isasyncgen(stream):
        outcomes = list(itertools.islice(stream, count))
        stream.close()
        return outcomes

    async def take() -> list[object]:
        outcomes: list[object] = []
        async for outcome in stream:
            outcomes.append(outcome)
            if len(outcomes) == count:
                break
        await stream.aclose()
        return outcomes

    return take()


def films(ids: Iterator[int] | range) -> Iterator[Endpoint[MovieDetails]]:
    return map(endpoints.movies.details, ids)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_many_questions_take_no_more_memory_than_some(kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tmdb_assets_tests.tmdb.streaming", kind],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=True,
    )

    (some, some_kb), (many, many_kb) = (map(int, line.split()) for line in done.stdout.splitlines())
    assert (some, many) == (1_000, 10_000)
    assert many_kb - some_kb < 2_000  # 10,000 films are 15 MB


def test_outcomes_come_in_order_with_failures_as_values(ask: Ask) -> None:
    def slower_first(peer: Peer) -> None:
        number = int(peer.target.partition("?")[0].rpartition("/")[2])
        peer.wait_for_hangup(0.05 if number % 5 == 0 else 0)
        if number % 7:
            return peer.answer()
        peer.is_kept = True
        return peer.send(reply(b'{"status_code":34}', "404 Not Found"))

    with OddServer(slower_first) as server:
        outcomes = ask(server.url, lambda client: taken(client.stream(films(range(1, 60)))), max_concurrent=8)

    assert [getattr(each, "id", each.__class__) for each in outcomes] == [
        number if number % 7 else NotFoundError for number in range(1, 60)
    ]


def test_questions_are_taken_only_as_they_can_be_asked(ask: Ask) -> None:
    drawn: list[int] = []

    def draw() -> Iterator[int]:
        for number in itertools.count(1):
            drawn.append(number)
            yield number

    with OddServer() as server:
        outcomes = ask(server.url, lambda client: taken(client.stream(films(draw())), 10), max_concurrent=2)

    assert [movie.id for movie in outcomes] == list(range(1, 11))
    assert len(drawn) <= 10 + 25 * 2
    assert len(server.targets) <= len(drawn)


def test_ten_in_a_row_without_an_answer_stop_a_stream_and_say_so_once(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    with OddServer(Peer.reset) as server:
        outcomes = ask(
            server.url,
            lambda client: taken(client.stream(films(range(1, 5000)))),
            max_concurrent=4,
            retry=ONCE,
        )

    assert len(outcomes) == 4999
    assert {type(each) for each in outcomes} == {TransportError}
    assert 10 <= len(server.targets) <= 14
    assert "stopped after 10 requests in a row" in str(outcomes[-1])
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_one_answer_in_ten_keeps_a_stream_going(ask: Ask) -> None:
    def mostly_broken(peer: Peer) -> None:
        (Peer.answer if "0?" in peer.target else Peer.reset)(peer)

    with OddServer(mostly_broken) as server:
        outcomes = ask(
            server.url,
            lambda client: taken(client.stream(films(range(1, 101)))),
            max_concurrent=1,
            retry=ONCE,
        )

    assert len([each for each in outcomes if isinstance(each, MovieDetails)]) == 10
    assert len(server.targets) == 100


def test_a_stream_of_nothing_is_nothing(ask: Ask) -> None:
    with OddServer() as server:
        assert ask(server.url, lambda client: taken(client.stream([]))) == []

    assert server.targets == []


def test_questions_of_different_kinds_go_into_one_stream(ask: Ask) -> None:
    with FakeTMDB(films=0) as fake:
        fake.add_movie(1, "2001-01-01")
        questions = [
            endpoints.movies.details(1),
            endpoints.movies.details(2),
            endpoints.configuration.details(),
        ]

        first, second, third = ask(fake.base_url, lambda client: taken(client.stream(questions)))

    assert (first.id, type(second)) == (1, NotFoundError)
    assert third.images.secure_base_url


def test_a_question_that_takes_long_keeps_none_of_the_others_from_being_asked(ask: Ask) -> None:
    """The rest goes on until as many outcomes are held as may be; once it is answered, all goes on."""

    def hold_the_first(peer: Peer) -> None:
        if "/movie/1?" in peer.target:
            wait_until(lambda: len(peer.server.targets) == 25 * 2)
            peer.wait_for_hangup(0.1)
        peer.answer()

    with OddServer(hold_the_first) as server:
        outcomes = ask(
            server.url, lambda client: taken(client.stream(films(range(1, 201)))), max_concurrent=2
        )

    assert [movie.id for movie in outcomes] == list(range(1, 201))
