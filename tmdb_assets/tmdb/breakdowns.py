"""Breakdowns: what httpx and aiohttp raise when no answer comes, as our own error in our own words.

httpx-aiohttp does not keep httpx's errors: refused, unresolved and reset all come as a timeout of the
connection. So the reason is looked for among the causes.
"""

import socket
import ssl

import aiohttp
import httpx
from aiohttp.http_exceptions import HttpProcessingError

from tmdb_assets.tmdb.bodies import BodyError
from tmdb_assets.tmdb.errors import TransportError
from tmdb_assets.tmdb.timeouts import Timeouts

__all__ = ["failure"]

_FORESEEN = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    aiohttp.ClientError,
    HttpProcessingError,
    OSError,
    UnicodeError,
)


def failure(error: Exception, timeouts: Timeouts) -> TransportError:
    """Return the error that says why no answer came, and what to do.

    Parameters
    ----------
    error
        Whatever was raised; nothing of it is kept, since it shows the address.
    timeouts
        What the request was given.
    """
    if isinstance(error, BodyError):
        refused = TransportError(f"{error}.")
        refused.retryable = error.may_pass
        return refused
    if not isinstance(error, _FORESEEN):
        unforeseen = TransportError(f"the request failed unforeseen ({type(error).__name__}): report it.")
        unforeseen.retryable = False
        return unforeseen
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    reasons = (words for kinds, words in _REASONS if any(isinstance(cause, kinds) for cause in causes))
    words = next(reasons, _BROKEN)
    connect = timeouts.connect or timeouts.total
    return TransportError(
        f"{words.format(connect=connect, quiet=timeouts.read or timeouts.total, total=timeouts.total)}."
    )


_BROKEN = "the connection broke before the answer was complete: check the network, or ask later"
# In the order in which they are looked for: httpx-aiohttp puts a timeout around most of the others.
_REASONS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    (
        (socket.gaierror, UnicodeError),
        "the server's name cannot be resolved: check the network and TMDB_BASE_URL",
    ),
    (
        (ConnectionRefusedError,),
        "the connection was refused: check TMDB_BASE_URL, or ask later",
    ),
    (
        (ssl.SSLCertVerificationError,),
        "the server's certificate cannot be trusted: check TMDB_BASE_URL, the clock and the network",
    ),
    (
        (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, ssl.SSLError),
        _BROKEN,
    ),
    (
        (aiohttp.ConnectionTimeoutError,),
        "no connection was made within {connect:g} s: check the network, or ask later",
    ),
    (
        (aiohttp.SocketTimeoutError, httpx.ReadTimeout),
        "the server sent nothing for {quiet:g} s: ask later",
    ),
    (
        (httpx.ConnectTimeout,),
        "no connection was made within {connect:g} s: check the network, or ask later",
    ),
    (
        (TimeoutError, httpx.TimeoutException),
        "no complete answer came within {total:g} s: ask later",
    ),
)
