"""The rules of the HTTP cache: what may be kept, for how long it stands, and how it is renewed."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

import msgspec

from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.errors import TMDBError
from tmdb_assets.tmdb.exchange import Answer, Reply

__all__ = ["Cache", "Caching", "StoredAnswer", "cache_key", "fresh_seconds", "is_cacheable"]

T = TypeVar("T")


class StoredAnswer(msgspec.Struct, frozen=True):
    """An answer as a cache keeps it, ``body`` untouched and decompressed.

    ``answered_at`` is when TMDB sent it, or last said that it still holds, in UTC; for ``fresh_seconds`` from
    then on nobody needs to ask. ``etag`` is TMDB's name for this body, ``""`` where it gave none.
    """

    body: bytes
    etag: str
    answered_at: datetime
    fresh_seconds: float


class Cache(Protocol):
    """A place for answers, such as ``MemoryCache`` or ``DiskCache``; threads and clients may share it.

    It raises nothing: what it cannot find or read is ``None``, what it cannot keep is gone. What is fresh is
    not its business.
    """

    @property
    def max_age(self) -> float:
        """After how many seconds TMDB is asked at the latest, whatever it allowed."""
        ...

    def get(self, key: str) -> StoredAnswer | None:
        """Return what is kept under a key, fresh or not; ``None`` where nothing is.

        Parameters
        ----------
        key
            What names the question: 64 hexadecimal digits.
        """
        ...

    def put(self, key: str, stored: StoredAnswer) -> None:
        """Keep an answer, in place of the one under its key.

        Parameters
        ----------
        key
            What names the question: 64 hexadecimal digits.
        stored
            The answer.
        """
        ...


class Caching:
    """One question's dealings with a cache.

    Parameters
    ----------
    cache, key
        Where the answer is kept, and under which name.
    """

    def __init__(self, cache: Cache, key: str) -> None:
        self._cache = cache
        self._key = key
        self._stored: StoredAnswer | None = None
        self._is_used = False
        self._reply: Reply | None = None

    def recalled(self, now: datetime) -> Reply | None:
        """Return the answer that is kept, while it is fresh.

        What was given out once is not given out again: who comes back could not read it.
        """
        self._reply = None
        self._stored = None if self._is_used else self._cache.get(self._key)
        if self._stored and _is_fresh(self._stored, now, self._cache.max_age):
            return self._used(self._stored, {})
        return None

    @property
    def condition(self) -> Mapping[str, str]:
        """The headers that ask for a body only if it is not the one that is kept."""
        return {"if-none-match": self._stored.etag} if self._stored and self._stored.etag else {}

    def completed(self, reply: Reply | TMDBError) -> Reply | TMDBError:
        """Return what came, with the body that is kept where TMDB said that it still holds."""
        self._reply = reply if isinstance(reply, Reply) else None
        if self._reply and self._reply.status == HTTPStatus.NOT_MODIFIED and self._stored and self.condition:
            return self._used(self._stored, self._reply.headers)
        return reply

    @property
    def is_hit(self) -> bool:
        """Whether nothing had to be sent for the answer."""
        return self._is_used and self._reply is None

    def settled(self, answer: Answer[T]) -> Answer[T]:
        """Keep what came, now that it could be read; date what did not come but was kept."""
        if self._reply is not None:
            if stored := _to_store(answer, self._reply, self._stored):
                self._cache.put(self._key, stored)
        elif self._stored is not None:
            # The attempt that found it sent nothing.
            return replace(answer, attempts=answer.attempts - 1, answered_at=self._stored.answered_at)
        return answer

    def _used(self, stored: StoredAnswer, headers: Mapping[str, str]) -> Reply:
        self._is_used = True
        return Reply(HTTPStatus.OK, stored.body, headers, is_stored=True)


def is_cacheable(endpoint: Endpoint[Any]) -> bool:
    """Return whether everybody who asks this is answered alike."""
    is_personal = endpoint.path.startswith(_PERSONAL_PATHS) or not _PERSONAL_PARAMS.isdisjoint(
        endpoint.params
    )
    return endpoint.method == "GET" and not is_personal


def cache_key(base_url: str, endpoint: Endpoint[Any]) -> str:
    """Return the name of a question: the same for all credentials, another one for another language.

    It is a hash: what was asked cannot be read in it.
    """
    query = urlencode(sorted(endpoint.params.items()))
    question = f"{endpoint.method} {base_url}{endpoint.path}?{query}"
    return hashlib.sha256(question.encode()).hexdigest()


def fresh_seconds(headers: Mapping[str, str]) -> float | None:
    """Return for how long a reply may stand for the next one; None when it must not be kept at all.

    Sources: RFC 9111, 4.2 and 5.2.2. Credentials share what is kept, so ``private`` forbids it.
    """
    directives: dict[str, str] = {}
    for each in headers.get("cache-control", "").split(","):
        name, _, value = each.partition("=")
        directives.setdefault(name.strip().lower(), value.strip(' "'))
    if not directives.keys().isdisjoint({"no-store", "private"}):
        return None
    if "no-cache" in directives:
        return 0.0
    allowed = _seconds(directives.get("s-maxage", directives.get("max-age", "")))
    return max(0.0, allowed - _seconds(headers.get("age", "").split(",")[0]))


_PERSONAL_PATHS = ("/account", "/authentication", "/guest_session")
_PERSONAL_PARAMS = frozenset({"session_id", "guest_session_id"})
_LONGEST_SECONDS = 2.0**31  # RFC 9111, 1.2.2: what a greater number means


def _is_fresh(stored: StoredAnswer, now: datetime, max_age: float) -> bool:
    # An answer of the future was kept before the clock was set back: its age is not known.
    return 0 <= (now - stored.answered_at).total_seconds() < min(stored.fresh_seconds, max_age)


def _to_store(answer: Answer[Any], reply: Reply, before: StoredAnswer | None) -> StoredAnswer | None:
    seconds = fresh_seconds(reply.headers)
    etag = reply.headers.get("etag", "")
    if reply.status == HTTPStatus.NOT_MODIFIED and before:
        etag = etag or before.etag
        if "cache-control" not in reply.headers:
            seconds = before.fresh_seconds
    elif reply.status != HTTPStatus.OK:
        return None
    if seconds is None or not (seconds or etag):
        return None
    return StoredAnswer(answer.body, etag, answer.answered_at, seconds)


def _seconds(text: str) -> float:
    text = text.strip()
    if not (text.isascii() and text.isdecimal()):
        return 0.0
    return min(float(text), _LONGEST_SECONDS)
