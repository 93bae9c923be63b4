"""What the cache's tests share: a server that follows a script, and a store of a user's own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tmdb_assets.tmdb import StoredAnswer, endpoints

DETAILS = endpoints.movies.details(1, language="en-US")
HOURS = "public, max-age=28800"
FILM = b'{"id": 1, "title": "One"}'
Reply = tuple[int, dict[str, str], bytes]


class DictCache:
    """A store of a user's own."""

    max_age = 3600.0

    def __init__(self) -> None:
        self.answers: dict[str, StoredAnswer] = {}

    def get(self, key: str) -> StoredAnswer | None:
        """Return what is kept."""
        return self.answers.get(key)

    def put(self, key: str, stored: StoredAnswer) -> None:
        """Keep an answer."""
        self.answers[key] = stored


@dataclass
class Seen:
    """What a server was asked."""

    base_url: str = ""
    conditions: list[str | None] = field(default_factory=list[str | None])


@contextmanager
def serving(*replies: Callable[[str | None], Reply]) -> Iterator[Seen]:
    """Answer each GET with the next reply, made from its If-None-Match; the last one goes on."""
    seen = Seen()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            reply = replies[min(len(seen.conditions), len(replies) - 1)]
            seen.conditions.append(condition := self.headers["If-None-Match"])
            status, headers, body = reply(condition)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

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


def saying(body: bytes = FILM, status: int = 200, **headers: str) -> Callable[[str | None], Reply]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: (status, named, body)


def unless(etag: str, **headers: str) -> Callable[[str | None], Reply]:
    """Answer 304 to whoever names the ETag, and anybody else with the film."""
    plain = saying(etag=etag, **headers)
    unchanged = saying(b"", 304, etag=etag, **headers)
    return lambda condition: (unchanged if condition == etag else plain)(condition)


def stored(body: bytes = FILM, ago: timedelta = timedelta(0), etag: str = 'W/"1"') -> StoredAnswer:
    return StoredAnswer(body, etag, datetime.now(UTC) - ago, 28800.0)
