"""What goes over the wire, as an ordinary HTTP server of another make sees it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tmdb_assets.tmdb import TMDBError, ValidationError
from tmdb_assets_tests.tmdb.conftest import KEY, Ask


@dataclass
class Seen:
    """What a server saw."""

    base_url: str = ""
    connections: set[object] = field(default_factory=set[object])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])


@contextmanager
def serving(status: int, body: bytes) -> Iterator[Seen]:
    """Answer every GET alike, over HTTP/1.1 with kept connections, and never read a body."""
    seen = Seen()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            seen.connections.add(self.client_address)
            seen.headers.append({name.lower(): value for name, value in self.headers.items()})
            words = body.replace(b"CREDENTIAL", self.path.rpartition("api_key=")[2].encode())
            self.send_response(status)
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        seen.base_url = f"http://127.0.0.1:{http.server_address[1]}/3"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield seen
        finally:
            http.shutdown()
            thread.join()


def test_a_question_has_no_body_and_connections_are_kept(ask: Ask) -> None:
    """A body after a GET would be taken for the next request."""
    with serving(200, b'{"id": 1}') as seen:
        batch = ask(seen.base_url, lambda client: client.get_batch_movie_details([1] * 3), max_concurrent=1)
        for _ in range(5):
            ask(seen.base_url, lambda client: client.movies.details(1))

    assert batch.failed == {}
    assert len(seen.headers) == 6
    for headers in seen.headers:
        assert not {"transfer-encoding", "content-length", "content-type"} & set(headers)


def test_many_questions_go_over_one_connection(ask: Ask) -> None:
    with serving(200, b'{"id": 1}') as seen:
        ask(
            seen.base_url,
            lambda client: client.get_batch_movie_details(range(1, 41)),
            max_concurrent=1,
        )

    assert (len(seen.headers), len(seen.connections)) == (40, 1)


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_a_server_that_repeats_the_credential_does_not_make_it_seen(ask: Ask, status: int) -> None:
    body = b'{"success": false, "status_code": 7, "status_message": "Invalid API key: CREDENTIAL."}'
    with serving(status, body) as seen, pytest.raises(TMDBError) as caught:
        ask(seen.base_url, lambda client: client.movies.details(1))

    assert "***" in str(caught.value)
    assert KEY not in str(vars(caught.value)) + str(caught.value)


def test_one_forbidden_film_is_no_refused_credential(ask: Ask) -> None:
    with serving(403, b"<html>Forbidden</html>") as seen, pytest.raises(ValidationError):
        ask(seen.base_url, lambda client: client.movies.details(1))
