"""Connections of the sync client: none keeps anybody waiting past a deadline, and all can be broken off.

httpx has timeouts for a single read only: a server that sends a byte now and then holds it for ever.
"""

import contextlib
import select
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Generator, Iterable
from typing import Any

import httpcore

__all__ = ["Connections"]


class Connections(httpcore.NetworkBackend):
    """Opens connections for the threads of one client."""

    def __init__(self) -> None:
        self._thread = threading.local()
        self._sockets = weakref.WeakSet[socket.socket]()
        self._lock = threading.Lock()
        self._is_aborted = False

    def set_deadline(self, seconds: float) -> None:
        """Let everything that this thread waits for from now on end with an error after so many seconds."""
        self._thread.deadline = time.monotonic() + seconds

    def seconds_left(self) -> float:
        """Return for how long this thread may still wait.

        Raises
        ------
        TimeoutError
            When the deadline is over.
        """
        left = self._thread.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 -- httpcore's interface
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 -- the same
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that answers; all of them share the timeout."""
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        ends = time.monotonic() + (self.seconds_left() if timeout is None else timeout)
        while True:
            family, kind, protocol, _, address = addresses.pop(0)
            left = min(self.seconds_left(), max(0.001, ends - time.monotonic()))
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(left / (len(addresses) + 1))
                with self._watched(connection):
                    connection.connect(address)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except TimeoutError:
                connection.close()
                if not addresses:
                    self.seconds_left()
                    raise httpcore.ConnectTimeout from None
            except OSError:
                connection.close()
                if not addresses:
                    raise
            except BaseException:
                connection.close()
                raise
            else:
                return _Stream(self, connection)

    def secured(
        self, connection: socket.socket, context: ssl.SSLContext, name: str | None, seconds: float
    ) -> ssl.SSLSocket:
        """Return the connection as one that is encrypted."""
        connection.settimeout(seconds)
        secured = context.wrap_socket(connection, server_hostname=name, do_handshake_on_connect=False)
        try:
            with self._watched(secured):
                secured.do_handshake()
        except BaseException:
            secured.close()
            raise
        return secured

    def abort(self) -> None:
        """Break every connection, also those that are still to be made: whoever waits is free at once."""
        with self._lock:
            self._is_aborted = True
            for each in list(self._sockets):
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(each, socket.SHUT_RDWR)  # an SSLSocket's own would go on in clear

    @contextlib.contextmanager
    def _watched(self, connection: socket.socket) -> Generator[None]:
        with self._lock:
            if self._is_aborted:
                raise ConnectionAbortedError
            self._sockets.add(connection)
        yield


class _Stream(httpcore.NetworkStream):
    """A connection that keeps the deadline of the thread that uses it."""

    def __init__(self, connections: Connections, connection: socket.socket) -> None:
        self._connections = connections
        self._socket = connection

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._socket.settimeout(self._seconds(timeout))
        try:
            return self._socket.recv(max_bytes)
        except TimeoutError:
            self._connections.seconds_left()
            raise httpcore.ReadTimeout from None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._socket.settimeout(self._seconds(timeout))
        try:
            self._socket.sendall(buffer)
        except OSError:
            raise httpcore.WriteError from None  # an answer may have come before it

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            seconds = self._seconds(timeout)
            self._socket = self._connections.secured(self._socket, ssl_context, server_hostname, seconds)
        except TimeoutError:
            self.close()
            self._connections.seconds_left()
            raise httpcore.ConnectTimeout from None
        except BaseException:
            self.close()
            raise
        return self

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 -- httpcore's own type
        """Say what httpcore asks: whether bytes came, or an end, while nobody had asked for any."""
        if info != "is_readable":
            return None
        if self._socket.fileno() < 0:
            return True
        if not hasattr(select, "poll"):  # Windows
            return bool(select.select([self._socket], [], [], 0)[0])
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def _seconds(self, timeout: float | None) -> float:
        left = self._connections.seconds_left()
        return left if timeout is None else min(timeout, left)
