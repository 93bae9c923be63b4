"""Connections that cannot be made: the error says why, and what passes is outlived."""

import contextlib
import logging
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tmdb_assets.tmdb import RetryPolicy, Timeouts, TransportError
from tmdb_assets.tmdb.transport.bodies import BodyError
from tmdb_assets.tmdb.transport.breakdowns import Reasons, failure
from tmdb_assets_tests.tmdb.conftest import Ask
from tmdb_assets_tests.tmdb.odd_server import OddServer

PATIENT = RetryPolicy(first_wait=0.05)
ONCE = RetryPolicy(attempts=1)


def film(client: Any) -> Any:  # noqa: ANN401 -- either client
    return client.movies.details(1)


@pytest.fixture
def nobody() -> int:
    """Find a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def test_a_refused_connection_says_so_after_four_attempts(nobody: int, ask: Ask) -> None:
    with pytest.raises(TransportError, match="refused") as caught:
        ask(f"http://127.0.0.1:{nobody}/3", film)

    assert (caught.value.attempts, caught.value.method, caught.value.path) == (4, "GET", "/movie/1")
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_server_that_comes_up_while_it_is_asked_for_is_found(nobody: int, ask: Ask) -> None:
    with contextlib.ExitStack() as running, at_the_first_retry(lambda: running.enter_context(server)):
        server = OddServer(port=nobody)

        movie = ask(f"http://127.0.0.1:{nobody}/3", film, retry=PATIENT)

    assert movie.id == 1


@contextlib.contextmanager
def at_the_first_retry(act: Callable[[], object]) -> Iterator[None]:
    """Do something as soon as the client says that it will ask again."""

    class Once(logging.Handler):
        def emit(self, _record: logging.LogRecord) -> None:
            logger.removeHandler(self)
            act()

    logger, handler = logging.getLogger("tmdb_assets.tmdb"), Once(logging.INFO)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def test_a_name_that_is_not_resolved_at_first_is_outlived(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve, asked = socket.getaddrinfo, list[object]()

    def fail_once(host: object, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 -- the resolver's own
        asked.append(host)
        if len(asked) == 1:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return resolve(host, *arguments, **options)  # type: ignore[arg-type] -- the resolver's own

    with OddServer() as server:
        monkeypatch.setattr(socket, "getaddrinfo", fail_once)
        movie = ask(f"http://localhost:{server.port}/3", film, retry=PATIENT)

    assert movie.id == 1
    assert asked[:2] == ["localhost", "localhost"]


@pytest.mark.parametrize("host", ["tmdb.invalid", f"{'a' * 70}.invalid", "tmdb..invalid", "xn--.invalid"])
def test_a_name_that_cannot_be_resolved_says_so(host: str, ask: Ask) -> None:
    with pytest.raises(TransportError, match="resolved") as caught:
        ask(f"https://{host}/3", film)

    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_connection_that_is_never_made_is_given_up(ask: Ask) -> None:
    with nobody_accepting() as address:
        started = time.monotonic()
        with pytest.raises(TransportError, match=r"no connection was made within 0\.2 s"):
            ask(f"http://127.0.0.1:{address[1]}/3", film, retry=ONCE, timeout=Timeouts(10, connect=0.2))

    assert time.monotonic() - started < 2


def test_an_address_that_does_not_answer_leaves_time_for_the_next(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name may stand for addresses that cannot be reached from here, such as those of IPv6."""
    with nobody_accepting() as silent, OddServer() as server:

        def both(*_arguments: Any, **_options: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 -- the resolver's own
            common = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
            return [(*common, silent), (*common, ("127.0.0.1", server.port))]

        monkeypatch.setattr(socket, "getaddrinfo", both)

        movie = ask(f"http://localhost:{server.port}/3", film, retry=ONCE, timeout=Timeouts(5, connect=1))

    assert movie.id == 1


@contextlib.contextmanager
def nobody_accepting() -> Iterator[tuple[str, int]]:
    """Listen with a full queue: the kernel leaves further connections unanswered."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, contextlib.ExitStack() as waiting:
        for _ in range(3):
            connection = waiting.enter_context(socket.socket())
            connection.settimeout(0)
            connection.connect_ex(listening.getsockname())
        yield listening.getsockname()


class OfALibraryError(Exception):
    """Anything that a library raises."""


class TimedOutOfALibraryError(OfALibraryError):
    """What it raises when nothing comes."""


READ = Reasons(
    foreseen=(OfALibraryError,),
    broken=(),
    unconnected=(),
    silent=(TimedOutOfALibraryError,),
    slow=(),
)


@pytest.mark.parametrize(
    ("error", "words", "may_pass"),
    [
        (OfALibraryError("https://x/?api_key=feed"), "the connection broke", True),
        (TimedOutOfALibraryError(), "sent nothing for 3 s", True),
        (TimeoutError(), "no complete answer came within 9 s", True),
        (ConnectionResetError(), "the connection broke", True),
        (ssl.SSLError("?"), "the connection broke", True),
        (OSError(113, "No route to host"), "the connection broke", True),
        (BodyError("too much"), "too much", False),
        (BodyError("damaged", may_pass=True), "damaged", True),
        (KeyError("https://x/?api_key=feed"), r"unforeseen \(KeyError\)", False),
    ],
    ids=repr,
)
def test_a_failure_is_said_in_our_own_words(error: Exception, words: str, may_pass: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    said = failure(error, Timeouts(9, connect=2, read=3), READ)

    assert isinstance(said, TransportError)
    assert said.retryable is may_pass
    assert "feed" not in str(said)
    with pytest.raises(TransportError, match=words):
        raise said


def test_the_reason_is_looked_for_among_the_causes() -> None:
    error = OfALibraryError()
    error.__cause__ = OfALibraryError()
    error.__cause__.__context__ = ConnectionRefusedError()

    assert "refused" in str(failure(error, Timeouts(), READ))


def test_causes_that_go_in_a_circle_have_an_end() -> None:
    error, other = OfALibraryError(), OfALibraryError()
    error.__context__, other.__context__ = other, error

    assert "broke" in str(failure(error, Timeouts(), READ))
