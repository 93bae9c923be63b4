"""What a client logs: a line a request, and every wait with its reason; nothing loud in ordinary use."""

import logging
import re
from collections.abc import Callable

import pytest

from tmdb_assets.tmdb import NotFoundError, ProcessLimiter, RetryPolicy
from tmdb_assets_tests.tmdb.conftest import Ask
from tmdb_assets_tests.tmdb.odd_server import OddServer, Peer, reply

LINE = re.compile(r"^GET /movie/\d+ (\d{3}|no answer) in \d+ ms \(attempt \d\)$")
OURS = "tmdb_assets.tmdb"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[tuple[int, str]]]:
    """Return what the client logged so far: levels and messages."""
    caplog.set_level(logging.DEBUG, logger=OURS)
    return lambda: [(record.levelno, record.getMessage()) for record in caplog.records if record.name == OURS]


def refused(status: str, *headers: str) -> Callable[[Peer], None]:
    def act(peer: Peer) -> None:
        peer.send(reply(b"", status, *headers))
        peer.is_kept = True

    return act


def test_ordinary_use_is_one_quiet_line_a_request(
    ask: Ask, lines: Callable[[], list[tuple[int, str]]]
) -> None:
    with OddServer() as server:
        ask(server.url, lambda client: client.get_batch_movie_details(range(1, 31)))

    assert [level for level, _ in lines()] == [logging.DEBUG] * 30
    assert all(LINE.match(line) for _, line in lines())


def test_what_is_not_there_is_a_quiet_line_too(ask: Ask, lines: Callable[[], list[tuple[int, str]]]) -> None:
    with OddServer(refused("404 Not Found")) as server, pytest.raises(NotFoundError):
        ask(server.url, lambda client: client.movies.details(7))

    ((level, line),) = lines()
    assert level == logging.DEBUG
    assert line.startswith("GET /movie/7 404 in ")


@pytest.mark.parametrize(
    ("act", "outcome", "reason"),
    [
        (refused("503 Service Unavailable"), "503", "HTTP 503"),
        (refused("429 Too Many Requests", "Retry-After: 0.01"), "429", "HTTP 429"),
        (Peer.reset, "no answer", "the connection broke"),
        (refused("200 OK"), "200", "the answer is empty"),
    ],
    ids=["503", "429", "reset", "empty"],
)
def test_every_retry_is_said_with_its_reason(
    act: Callable[[Peer], None],
    outcome: str,
    reason: str,
    ask: Ask,
    lines: Callable[[], list[tuple[int, str]]],
) -> None:
    with OddServer(act, times=2) as server:
        ask(server.url, lambda client: client.movies.details(7))

    assert [level for level, _ in lines()] == [logging.DEBUG, logging.INFO] * 2 + [logging.DEBUG]
    texts = [line for _, line in lines()]
    assert texts[0].startswith(f"GET /movie/7 {outcome} in ")
    assert "(attempt 2)" in texts[2]
    assert all(text.startswith("Waiting ") for text in (texts[1], texts[3]))
    assert all("GET /movie/7" in text and reason in text for text in (texts[1], texts[3]))


def test_a_long_wait_for_the_limit_is_said_with_its_reason(
    ask: Ask, lines: Callable[[], list[tuple[int, str]]]
) -> None:
    limiter = ProcessLimiter(1000)
    limiter.push(1.5)

    with OddServer() as server:
        ask(server.url, lambda client: client.get_batch_movie_details(range(1, 11)), limiter=limiter)

    said = [line for level, line in lines() if level == logging.INFO]
    assert len(said) == 10
    assert all(re.match(r"^Wait(ing|ed) 1\.\d s before GET /movie/\d+: .+", line) for line in said)
    assert len({line.partition(" before ")[2].partition(":")[0] for line in said}) == 10
    assert {level for level, _ in lines()} == {logging.DEBUG, logging.INFO}


def test_the_last_failure_is_raised_and_not_logged_as_a_wait(
    ask: Ask, lines: Callable[[], list[tuple[int, str]]]
) -> None:
    with OddServer(refused("500 Oops")) as server, pytest.raises(Exception, match="HTTP 500"):
        ask(
            server.url,
            lambda client: client.movies.details(7),
            retry=RetryPolicy(attempts=2, first_wait=0.01),
        )

    assert [level for level, _ in lines()] == [logging.DEBUG, logging.INFO, logging.DEBUG]


def test_without_debug_nothing_is_logged_of_an_ordinary_request(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    with OddServer() as server:
        ask(server.url, lambda client: client.get_batch_movie_details(range(1, 11)))

    assert [record for record in caplog.records if record.name.startswith("tmdb_assets")] == []
