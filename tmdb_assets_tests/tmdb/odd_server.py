"""A server of raw bytes: it misbehaves as often as it is told to, then answers rightly."""

import contextlib
import itertools
import math
import re
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Self

Act = Callable[["Peer"], None]
"""What to do with a request instead of answering it; the connection is closed afterwards, unless kept."""

_LONGEST_SECONDS = 20.0


class Peer:
    """One connection, and the request that has just come over it."""

    def __init__(self, server: "OddServer", connection: socket.socket) -> None:
        self.server = server
        self.connection = connection
        self.target = ""
        self.head = b""
        self.is_kept = False

    def read_request(self) -> bool:
        """Wait for a request; False when the client has hung up."""
        received = b""
        while b"\r\n\r\n" not in received:
            if not (more := self.connection.recv(65536)):
                return False
            received += more
        self.head, self.target = received, received.split(b" ", 2)[1].decode()
        return True

    def send(self, *pieces: bytes, pause: float = 0.0) -> None:
        """Send bytes, with so many seconds between the pieces."""
        for number, piece in enumerate(pieces):
            if number and pause:
                self.wait_for_hangup(pause)
            self.connection.sendall(piece)

    def reset(self) -> None:
        """Break the connection, so that the client reads ECONNRESET and not an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def wait_for_hangup(self, seconds: float = _LONGEST_SECONDS) -> bool:
        """Say nothing until the client hangs up or the server stops; False when neither came."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self.server.is_stopping:
            if select.select([self.connection], [], [], min(0.01, seconds))[0]:
                return True
        return self.server.is_stopping

    def answer(self, body: bytes | None = None) -> None:
        """Answer rightly: the film whose id the path ends with."""
        number = int((re.findall(r"\d+", self.target.partition("?")[0]) or [0])[-1])
        body = b'{"id":%d,"title":"Film %d"}' % (number, number) if body is None else body
        self.send(reply(body))
        self.is_kept = True


class OddServer:
    """Serves on loopback while the ``with`` block lasts.

    Parameters
    ----------
    act
        What is done with a request instead of answering it.
    times
        How many requests are treated like that.
    tls
        What to serve https with.
    port
        Where; by default any free one.
    """

    def __init__(
        self,
        act: Act = Peer.answer,
        times: float = math.inf,
        tls: ssl.SSLContext | None = None,
        port: int = 0,
    ) -> None:
        self.port = port
        self._act, self._times, self._tls = act, times, tls
        self._numbers = itertools.count(1)
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self.targets: list[str] = []
        self.heads: list[bytes] = []
        self.connections = 0
        self.is_stopping = False
        self.arrived = threading.Semaphore(0)
        """Is released with every request."""

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", self.port), backlog=256)
        self.port = self._listening.getsockname()[1]
        self._threads.append(threading.Thread(target=self._accept, daemon=True))
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_stopping = True
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(_LONGEST_SECONDS)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/3"

    @property
    def open_connections(self) -> int:
        """How many connections the clients have open."""
        with self._lock:
            return len(self._open)

    def has_open(self, count: int, seconds: float = 2.0) -> bool:
        """Wait until so many connections are open; False when it takes too long."""
        return wait_until(lambda: self.open_connections == count, seconds)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            with self._lock:
                self._open.add(connection)
                self.connections += 1
                self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        peer = Peer(self, connection)
        with contextlib.suppress(OSError), self._secured(connection) as peer.connection:
            while peer.read_request():
                with self._lock:
                    number = next(self._numbers)
                    self.targets.append(peer.target)
                    self.heads.append(peer.head)
                self.arrived.release()
                peer.is_kept = False
                (self._act if number <= self._times else Peer.answer)(peer)
                if not peer.is_kept:
                    break
        with self._lock:
            self._open.discard(connection)
        connection.close()

    @contextlib.contextmanager
    def _secured(self, connection: socket.socket) -> Iterator[socket.socket]:
        if self._tls is None:
            yield connection
            return
        with self._tls.wrap_socket(connection.dup(), server_side=True) as secured:
            yield secured


def reply(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    """Write a reply with its head; ``length`` is what it claims to be long, where that is not so."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", *headers]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def wait_until(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Wait for a condition; False when it takes too long."""
    ends = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends:
            return False
        time.sleep(0.002)
    return True
