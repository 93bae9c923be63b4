"""Everything that can go wrong between TMDB and a client, in one list: what the server does, what that is."""

import gzip
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tmdb_assets.tmdb import (
    AuthenticationError,
    DecodeError,
    NotFoundError,
    RateLimitError,
    ServerError,
    Timeouts,
    TMDBError,
    TransportError,
    ValidationError,
)
from tmdb_assets_tests.tmdb.odd_server import Act, Peer, reply

_BODY = b'{"id":1,"title":"Film 1","overview":"' + b"Long enough to be cut. " * 400 + b'"}'
_ZIPPED = gzip.compress(_BODY)
_BOMB = gzip.compress(b" " * 60_000_000, 1)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_HTML = b"<html><body>One moment, please</body></html>"
_LIMIT = b'{"status_code":25,"status_message":"Your request count is over the allowed limit."}'


@dataclass(frozen=True)
class Fault:
    """What a server does, the error that it is when it stays, whether asking again helps, what is said."""

    name: str
    act: Act
    kind: type[TMDBError] | tuple[type[TMDBError], ...]
    is_retried: bool = True
    says: str = "answer"
    timeouts: Timeouts = Timeouts(10)  # noqa: RUF009 -- it is frozen

    def __str__(self) -> str:
        return self.name


def _says(*pieces: bytes, pause: float = 0.0) -> Act:
    def act(peer: Peer) -> None:
        peer.send(*pieces, pause=pause)

    return act


def _answers(body: bytes, status: str = "200 OK", *headers: str) -> Act:
    def act(peer: Peer) -> None:
        peer.send(reply(body, status, *headers))
        peer.is_kept = True

    return act


def _redirects(status: str) -> Act:
    def act(peer: Peer) -> None:  # back to itself, the credential in the address
        peer.send(reply(b"", status, f"Location: {peer.target}"))
        peer.is_kept = True

    return act


def _breaks(*pieces: bytes) -> Act:
    def act(peer: Peer) -> None:
        peer.send(*pieces)
        peer.reset()

    return act


def _floods(head: bytes) -> Act:
    def act(peer: Peer) -> None:
        peer.send(head, *[b" " * 1_000_000] * 60)

    return act


def _says_nothing(*pieces: bytes) -> Act:
    def act(peer: Peer) -> None:
        peer.send(*pieces)
        peer.wait_for_hangup()

    return act


def _drips(*pieces: bytes) -> Act:
    def act(peer: Peer) -> None:
        peer.send(*pieces, *[b"x"] * 200, pause=0.02)

    return act


def _limits(*headers: str) -> Act:
    return _answers(_LIMIT, "429 Too Many Requests", *headers)


BROKE = "broke before"
SLOW = "no complete answer came within 0.15 s"
_SOON = Timeouts(0.15)
_QUIET = Timeouts(10, read=0.15)


def _waits() -> list[Fault]:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    return [
        Fault(f"429 {name}", _limits(*headers), RateLimitError)
        for name, headers in {
            "alone": (),
            "for seconds": ("Retry-After: 3",),
            "for a fraction": ("Retry-After: 0.02",),
            "until a date": (f"Retry-After: {later}",),
            "for nonsense": ("Retry-After: soon",),
            "for ever": ("Retry-After: 1e999",),
            "until a nonsense date": ("Retry-After: Fri, 99 Foo 2026 99:99:99 +9999",),
            "for \xff": ("Retry-After: \xff\xfe",),
            "legacy": ("X-RateLimit-Remaining: 0", "X-RateLimit-Reset: -7"),
        }.items()
    ]


def _refusals() -> list[Fault]:
    return [
        Fault(
            "401", _answers(b'{"status_code":7}', "401 Unauthorized"), AuthenticationError, is_retried=False
        ),
        Fault("404", _answers(b'{"status_code":34}', "404 Not Found"), NotFoundError, is_retried=False),
        Fault(
            "422",
            _answers(b'{"errors":["page"]}', "422 Unprocessable Entity"),
            ValidationError,
            is_retried=False,
        ),
        Fault("304 unasked", _answers(b"", "304 Not Modified"), TransportError, is_retried=False),
        *(
            Fault(f"redirect {status}", _redirects(status), TransportError, is_retried=False)
            for status in ("301 Moved Permanently", "302 Found", "307 Temporary Redirect")
        ),
        Fault("500 JSON", _answers(b'{"status_code":11,"status_message":"Oops"}', "500 Oops"), ServerError),
        Fault("502 HTML", _answers(_HTML, "502 Bad Gateway", "Content-Type: text/html"), ServerError),
        Fault("503", _answers(b"", "503 Service Unavailable", "Retry-After: 0.01"), ServerError),
        Fault("504", _answers(b"", "504 Gateway Timeout"), ServerError),
        Fault("999", _answers(b"", "999 Odd"), ServerError),
    ]


def _bodies() -> list[Fault]:
    zipped = "Content-Encoding: gzip"
    return [
        Fault("truncated JSON", _answers(_BODY[:4000]), DecodeError),
        Fault("truncated gzip", _answers(_ZIPPED[: len(_ZIPPED) // 2], "200 OK", zipped), DecodeError),
        Fault("damaged gzip", _answers(b"no gzip at all", "200 OK", zipped), TransportError, says="damaged"),
        Fault("empty", _answers(b""), DecodeError),
        Fault("empty gzip", _answers(b"", "200 OK", zipped), DecodeError),
        Fault("204", _says(b"HTTP/1.1 204 No Content\r\n\r\n"), DecodeError),
        Fault("HTML", _answers(_HTML, "200 OK", "Content-Type: text/html"), DecodeError),
        Fault("no UTF-8", _answers(b'{"id":1,"title":"\xff\xfe"}'), DecodeError),
        Fault("wrong types", _answers(b'{"id":"one","title":7}'), DecodeError, is_retried=False),
        Fault("wrong shape", _answers(b"[1, 2, 3]"), DecodeError, is_retried=False),
        Fault("gzip bomb", _answers(_BOMB, "200 OK", zipped), TransportError, is_retried=False, says="50 MB"),
        Fault(
            "gzip, gzip",
            _answers(gzip.compress(_BOMB), "200 OK", zipped + ", gzip"),
            TransportError,
            is_retried=False,
            says="not asked",
        ),
        Fault(
            "br",
            _answers(b"\x1b", "200 OK", "Content-Encoding: br"),
            TransportError,
            is_retried=False,
            says="not asked",
        ),
        Fault(
            "deflate",
            _answers(zlib.compress(_BODY), "200 OK", "Content-Encoding: deflate"),
            TransportError,
            is_retried=False,
            says="not asked",
        ),
        Fault(
            "empty gzip members",
            _answers(gzip.compress(b"") * 60_000, "200 OK", zipped),
            TransportError,
            says="damaged",
        ),
        Fault(
            "huge",
            _floods(_HEAD + b"Content-Length: 60000000\r\n\r\n"),
            TransportError,
            is_retried=False,
            says="50 MB",
        ),
        Fault(
            "huge, endless",
            _floods(_HEAD + b"Connection: close\r\n\r\n"),
            TransportError,
            is_retried=False,
            says="50 MB",
        ),
        Fault("longer than said", _floods(reply(b'{"id":', length=6)), (DecodeError, TransportError)),
        Fault("shorter than said", _says(reply(_BODY, length=60_000_000)), TransportError, says=BROKE),
    ]


def _breakdowns() -> list[Fault]:
    chunked = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    return [
        Fault("reset before the head", _breaks(), TransportError, says=BROKE),
        Fault("reset in the head", _breaks(_HEAD), TransportError, says=BROKE),
        Fault("reset in the body", _breaks(reply(_BODY, length=20_000)), TransportError, says=BROKE),
        Fault("closed before the head", _says(), TransportError, says=BROKE),
        Fault("closed in the head", _says(_HEAD), TransportError, says=BROKE),
        Fault("closed in the body", _says(reply(_BODY, length=20_000)), TransportError, says=BROKE),
        Fault("closed in a chunk", _says(chunked + b"ffff\r\n{"), TransportError, says=BROKE),
        Fault("closed between chunks", _says(chunked + b"1\r\n{\r\n"), TransportError, says=BROKE),
        Fault("an odd chunk", _says(chunked + b"zz\r\n{}\r\n"), TransportError, says=BROKE),
        Fault("no HTTP", _says(b"what?\r\n\r\n"), TransportError, says=BROKE),
        Fault(
            "HTTP/2", _says(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18)), TransportError, says=BROKE
        ),
        Fault("an odd status", _says(b"HTTP/1.1 abc OK\r\n\r\n"), TransportError, says=BROKE),
        Fault("an odd length", _says(_HEAD + b"Content-Length: many\r\n\r\n{}"), TransportError, says=BROKE),
        Fault(
            "a header of 200 kB",
            _says(_HEAD + b"X: " + b"x" * 200_000 + b"\r\n\r\n{}"),
            TransportError,
            says=BROKE,
        ),
        Fault(
            "headers of 200 kB",
            _says(_HEAD + b"X: 01234567\r\n" * 16_000 + b"\r\n{}"),
            TransportError,
            says=BROKE,
        ),
        Fault("silent", _says_nothing(), TransportError, says="nothing for 0.15 s", timeouts=_QUIET),
        Fault("silent, in all", _says_nothing(), TransportError, says="0.15 s", timeouts=_SOON),
        Fault(
            "silent in the body",
            _says_nothing(reply(_BODY, length=20_000)),
            TransportError,
            says="nothing for 0.15 s",
            timeouts=_QUIET,
        ),
        Fault("drips the head", _drips(_HEAD + b"X: "), TransportError, says=SLOW, timeouts=_SOON),
        Fault("drips the body", _drips(reply(b"{", length=300)), TransportError, says=SLOW, timeouts=_SOON),
        Fault(
            "continues for ever",
            _says(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 200, pause=0.02),
            TransportError,
            says=SLOW,
            timeouts=_SOON,
        ),
    ]


FAULTS = [*_waits(), *_refusals(), *_bodies(), *_breakdowns()]
