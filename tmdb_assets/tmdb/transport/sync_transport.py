"""The sync transport: sends one request, and returns what came of it.

httpcore is what httpx sends with. Without ``httpx.Client`` above it, it costs half of the CPU, logs no
address, and takes connections that keep a deadline. What it raises shows the address, and with it a v3 key;
so nothing of it leaves this module.
"""

import contextlib
import ssl
import threading
from collections.abc import Mapping
from functools import partial
from typing import Any

import httpcore

from tmdb_assets.tmdb.credentials import Credential
from tmdb_assets.tmdb.errors import TransportError
from tmdb_assets.tmdb.exchange import Reply
from tmdb_assets.tmdb.timeouts import KEEPALIVE_SECONDS, Timeouts
from tmdb_assets.tmdb.transport.bodies import Received
from tmdb_assets.tmdb.transport.breakdowns import Reasons, failure
from tmdb_assets.tmdb.transport.connections import Connections
from tmdb_assets.tmdb.transport.signing import NO_HEADERS, Signer

__all__ = ["SyncTransport"]

_REASONS = Reasons(
    foreseen=(httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError),
    broken=(httpcore.NetworkError, httpcore.ProtocolError),
    unconnected=(httpcore.ConnectTimeout,),
    silent=(httpcore.ReadTimeout,),
    slow=(httpcore.TimeoutException,),
)


class SyncTransport:
    """Sends requests; threads may share it.

    Parameters
    ----------
    base_url, credential
        Where, and as whom.
    connections
        How many are open at most.
    timeouts
        When to give up.
    """

    def __init__(
        self, base_url: str, credential: Credential, *, connections: int, timeouts: Timeouts
    ) -> None:
        self._timeouts = timeouts
        self._signer = Signer(base_url, credential)
        self._extensions = {
            "timeout": {
                "connect": timeouts.connect,
                "read": timeouts.read,
                "write": timeouts.read,
                "pool": timeouts.pool,
            }
        }
        self._connections = Connections()
        self._new_pool = partial(
            httpcore.ConnectionPool,
            ssl_context=_trusted() if self._signer.is_encrypted else None,
            max_connections=connections,
            keepalive_expiry=KEEPALIVE_SECONDS,
            network_backend=self._connections,
        )
        self._pool = self._new_pool()

    def ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str],
        headers: Mapping[str, str] = NO_HEADERS,
        *,
        stop: threading.Event,
    ) -> Reply | TransportError:
        """Send a request, and return the reply or the reason why there is none; see ``break_off``."""
        self._connections.begin(self._timeouts.total, stop)
        try:
            return self._exchange(method, path, params, headers)
        except Exception as error:  # noqa: BLE001 -- also one that nobody foresaw may show the address
            reason = failure(error, self._timeouts, _REASONS)
        except BaseException as error:  # noqa: BLE001 -- an interrupt: the frames beneath hold the address
            # httpcore keeps its books in Python: wherever it was interrupted, they may be wrong.
            self._pool = self._new_pool()
            raise error.with_traceback(None) from None
        finally:
            self._connections.end()
        return reason

    def break_off(self, stop: threading.Event) -> None:
        """Let those who ask with ``stop`` wait for no answer any longer; it is set already."""
        self._connections.break_off(stop)

    def close(self) -> None:
        """Close all connections, also those that threads are waiting at."""
        self._connections.break_off()
        self._pool.close()

    def _exchange(
        self, method: str, path: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> Reply:
        received = Received()
        response = self._pool.handle_request(self._request(method, path, params, headers))
        try:
            for piece in response.iter_stream():
                received.add(piece)
            if _is_more_than_an_answer(response):
                response.extensions["network_stream"].close()
        finally:
            response.close()
        return self._signer.reply(response.status, response.headers, received)

    def _request(
        self, method: str, path: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> httpcore.Request:
        url = httpcore.URL(
            scheme=b"https" if self._signer.is_encrypted else b"http",
            host=self._signer.host.encode(),
            port=self._signer.port,
            target=self._signer.target(path, params).encode(),
        )
        return httpcore.Request(
            method, url, headers=self._signer.headers(headers), extensions=self._extensions
        )


def _is_more_than_an_answer(response: httpcore.Response) -> bool:
    """Say whether more bytes came than the answer has: httpcore takes them for the next answer.

    So a server, or a proxy, that once answers twice would put one film in the place of another ever after.
    """
    stream: Any = response.stream
    with contextlib.suppress(AttributeError):  # httpcore has no public way to its parser; a test tells
        more, _ = stream._stream._connection._h11_state.trailing_data  # noqa: SLF001 -- see above
        return bool(more)
    return False


def _trusted() -> ssl.SSLContext:
    """Return TLS with the certificates that httpx trusts: the environment's, else those of certifi."""
    import httpx  # noqa: PLC0415 -- slow to import, and needed for nothing else

    return httpx.create_ssl_context()
