"""The transport: sends one request, and returns what came of it; the only place that knows httpx and aiohttp.

What those libraries raise shows the address, and with it a v3 key. So nothing of theirs leaves this module:
a failure is returned as a ``TransportError`` in our own words. Requests go to httpx's transports directly,
without ``httpx.Client`` above them: that logs addresses, and costs more than all the rest.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from typing import Any, cast
from urllib.parse import quote, urlencode

import aiohttp
import httpx
import httpx_aiohttp

from tmdb_assets.tmdb.bodies import Received
from tmdb_assets.tmdb.breakdowns import failure
from tmdb_assets.tmdb.connections import Connections
from tmdb_assets.tmdb.credentials import Credential
from tmdb_assets.tmdb.errors import TransportError
from tmdb_assets.tmdb.exchange import HEADERS, Reply
from tmdb_assets.tmdb.redaction import Redaction
from tmdb_assets.tmdb.timeouts import Timeouts

__all__ = ["AsyncTransport", "SyncTransport"]

_KEEPALIVE_SECONDS = 30
_HEADERS = {"accept": "application/json", "accept-encoding": "gzip", "user-agent": "tmdb_assets"}
_NO_HEADERS: Mapping[str, str] = {}


class _Requests:
    """Makes requests, signed; the credential is nowhere before."""

    def __init__(self, base_url: str, credential: Credential, extensions: Mapping[str, Any]) -> None:
        self._base = httpx.URL(base_url)
        self._prefix = self._base.raw_path.decode().rstrip("/")
        self._extensions = dict(extensions)
        self._headers, self._signature = dict(_HEADERS), dict[str, str]()
        self._redaction = Redaction(credential.secret)
        self._redaction.install()
        if credential.is_token:
            self._headers["authorization"] = f"Bearer {credential.secret}"
        else:
            self._signature = {"api_key": credential.secret}

    def request(
        self, method: str, path: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> httpx.Request:
        query = urlencode({**params, **self._signature})
        target = self._prefix + (path if path.isascii() else quote(path, safe="/%"))
        url = self._base.copy_with(raw_path=f"{target}?{query}".encode() if query else target.encode())
        return httpx.Request(method, url, headers={**self._headers, **headers}, extensions=self._extensions)

    def reply(self, response: httpx.Response, received: Received) -> Reply:
        headers = {
            lower: value.decode("latin-1")
            for name, value in response.headers.raw
            if (lower := name.decode("latin-1").lower()) in HEADERS
        }
        body = received.decompressed(response.headers.get("content-encoding", ""))
        # A page of a gateway may repeat the address; its words end in errors and logs.
        is_error = response.status_code >= httpx.codes.MULTIPLE_CHOICES
        return Reply(response.status_code, self._redaction.of_body(body, is_error=is_error), headers)


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
        self._connections = Connections()
        self._transport = httpx.HTTPTransport(limits=_limits(connections))
        # httpx has no parameter for it; the interface is httpcore's public one.
        self._transport._pool._network_backend = self._connections  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        self._requests = _Requests(base_url, credential, {"timeout": _httpx_timeout(timeouts)})

    def ask(
        self, method: str, path: str, params: Mapping[str, str], headers: Mapping[str, str] = _NO_HEADERS
    ) -> Reply | TransportError:
        """Send a request, and return the reply or the reason why there is none."""
        self._connections.set_deadline(self._timeouts.total)
        received = Received()
        try:
            response = self._transport.handle_request(self._requests.request(method, path, params, headers))
            with contextlib.closing(response):
                for piece in response.iter_raw():
                    received.add(piece)
            return self._requests.reply(response, received)
        except Exception as error:  # noqa: BLE001 -- also one that nobody foresaw may show the address
            reason = failure(error, self._timeouts)
        except BaseException as error:  # noqa: BLE001 -- an interrupt: the frames beneath hold the address
            raise error.with_traceback(None) from None
        return reason

    def abort(self) -> None:
        """Break every connection, so that whoever waits for an answer is free at once."""
        self._connections.abort()

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()


class AsyncTransport:
    """Sends requests from one event loop; the parameters are ``SyncTransport``'s.

    It is aiohttp's transport under httpx's interface: a sixth of the CPU of httpx's own.
    """

    def __init__(
        self, base_url: str, credential: Credential, *, connections: int, timeouts: Timeouts
    ) -> None:
        self._timeouts = timeouts
        limits = _limits(connections)
        self._transport = httpx_aiohttp.AiohttpTransport(limits=limits)
        self._transport.client = lambda: _session(connections, self._transport)
        self._requests = _Requests(base_url, credential, {"timeout": _httpx_timeout(timeouts)})

    async def ask(
        self, method: str, path: str, params: Mapping[str, str], headers: Mapping[str, str] = _NO_HEADERS
    ) -> Reply | TransportError:
        """Send a request, and return the reply or the reason why there is none."""
        received = Received()
        try:
            async with asyncio.timeout(self._timeouts.total):
                response = await self._transport.handle_async_request(
                    self._requests.request(method, path, params, headers)
                )
                pieces = cast("AsyncGenerator[bytes]", response.aiter_raw())
                async with contextlib.aclosing(response), contextlib.aclosing(pieces):
                    async for piece in pieces:
                        received.add(piece)
            return self._requests.reply(response, received)
        except Exception as error:  # noqa: BLE001 -- also one that nobody foresaw may show the address
            reason = failure(error, self._timeouts)
        except BaseException as error:  # noqa: BLE001 -- an interrupt: the frames beneath hold the address
            raise error.with_traceback(None) from None
        return reason

    async def close(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    def abandon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close all connections as soon as their loop comes to it, so that nobody else complains of them."""
        with contextlib.suppress(RuntimeError):  # it is closed
            loop.call_soon_threadsafe(_close_now, self._transport.client)
            return
        _close_now(self._transport.client)


def _limits(connections: int) -> httpx.Limits:
    return httpx.Limits(
        max_connections=connections,
        max_keepalive_connections=connections,
        keepalive_expiry=_KEEPALIVE_SECONDS,
    )


def _httpx_timeout(timeouts: Timeouts) -> dict[str, float | None]:
    quiet = min(timeouts.read or timeouts.total, timeouts.total)
    connect = min(timeouts.connect or timeouts.total, timeouts.total)
    return httpx.Timeout(quiet, connect=connect, pool=timeouts.pool).as_dict()


def _session(connections: int, transport: httpx_aiohttp.AiohttpTransport) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        limit=connections, keepalive_timeout=_KEEPALIVE_SECONDS, ssl=transport.ssl_context
    )
    session = aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), response_class=_Response
    )
    # Else aiohttp sends again by itself, past the limiter.
    session._retry_connection = False  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    return session


def _close_now(session: object) -> None:
    if isinstance(session, aiohttp.ClientSession) and session.connector is not None:
        session.connector._close()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] # the part that needs no wait
        session.detach()


class _Response(aiohttp.ClientResponse):
    """A response that does not show its address, which aiohttp puts into warnings."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status}>"
