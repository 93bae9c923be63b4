"""The async transport: sends one request, and returns what came of it.

It is aiohttp under httpx's interface (httpx-aiohttp): a sixth of the CPU of httpx's own transport. What they
raise shows the address, and with it a v3 key; so nothing of theirs leaves this module. Requests go to the
transport directly, without ``httpx.AsyncClient`` above it: that logs addresses.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from typing import cast

import aiohttp
import httpx
import httpx_aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from tmdb_assets.tmdb.credentials import Credential
from tmdb_assets.tmdb.errors import TransportError
from tmdb_assets.tmdb.exchange import Reply
from tmdb_assets.tmdb.timeouts import KEEPALIVE_SECONDS, Timeouts
from tmdb_assets.tmdb.transport.bodies import Received
from tmdb_assets.tmdb.transport.breakdowns import Reasons, failure
from tmdb_assets.tmdb.transport.signing import NO_HEADERS, Signer

__all__ = ["AsyncTransport"]

# httpx-aiohttp does not keep httpx's errors: refused, unresolved and reset all come as a timeout of the
# connection. So what aiohttp had raised is looked for first.
_REASONS = Reasons(
    foreseen=(httpx.HTTPError, httpx.StreamError, aiohttp.ClientError, HttpProcessingError),
    broken=(aiohttp.ServerDisconnectedError, aiohttp.ClientOSError),
    unconnected=(aiohttp.ConnectionTimeoutError,),
    silent=(aiohttp.SocketTimeoutError,),
    slow=(httpx.TimeoutException,),
)


class _Address(httpx.URL):
    """An address that is known to be well-formed: httpx would take it apart and put it together again."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


class AsyncTransport:
    """Sends requests from one event loop; the parameters are ``SyncTransport``'s."""

    def __init__(
        self, base_url: str, credential: Credential, *, connections: int, timeouts: Timeouts
    ) -> None:
        self._timeouts = timeouts
        self._signer = Signer(base_url, credential)
        self._base = httpx.URL(base_url)
        self._origin = f"{self._base.scheme}://{self._base.netloc.decode()}"
        read, connect = timeouts.read or timeouts.total, timeouts.connect or timeouts.total
        self._extensions = {
            "timeout": httpx.Timeout(read, connect=connect, pool=timeouts.pool).as_dict(),
        }
        # Where nothing is encrypted, the certificates of the world are not read: that takes a while.
        self._transport = httpx_aiohttp.AiohttpTransport(verify=self._signer.is_encrypted)
        self._transport.client = lambda: _session(connections, self._transport)

    async def ask(
        self, method: str, path: str, params: Mapping[str, str], headers: Mapping[str, str] = NO_HEADERS
    ) -> Reply | TransportError:
        """Send a request, and return the reply or the reason why there is none."""
        received = Received()
        try:
            async with asyncio.timeout(self._timeouts.total):
                response = await self._transport.handle_async_request(
                    self._request(method, path, params, headers)
                )
                pieces = cast("AsyncGenerator[bytes]", response.aiter_raw())
                async with contextlib.aclosing(response), contextlib.aclosing(pieces):
                    async for piece in pieces:
                        received.add(piece)
            return self._signer.reply(response.status_code, response.headers.raw, received)
        except Exception as error:  # noqa: BLE001 -- also one that nobody foresaw may show the address
            reason = failure(error, self._timeouts, _REASONS)
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

    def _request(
        self, method: str, path: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> httpx.Request:
        # Without a stream: a request made with one has a chunked body, which a GET must not have.
        request = httpx.Request(
            method, self._base, headers=self._signer.headers(headers), extensions=self._extensions
        )
        request.url = _Address(self._origin + self._signer.target(path, params))
        return request


def _session(connections: int, transport: httpx_aiohttp.AiohttpTransport) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        limit=connections, keepalive_timeout=KEEPALIVE_SECONDS, ssl=transport.ssl_context
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
