"""A TMDB that answers oddly about some things, and about all others as the fake does."""

import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from tmdb_assets.fake_tmdb import FakeTMDB

NO_ANSWER = 0
"""In the place of a status: the connection is closed without a word."""

Odd = Callable[[str], tuple[int, bytes] | None]
OddPage = Callable[[dict[str, str]], tuple[int, bytes] | None]


@dataclass
class OddTMDB:
    """Where it is, and what it was asked for."""

    base_url: str
    asked: Counter[str] = field(default_factory=Counter[str])


@contextmanager
def odd_tmdb(
    fake: FakeTMDB, odd: Odd = lambda _: None, *, odd_page: OddPage = lambda _: None
) -> Iterator[OddTMDB]:
    """Serve what ``odd`` returns for a path, and the fake's answer where it returns None.

    Parameters
    ----------
    odd_page
        The same for a page of discover, by the parameters that it is asked for with.
    """
    host = fake.base_url.removesuffix("/3")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            server.asked[path] += 1
            page = odd_page(dict(parse_qsl(query))) if path == "/3/discover/movie" else None
            status, body = page or odd(path) or fetched(f"{host}{self.path}")
            if status == NO_ANSWER:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        server = OddTMDB(f"http://127.0.0.1:{http.server_address[1]}/3")
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()


def fetched(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url) as response:  # noqa: S310 -- the fake's address
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
