"""The transport: sends one request, and returns what came of it; the only place that knows httpx and aiohttp.

What those libraries raise shows the address, and with it a v3 key. So nothing of theirs leaves this module:
a failure is returned as a ``TransportError`` in our own words. The credential is added beneath httpx, which
logs addresses.
"""

import asyncio
import socket
import time
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from urllib.parse import urlencode

import aiohttp
import httpx
import httpx_aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from tmdb_assets.tmdb.credentials import Credential
from tmdb_assets.tmdb.errors import TransportError
from tmdb_assets.tmdb.exchange import Reply

__all__ = ["AsyncTransport", "SyncTransport"]

_LARGEST_BYTES = 50_000_000
_CONNECT_SECONDS = 10.0
_HEADERS = {"accept": "application/json", "accept-encoding": "gzip", "user-agent": "tmdb_assets"}
_FAILURES = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    aiohttp.ClientError,
    HttpProcessingError,
    OSError,
    TimeoutError,
)


class _TooLargeError(httpx.StreamError):
    pass


class _SignedSyncTransport(httpx.HTTPTransport):
    """httpx's transport with the credential added."""

    def __init__(self, credential: Credential, connections: int) -> None:
        super().__init__(limits=_limits(connections))
        self._credential = credential

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return super().handle_request(_signed(request, self._credential))


class _SignedAsyncTransport(httpx_aiohttp.AiohttpTransport):
    """aiohttp's transport with the credential added; a sixth of the CPU of httpx's own."""

    def __init__(self, credential: Credential, connections: int) -> None:
        super().__init__(limits=_limits(connections))
        self._credential = credential

    def get_client(self) -> aiohttp.ClientSession:
        session = super().get_client()
        # Else aiohttp sends again by itself, past the limiter.
        session._retry_connection = False  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        return session

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await super().handle_async_request(_signed(request, self._credential))


class SyncTransport:
    """Sends requests; threads may share it.

    Parameters
    ----------
    base_url, credential
        Where, and as whom.
    connections
        How many are open at most.
    timeout
        Seconds until an answer must be complete.
    """

    def __init__(self, base_url: str, credential: Credential, *, connections: int, timeout: float) -> None:
        self._url, self._timeout, self._secret = partial(_url, base_url), timeout, credential.secret
        self._client = httpx.Client(
            transport=_SignedSyncTransport(credential, connections),
            timeout=_timeouts(timeout),
            headers=_HEADERS,
        )

    def ask(self, method: str, path: str, params: Mapping[str, str]) -> Reply | TransportError:
        """Send a request, and return the reply or the reason why there is none."""
        deadline = time.monotonic() + self._timeout
        body = bytearray()
        try:
            with self._client.stream(method, self._url(path, params)) as response:
                for chunk in response.iter_bytes():
                    _extend(body, chunk)
                    if time.monotonic() > deadline:
                        raise TimeoutError
            return _reply(response, body, self._secret)
        except _FAILURES as error:
            failure = _failure(error, self._timeout)
        return failure

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


class AsyncTransport:
    """Sends requests from one event loop; the parameters are ``SyncTransport``'s."""

    def __init__(self, base_url: str, credential: Credential, *, connections: int, timeout: float) -> None:
        self._url, self._timeout, self._secret = partial(_url, base_url), timeout, credential.secret
        self._client = httpx.AsyncClient(
            transport=_SignedAsyncTransport(credential, connections),
            timeout=_timeouts(timeout),
            headers=_HEADERS,
        )

    async def ask(self, method: str, path: str, params: Mapping[str, str]) -> Reply | TransportError:
        """Send a request, and return the reply or the reason why there is none."""
        body = bytearray()
        try:
            async with (
                asyncio.timeout(self._timeout),
                self._client.stream(method, self._url(path, params)) as response,
            ):
                async for chunk in response.aiter_bytes():
                    _extend(body, chunk)
            return _reply(response, body, self._secret)
        except _FAILURES as error:
            failure = _failure(error, self._timeout)
        return failure

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()


def _limits(connections: int) -> httpx.Limits:
    return httpx.Limits(
        max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=30
    )


def _timeouts(timeout: float) -> httpx.Timeout:
    return httpx.Timeout(timeout, connect=min(timeout, _CONNECT_SECONDS))


def _url(base_url: str, path: str, params: Mapping[str, str]) -> str:
    # Quicker than to have httpx merge them.
    return f"{base_url}{path}?{urlencode(params)}" if params else f"{base_url}{path}"


def _signed(request: httpx.Request, credential: Credential) -> httpx.Request:
    url, headers = request.url, request.headers
    if credential.is_token:
        headers = httpx.Headers(headers.raw)
        headers["authorization"] = f"Bearer {credential.secret}"
    else:
        url = httpx.URL(f"{url}{'&' if url.query else '?'}{urlencode({'api_key': credential.secret})}")
    # Without the stream: a request rebuilt with one is sent with a chunked body, which a GET must not have.
    return httpx.Request(request.method, url, headers=headers, extensions=request.extensions)


def _extend(body: bytearray, chunk: bytes) -> None:
    body += chunk
    if len(body) > _LARGEST_BYTES:
        raise _TooLargeError("")


def _reply(response: httpx.Response, body: bytearray, secret: str) -> Reply:
    if (
        response.status_code != HTTPStatus.OK
    ):  # its words end in errors and logs, and may repeat the credential
        body = body.replace(secret.encode(), b"***")
    return Reply(response.status_code, bytes(body), response.headers.get("retry-after"))


def _failure(error: BaseException, timeout: float) -> TransportError:
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__

    def is_caused_by(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if is_caused_by(_TooLargeError):
        words = f"the answer is larger than {_LARGEST_BYTES // 1_000_000} MB: report it"
    elif is_caused_by(socket.gaierror):
        words = "the server's name cannot be resolved: check the network and TMDB_BASE_URL"
    elif is_caused_by(ConnectionRefusedError):
        words = "the connection was refused: check TMDB_BASE_URL, or ask later"
    elif is_caused_by(TimeoutError, httpx.TimeoutException) and not is_caused_by(
        aiohttp.ServerDisconnectedError, aiohttp.ClientOSError
    ):
        words = f"no complete answer came within {timeout:g} s: ask later"
    else:
        words = "the connection broke before the answer was complete: check the network, or ask later"
    return TransportError(f"{words}.")
