"""How many answers a second the server can give: plain sockets that read and throw away."""

import socket
import time
from urllib.parse import urlsplit

__all__ = ["answers_per_second"]

_CONNECTIONS = 20
_LARGEST = 1 << 16


def answers_per_second(base_url: str, id_: int, seconds: float) -> float:
    """Ask on 20 connections at a time for some seconds, and return how many answers came a second."""
    where = urlsplit(base_url)
    lines = (f"GET {where.path}/movie/{id_} HTTP/1.1", f"Host: {where.netloc}", "Accept-Encoding: gzip")
    request = "\r\n".join([*lines, "", ""]).encode()
    sockets = [
        socket.create_connection((where.hostname, where.port), timeout=10) for _ in range(_CONNECTIONS)
    ]
    try:
        sockets[0].sendall(request)
        length = _first_length(sockets[0])
        came, started = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - started) < seconds:
            for each in sockets:
                each.sendall(request)
            for each in sockets:
                _read(each, length)
            came += len(sockets)
        return came / elapsed
    finally:
        for each in sockets:
            each.close()


def _first_length(connection: socket.socket) -> int:
    """Return how long a whole answer is, head and body."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(_LARGEST)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    _read(connection, length - len(body))
    return len(head) + 4 + length


def _read(connection: socket.socket, length: int) -> None:
    while length > 0:
        received = len(connection.recv(min(length, _LARGEST)))
        if received == 0:
            raise ConnectionError("the server closed the connection")
        length -= received
