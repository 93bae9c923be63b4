"""Breakdowns: what a library raises when no answer comes, as our own error in our own words."""

import socket
import ssl
from typing import NamedTuple, TypeAlias

from tmdb_assets.tmdb.errors import TransportError
from tmdb_assets.tmdb.timeouts import Timeouts
from tmdb_assets.tmdb.transport.bodies import BodyError

__all__ = ["Reasons", "failure"]

Kinds: TypeAlias = tuple[type[BaseException], ...]


class Reasons(NamedTuple):
    """What a library raises, by what it means; ``foreseen`` is everything that it may raise."""

    foreseen: Kinds
    broken: Kinds
    unconnected: Kinds
    silent: Kinds
    slow: Kinds


def failure(error: Exception, timeouts: Timeouts, reasons: Reasons) -> TransportError:
    """Return the error that says why no answer came, and what to do.

    Parameters
    ----------
    error
        Whatever was raised; nothing of it is kept, since it shows the address.
    timeouts
        What the request was given.
    reasons
        How the library's exceptions are to be read.
    """
    if isinstance(error, BodyError):
        refused = TransportError(f"{error}.")
        refused.retryable = error.may_pass
        return refused
    if not isinstance(error, (*reasons.foreseen, OSError, UnicodeError)):
        unforeseen = TransportError(f"the request failed unforeseen ({type(error).__name__}): report it.")
        unforeseen.retryable = False
        return unforeseen
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    words = next(
        words for kinds, words in _words(reasons) if any(isinstance(cause, kinds) for cause in causes)
    )
    connect = timeouts.connect or timeouts.total
    return TransportError(
        f"{words.format(connect=connect, quiet=timeouts.read or timeouts.total, total=timeouts.total)}."
    )


def _words(reasons: Reasons) -> tuple[tuple[Kinds, str], ...]:
    """Return what to say of which cause; the first that is found counts."""
    return (
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
            reasons.unconnected,
            "no connection was made within {connect:g} s: check the network, or ask later",
        ),
        (
            reasons.silent,
            "the server sent nothing for {quiet:g} s: ask later",
        ),
        (
            (*reasons.broken, ssl.SSLError),
            _BROKEN,
        ),
        (
            (*reasons.slow, TimeoutError),
            "no complete answer came within {total:g} s: ask later",
        ),
        (
            (BaseException,),
            _BROKEN,
        ),
    )


_BROKEN = "the connection broke before the answer was complete: check the network, or ask later"
