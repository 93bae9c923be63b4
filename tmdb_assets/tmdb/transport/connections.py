"""Connections of the sync client: none keeps anybody waiting past a deadline, or after being told to stop.

httpcore has timeouts for a single read only: a server that sends a byte now and then holds it for ever. And
no thread can be told to stop while it reads; but what it reads from can be broken off.
"""

import contextlib
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from queue import Empty, SimpleQueue
from typing import Any

import httpcore

__all__ = ["Connections"]

_GLANCE = 0.1


class Connections(httpcore.NetworkBackend):
    """Opens connections for the threads of one client."""

    def __init__(self) -> None:
        self._thread = threading.local()
        self._waiting: dict[int, tuple[threading.Event, socket.socket]] = {}

    def begin(self, seconds: float, stop: threading.Event) -> None:
        """Let all that this thread waits for from now on end: after so many seconds, or when told to stop."""
        self._thread.deadline, self._thread.stop = time.monotonic() + seconds, stop

    def end(self) -> None:
        """Note that this thread waits for nothing any more."""
        self._waiting.pop(threading.get_ident(), None)

    def break_off(self, stop: threading.Event | None = None) -> None:
        """Break the connections of those who shall stop, once that is set; or of all who wait."""
        for who, connection in list(self._waiting.values()):
            if stop is None or who is stop:
                with contextlib.suppress(OSError):  # it is closed already
                    socket.socket.shutdown(
                        connection, socket.SHUT_RDWR
                    )  # an SSLSocket's own goes on in clear

    def seconds_left(self, connection: socket.socket, longest: float | None = None) -> float:
        """Return for how long this thread may wait for a connection now.

        Raises
        ------
        TimeoutError
            When the deadline is over.
        ConnectionAbortedError
            When the thread shall stop.
        """
        # In this order: who sets `stop`, then breaks off, finds the connection, or else `stop` is seen here.
        self._waiting[threading.get_ident()] = (self._thread.stop, connection)
        if self._thread.stop.is_set():
            raise ConnectionAbortedError
        left = self._thread.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left if longest is None else min(left, longest)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 -- httpcore's interface
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 -- the same
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that answers; all of them share the timeout."""
        ends = None if timeout is None else time.monotonic() + timeout
        addresses = self._resolved(host, port)
        while True:
            family, kind, protocol, _, address = addresses.pop(0)
            try:
                connection = socket.socket(family, kind, protocol)
            except OSError:  # this machine has no such addresses
                if not addresses:
                    raise
                continue
            try:
                left = self.seconds_left(connection, ends and max(0.001, ends - time.monotonic()))
                connection.settimeout(left / (len(addresses) + 1))
                connection.connect(address)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except TimeoutError:
                connection.close()
                if not addresses:
                    self.seconds_left(connection)
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

    def _resolved(self, host: str, port: int) -> list[Any]:
        """Ask the resolver, which has no timeout, and wait no longer for it than for anything else."""
        with contextlib.suppress(socket.gaierror):  # it is a name
            return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        answers = SimpleQueue[Any]()

        def ask() -> None:
            try:
                answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            except Exception as error:  # noqa: BLE001 -- it is raised where it was waited for
                answers.put(error)

        threading.Thread(target=ask, name="tmdb_assets resolver", daemon=True).start()
        while not self._thread.stop.is_set():
            left = self._thread.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            with contextlib.suppress(Empty):
                answer = answers.get(timeout=min(left, _GLANCE))
                if isinstance(answer, Exception):
                    raise answer
                return answer
        raise ConnectionAbortedError


class _Stream(httpcore.NetworkStream):
    """A connection that keeps the deadline of the thread that uses it."""

    def __init__(self, connections: Connections, connection: socket.socket) -> None:
        self._connections = connections
        self._socket = connection

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._socket.settimeout(self._connections.seconds_left(self._socket, timeout))
        try:
            return self._socket.recv(max_bytes)
        except TimeoutError:
            self._connections.seconds_left(self._socket)
            raise httpcore.ReadTimeout from None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._socket.settimeout(self._connections.seconds_left(self._socket, timeout))
        try:
            self._socket.sendall(buffer)
        except OSError:
            raise httpcore.WriteError from None  # an answer may have come before it

    def close(self) -> None:
        self._socket.close()

    def __del__(self) -> None:
        self.close()  # of a pool that was given up

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            self._socket = ssl_context.wrap_socket(
                self._socket, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            self._socket.settimeout(self._connections.seconds_left(self._socket, timeout))
            self._socket.do_handshake()
        except TimeoutError:
            self.close()
            self._connections.seconds_left(self._socket)
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
