"""Servers that are merely old, odd or unlucky: they are answered by, or the error says what is wrong."""

import asyncio
import itertools
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tmdb_assets.tmdb import (
    AsyncTMDBClient,
    DecodeError,
    ProcessLimiter,
    RetryPolicy,
    Timeouts,
    TMDBClient,
    TransportError,
    endpoints,
)
from tmdb_assets_tests.tmdb.certificates import certificate, server_context
from tmdb_assets_tests.tmdb.conftest import QUICK, Ask
from tmdb_assets_tests.tmdb.odd_server import OddServer, Peer, reply

FILM = b'{"id":1,"title":"Film 1"}'
ONCE = RetryPolicy(attempts=1)


def film(client: Any) -> Any:  # noqa: ANN401 -- either client, an answer or its awaitable
    return client.answer(endpoints.movies.details(1))


def says(*pieces: bytes, pause: float = 0.0) -> Callable[[Peer], None]:
    def act(peer: Peer) -> None:
        peer.send(*pieces, pause=pause)

    return act


@pytest.mark.parametrize(
    "act",
    [
        says(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + FILM),
        says(b"HTTP/1.1 200 OK\r\n\r\n" + FILM),
        says(b"HTTP/1.1 100 Continue\r\n\r\n" + reply(FILM)),
        says(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + reply(FILM)),
        says(b"HTTP/1.1 200\r\nContent-Length: 25\r\n\r\n" + FILM),
        says(*(bytes([each]) for each in reply(FILM)), pause=0.001),
        says(reply(FILM, "203 Non-Authoritative Information")),
        says(reply(b"\n \n" + FILM + b"\n")),
        says(reply(FILM, "200 OK", "Content-Encoding: identity")),
        says(reply(FILM, "200 OK", "Set-Cookie: a=b; path=/", "Set-Cookie: =;;;", "X-Odd: \xe9\xff")),
    ],
    ids=[
        *("HTTP/1.0", "no length", "100 Continue", "early hints", "no reason", "byte by byte", "203"),
        *("blank", "identity", "odd headers"),
    ],
)
def test_an_unusual_answer_is_an_answer(act: Callable[[Peer], None], ask: Ask) -> None:
    with OddServer(act) as server:
        answer = ask(server.url, film, retry=ONCE)

    assert answer.value.title == "Film 1"


def test_a_connection_that_the_server_closed_meanwhile_is_no_error(ask: Ask) -> None:
    """Whoever keeps connections meets one that is closed at the moment of asking."""

    def close_after_the_answer(peer: Peer) -> None:
        peer.answer()
        peer.is_kept = False

    def one_by_one(client: Any) -> Any:  # noqa: ANN401 -- either client
        return client.get_batch_movie_details(range(1, 101))

    with OddServer(close_after_the_answer) as server:
        batch = ask(server.url, one_by_one, max_concurrent=1, retry=QUICK)

    assert [movie.id for movie in batch.found] == list(range(1, 101))


def test_a_connection_that_is_reset_at_the_second_request_is_no_error(ask: Ask) -> None:
    asked = itertools.count()

    def reset_every_other(peer: Peer) -> None:
        (Peer.answer if next(asked) % 2 == 0 else Peer.reset)(peer)

    with OddServer(reset_every_other) as server:
        batch = ask(
            server.url,
            lambda client: client.get_batch_movie_details(range(1, 31)),
            max_concurrent=1,
            retry=QUICK,
        )

    assert [movie.id for movie in batch.found] == list(range(1, 31))


@pytest.mark.parametrize(
    "more",
    [b"", b"}", reply(b'{"id":666,"title":"Somebody else\'s"}')],
    ids=["nothing", "a brace", "an answer"],
)
def test_bytes_after_an_answer_are_never_the_next_one(more: bytes, ask: Ask) -> None:
    """They may cost the answer that they follow, but they are never taken for another film."""

    def answer_and_chatter(peer: Peer) -> None:
        number = int(peer.target.partition("?")[0].rpartition("/")[2])
        peer.send(reply(b'{"id":%d}' % number) + more)
        peer.is_kept = True

    with OddServer(answer_and_chatter) as server:
        batch = ask(
            server.url,
            lambda client: client.get_batch_movie_details(range(1, 11)),
            max_concurrent=1,
            retry=QUICK,
        )

    assert [movie.id for movie in batch.found] == [id_ for id_ in range(1, 11) if id_ not in batch.failed]
    assert {type(error) for error in batch.failed.values()} <= {TransportError}


def test_a_204_with_a_body_does_not_answer_the_next_question(ask: Ask) -> None:
    def no_content(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 204 No Content\r\n\r\n" + reply(b'{"id":666}'))
        peer.is_kept = True

    with OddServer(no_content, times=1) as server:
        answer = ask(server.url, film, retry=QUICK)

    assert answer.value.id == 1


def test_a_film_of_another_shape_is_asked_for_once_and_fails_alone(ask: Ask) -> None:
    def odd(peer: Peer) -> None:
        peer.answer(b'{"id":2,"runtime":"about two hours"}' if "/2?" in peer.target else None)

    with OddServer(odd) as server:
        batch = ask(server.url, lambda client: client.get_batch_movie_details([1, 2, 3]))

    assert [movie.id for movie in batch.found] == [1, 3]
    assert isinstance(batch[1], DecodeError)
    assert batch[1].where == "$.runtime"
    assert len(server.targets) == 3


@contextmanager
def trusting(pem: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (folder / "trusted.pem").write_bytes(pem)
    with monkeypatch.context() as environment:
        environment.setenv("SSL_CERT_FILE", str(folder / "trusted.pem"))
        yield


def test_a_certificate_that_nobody_trusts_says_so_and_nothing_is_sent(ask: Ask) -> None:
    with (
        OddServer(tls=server_context()) as server,
        pytest.raises(TransportError, match="certificate") as caught,
    ):
        ask(server.url, film, retry=ONCE)

    assert server.targets == []
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_an_encrypted_server_is_asked_over_kept_connections(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = certificate()
    with trusting(pem, tmp_path, monkeypatch), OddServer(tls=server_context(pem)) as server:
        batch = ask(server.url, lambda client: client.get_batch_movie_details(range(1, 21)), max_concurrent=2)

    assert len(batch.found) == 20
    assert server.connections <= 2


@pytest.mark.parametrize("act", [Peer.reset, Peer.wait_for_hangup, says(reply(FILM, length=100))])
def test_faults_of_an_encrypted_server_are_outlived(
    act: Callable[[Peer], None], ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = certificate()
    with trusting(pem, tmp_path, monkeypatch), OddServer(act, times=1, tls=server_context(pem)) as server:
        answer = ask(server.url, film, retry=QUICK, timeout=Timeouts(5, read=0.5))

    assert (answer.value.id, answer.attempts) == (1, 2)


def test_a_server_that_does_not_encrypt_is_an_error_of_ours(ask: Ask) -> None:
    with OddServer(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server, pytest.raises(TransportError):
        ask(server.url.replace("http://", "https://"), film, retry=ONCE, timeout=0.5)


def test_an_encrypted_server_that_says_nothing_is_given_up(ask: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/3"

        with pytest.raises(TransportError, match=r"0\.3 s"):
            ask(url, film, retry=ONCE, timeout=0.3)


BUSY = Timeouts(10, pool=0.2)


def test_a_place_that_is_not_free_in_time_is_an_error_for_threads() -> None:
    with (
        OddServer(Peer.wait_for_hangup) as server,
        ThreadPoolExecutor() as pool,
        TMDBClient(base_url=server.url, max_concurrent=1, retry=ONCE, timeout=BUSY) as client,
    ):
        first = pool.submit(client.movies.details, 1)
        server.arrived.acquire()

        with pytest.raises(TransportError, match=r"1 connections were busy for 0\.2 s") as caught:
            client.movies.details(2)

        client.close()
        assert isinstance(first.exception(), TransportError)
    assert caught.value.retryable
    assert len(server.targets) == 1


def test_a_place_that_is_not_free_in_time_is_an_error_for_tasks() -> None:
    async def main(server: OddServer) -> None:
        async with AsyncTMDBClient(base_url=server.url, max_concurrent=1, retry=ONCE, timeout=BUSY) as client:
            first = asyncio.create_task(client.movies.details(1))
            await asyncio.to_thread(server.arrived.acquire)

            with pytest.raises(TransportError, match=r"1 connections were busy for 0\.2 s"):
                await client.movies.details(2)

            first.cancel()
            await asyncio.wait([first])

    with OddServer(Peer.wait_for_hangup) as server:
        asyncio.run(main(server))
    assert len(server.targets) == 1


def test_a_place_that_becomes_free_in_time_is_taken(ask: Ask) -> None:
    def busy_once(peer: Peer) -> None:
        peer.wait_for_hangup(0.4)
        peer.answer()

    def twice(client: Any) -> Any:  # noqa: ANN401 -- either client
        return client.get_batch_movie_details([1, 2])

    with OddServer(busy_once, times=1) as server:
        batch = ask(server.url, twice, max_concurrent=1, retry=ONCE, timeout=Timeouts(5, pool=0.3))

    assert len(batch.found) == 2


def test_sixteen_threads_share_a_client_under_faults() -> None:
    asked = itertools.count()

    def misbehave_often(peer: Peer) -> None:
        acts = [
            Peer.answer,
            Peer.reset,
            Peer.answer,
            says(reply(b"{", length=9)),
            says(reply(b"", "503 Oops")),
        ]
        acts[next(asked) % len(acts)](peer)

    with (
        OddServer(misbehave_often) as server,
        ThreadPoolExecutor(16) as pool,
        TMDBClient(
            base_url=server.url,
            limiter=ProcessLimiter(5000),
            max_concurrent=8,
            retry=RetryPolicy(attempts=30, first_wait=0.001, max_wait=0.002),
        ) as client,
    ):
        movies = list(pool.map(client.movies.details, range(1, 401)))

        assert [movie.id for movie in movies] == list(range(1, 401))
        assert client.usage.ok == 400
        assert client.usage.requests >= len(server.targets) > 400
