"""Whatever a server writes, the client answers or raises one of its own errors, without the credential."""

import gzip
import socketserver
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tmdb_assets.tmdb import DecodeError, RetryPolicy, TMDBError, TransportError
from tmdb_assets_tests.tmdb.conftest import KEY, Ask

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BOMB = gzip.compress(b" " * 60_000_000)
GARBAGE = b"no gzip 123"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def writing(*chunks: bytes, pause: float = 0.0) -> Iterator[str]:
    """Write the same bytes to whoever asks, and close."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            try:
                for chunk in chunks:
                    self.request.sendall(chunk)
                    time.sleep(pause)  # this server is slow on purpose
            except OSError:
                pass  # the client had enough

    with _Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/3"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (b"", TransportError),
        (b"what?\r\n\r\n", TransportError),
        (b"HTTP/1.1 abc OK\r\n\r\n", TransportError),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n{}", TransportError),
        (OK + b"Content-Length: 100\r\n\r\n{", TransportError),
        (OK + b"Content-Length: many\r\n\r\n{}", TransportError),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n", TransportError),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{", TransportError),
        (OK + b"Content-Encoding: gzip\r\nContent-Length: 11\r\n\r\n" + GARBAGE, TransportError),
        (OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB, TransportError),
        (OK + b"Content-Length: 0\r\n\r\n", DecodeError),
        (b"HTTP/1.1 302 Found\r\nLocation: /3/movie/1\r\nContent-Length: 0\r\n\r\n", TMDBError),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", TMDBError),
        (b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", TMDBError),
        (b"HTTP/1.1 429 Slow\r\nRetry-After: \xff\xfe\r\nContent-Length: 0\r\n\r\n", TMDBError),
    ],
    ids=lambda value: value[:40].decode("ascii", "replace") if isinstance(value, bytes) else "",
)
def test_odd_bytes_are_an_error_of_ours(reply: bytes, kind: type[TMDBError], ask: Ask) -> None:
    with writing(reply) as url, pytest.raises(TMDBError) as caught:
        ask(url, lambda client: client.movies.details(1), retry=RetryPolicy(attempts=1), timeout=5)

    assert isinstance(caught.value, kind)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_an_answer_that_drips_is_given_up_after_the_timeout(ask: Ask) -> None:
    with writing(OK + b"Content-Length: 100\r\n\r\n", *[b" "] * 20, pause=0.1) as url:
        started = time.monotonic()
        with pytest.raises(TransportError, match=r"0\.4 s"):
            ask(url, lambda client: client.movies.details(1), retry=RetryPolicy(attempts=1), timeout=0.4)

        assert time.monotonic() - started < 1.5
