"""The server that all clients are measured against: answers made beforehand, and as little work as can be.

One process listens on three ports: it answers at once, after 50 ms, and after 60 ms with a limit of 40 a
second. It prints where, as one line of JSON, and serves until its standard input is closed. ``/__counts__``
says how often the port gave and refused a film since this was last asked.
"""

import argparse
import asyncio
import gzip
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.client.films import film_answers, reference_answers
from tmdb_assets.fake_tmdb.rate_limit import SlidingWindow

__all__ = ["Port"]

_MOVIE = b"movie/"
_END = b"\r\n\r\n"
_REFUSED = (
    b'{"status_code":25,"status_message":"Your request count is over the allowed limit.","success":false}'
)
_MISSING = (
    b'{"success":false,"status_code":34,"status_message":"The resource you requested could not be found."}'
)


@dataclass(frozen=True, slots=True)
class Packed:
    """An answer as it goes over the wire, plain and with gzip."""

    plain: bytes
    zipped: bytes


@dataclass(slots=True)
class Port:
    """What is answered on one port, and how late."""

    answers: dict[bytes, Packed]
    seconds: float = 0.0
    window: SlidingWindow = field(default_factory=lambda: SlidingWindow(None))
    counts: Counter[str] = field(default_factory=Counter[str])

    def answer(self, path: bytes, now: float) -> Packed:
        """Return the answer for a path without ``/3/``."""
        if path == b"__counts__":
            counts, self.counts = self.counts, Counter()
            return packed(json.dumps(counts).encode())
        if not self.window.admit(now):
            self.counts["refused"] += 1
            return _TOO_MANY
        found = self.answers.get(path)
        if path.startswith(_MOVIE):
            self.counts["given"] += 1
        return found or _NOT_FOUND


class Connection(asyncio.Protocol):
    """One connection; requests on it are answered in order."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers go."""
        self._transport = transport  # pyright: ignore[reportAttributeAccessIssue] -- a TCP connection's

    def data_received(self, data: bytes) -> None:
        """Answer every request whose head is complete; none has a body."""
        self._received += data
        while (end := self._received.find(_END)) >= 0:
            head, self._received = self._received[:end], self._received[end + len(_END) :]
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        target = head.split(b" ", 2)[1]
        path = target.partition(b"?")[0].removeprefix(b"/3/").removeprefix(b"/")
        head = head.lower()
        answer = self._port.answer(path, time.monotonic())
        content = answer.zipped if b"gzip" in head else answer.plain
        is_last = b"connection: close" in head
        if is_last:  # else the client would keep a connection that is about to end
            content = content.replace(_END, b"\r\nConnection: close" + _END, 1)
        if self._port.seconds:
            loop = asyncio.get_running_loop()
            loop.call_later(self._port.seconds, partial(self._send, content, is_last=is_last))
        else:
            self._send(content, is_last=is_last)

    def _send(self, content: bytes, *, is_last: bool) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(content)
        if is_last:
            self._transport.close()


def packed(body: bytes, status: str = "200 OK") -> Packed:
    """Return a body with its head, as TMDB sends it."""
    zipped = _with_head(gzip.compress(body, 6), status, ["Content-Encoding: gzip"])
    return Packed(_with_head(body, status, []), zipped)


def _with_head(content: bytes, status: str, extra: list[str]) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        "Content-Type: application/json;charset=utf-8",
        "Date: Sat, 21 Nov 2026 12:00:00 GMT",
        "Server: openresty",
        "Cache-Control: public, max-age=21600",
        'ETag: W/"0123456789abcdef"',
        "Vary: Accept-Encoding",
        "X-Cache: Miss from cloudfront",
        *extra,
        f"Content-Length: {len(content)}",
    ]
    return "\r\n".join(lines).encode() + _END + content


_TOO_MANY = packed(_REFUSED, "429 Too Many Requests")
_NOT_FOUND = packed(_MISSING, "404 Not Found")


async def _serve(shared: Path, films: int) -> None:
    bodies = film_answers(shared, films)
    answers = {f"movie/{id_}".encode(): packed(body) for id_, body in bodies.items()}
    answers |= {path.encode(): packed(body) for path, body in reference_answers(shared).items()}
    ports = {
        "at_once": Port(answers),
        "after_50_ms": Port(answers, 0.05),
        "limited": Port(answers, 0.06, SlidingWindow(40)),
    }
    loop = asyncio.get_running_loop()
    urls = {}
    for name, port in ports.items():
        server = await loop.create_server(partial(Connection, port), "127.0.0.1", 0, backlog=1024)
        urls[name] = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/3"
    told = {
        "urls": urls,
        "ids": list(bodies),
        "bytes": sum(map(len, bodies.values())) // len(bodies),
        "zipped_bytes": sum(len(answers[f"movie/{id_}".encode()].zipped) for id_ in bodies) // len(bodies),
        "real": (shared / "films").exists(),
    }
    print(json.dumps(told), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--films", type=int, default=400)
    options = parser.parse_args()
    asyncio.run(_serve(options.shared, options.films))
