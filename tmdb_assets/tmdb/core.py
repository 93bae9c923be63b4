"""What both clients are made of: their options, their running totals, the files that they write."""

import math
import os
import uuid
import warnings
import weakref
from pathlib import Path
from typing import TypeVar

from tmdb_assets.settings import DEFAULT_IMAGE_BASE_URL, Settings, checked_base_url
from tmdb_assets.tmdb.caches.rules import Cache, Caching, cache_key, is_cacheable
from tmdb_assets.tmdb.conversation import Conversation
from tmdb_assets.tmdb.credentials import Credential
from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.errors import RateLimitError, TMDBError, TransportError
from tmdb_assets.tmdb.exchange import Answer, RetryPolicy
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.tmdb.limiter import PACE, Limiter
from tmdb_assets.tmdb.limiter_local import LocalLimiter, shared_path
from tmdb_assets.tmdb.meter import Meter
from tmdb_assets.tmdb.models import MovieDetails
from tmdb_assets.tmdb.options import checked
from tmdb_assets.tmdb.timeouts import Timeouts
from tmdb_assets.tmdb.usage import Counter, Counters, Usage, UsageCounter

__all__ = ["ClientCore"]

T = TypeVar("T")


class ClientCore:
    """The options of a client, as ``TMDBClient`` explains them, and what both kinds do with them."""

    meter: Meter | None = None
    """Who is told of each request that is sent from now on, and may refuse it."""

    def __init__(  # noqa: PLR0913 - a client's options, each with a default
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        language: str | None = None,
        region: str | None = None,
        requests_per_second: float | None = None,
        max_concurrent: int | None = None,
        timeout: float | Timeouts | None = None,
        output_dir: Path | str | None = None,
        retry: RetryPolicy | None = None,
        limiter: Limiter | None = None,
        cache: Cache | None = None,
        image_base_url: str | None = None,
    ) -> None:
        self._is_open = False
        settings = Settings.load()
        self._credential = Credential.parse(api_key or settings.api_key)
        self.base_url = checked_base_url(base_url) if base_url else settings.effective_base_url
        self.language = language or settings.language
        self.region = region or settings.region
        self.requests_per_second = checked(
            "requests_per_second",
            settings.requests_per_second if requests_per_second is None else requests_per_second,
            "a number above 0",
            lambda rate: 0 < rate < math.inf,
        )
        self.max_concurrent = checked(
            "max_concurrent",
            settings.max_concurrent if max_concurrent is None else max_concurrent,
            "a whole number from 1 to 1000",
            lambda count: count in range(1, 1001),
        )
        self.timeouts = Timeouts.of(settings.timeout_seconds if timeout is None else timeout)
        self.output_dir = Path(output_dir) if output_dir is not None else None
        self.retry = retry or RetryPolicy()
        self.images = ImageURLs(
            checked_base_url(image_base_url, "image_base_url", DEFAULT_IMAGE_BASE_URL)
            if image_base_url
            else settings.effective_image_base_url
        )
        self._limiter = limiter or self._shared_limiter(settings.limiter)
        self._limiter_is_remote = getattr(self._limiter, "is_remote", False)
        self._cache = cache
        self._counter = UsageCounter()
        self._make_locks()
        _clients.add(self)

    def _make_locks(self) -> None:
        """Make the client's own locks, free ones."""

    def _after_fork(self) -> None:
        if (transport := vars(self).pop("_transport", None)) is not None:
            _inherited.append(transport)  # to close it would disturb the parent's answers
        self._is_open = False
        self._counter = UsageCounter(self.usage)
        self._make_locks()

    @property
    def usage(self) -> Usage:
        """What was asked so far, and how it went: a snapshot."""
        return self._counter.total

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r}, requests_per_second={self.requests_per_second:g})"

    def __del__(self) -> None:
        if getattr(self, "_is_open", False):
            words = f"{self!r} was never closed; use it in a with block"
            warnings.warn(words, ResourceWarning, source=self, stacklevel=3)

    def _converse(
        self, endpoint: Endpoint[T], counter: Counter | None = None
    ) -> tuple[Endpoint[T], Conversation[T]]:
        if not isinstance(endpoint, Endpoint):  # pyright: ignore[reportUnnecessaryIsInstance] -- an id, say
            raise TypeError(f"{endpoint!r} is no Endpoint; endpoints.movies.details(550) is one.")
        filled = endpoint.filled({"language": self.language, "region": self.region})
        caching = None
        if self._cache is not None and is_cacheable(filled):
            caching = Caching(self._cache, cache_key(self.base_url, filled))
        counters = Counters(self._counter, counter, self.meter) if counter or self.meter else self._counter
        return filled, Conversation(filled, self.retry, counters, caching, self.meter)

    def _slot_refused(self, seconds: float) -> RateLimitError:
        error = RateLimitError(
            f"the budget of {self.requests_per_second:g} requests a second is taken for the next "
            f"{seconds:.1f} s: ask again then."
        )
        error.retry_after = seconds
        return error

    @property
    def _longest_place_wait(self) -> float:
        return min(self.timeouts.pool or math.inf, self.retry.longest_slot_wait)

    def _no_place(self) -> TMDBError:
        if self.retry.longest_slot_wait < (self.timeouts.pool or math.inf):
            return self._slot_refused(self.retry.longest_slot_wait)
        error = TransportError(
            f"all {self.max_concurrent} connections were busy for {self.timeouts.pool:g} s: ask later, or "
            "raise max_concurrent."
        )
        error.is_sent = False
        return error

    def _keep(self, answer: Answer[MovieDetails]) -> MovieDetails:
        """Write a film's answer, untouched, beside the place and renamed over it, when files are wanted."""
        if self.output_dir is not None:
            folder = self.output_dir / "movies"
            folder.mkdir(parents=True, exist_ok=True)
            part = folder / f".{answer.value.id}.{uuid.uuid4().hex}.part"
            try:
                part.write_bytes(answer.body)
                part.replace(folder / f"{answer.value.id}.json")
            except OSError:
                part.unlink(missing_ok=True)
                raise
        return answer.value

    def _shared_limiter(self, store: str) -> Limiter:
        path = shared_path(self.base_url, self._credential.secret)
        local = LocalLimiter(path, PACE * self.requests_per_second)
        if store == "local":
            return local
        from tmdb_assets.tmdb.limiter_redis import RedisLimiter  # noqa: PLC0415 - an extra

        key = f"tmdb_assets:limiter:{path.name}"
        return RedisLimiter(store, key, local.requests_per_second, standby=local)


_inherited: list[object] = []
_clients = weakref.WeakSet[ClientCore]()


def _after_fork() -> None:
    """Give the clients of a forked child connections and locks of their own; they had the parent's."""
    for client in list(_clients):
        client._after_fork()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_after_fork)
