"""What both clients are made of: their options, their running totals, the files that they write."""

import tempfile
import warnings
from pathlib import Path
from typing import TypeVar

from tmdb_assets.settings import DEFAULT_IMAGE_BASE_URL, Settings, checked_base_url
from tmdb_assets.tmdb.conversation import Conversation
from tmdb_assets.tmdb.credentials import Credential
from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.exchange import Answer, RetryPolicy
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.tmdb.limiter import PACE, Limiter, LocalLimiter, shared_path
from tmdb_assets.tmdb.models import MovieDetails
from tmdb_assets.tmdb.usage import Usage, UsageCounter

__all__ = ["ClientCore"]

T = TypeVar("T")


class ClientCore:
    """The options of a client, as ``TMDBClient`` explains them, and what both kinds do with them."""

    def __init__(  # noqa: PLR0913 - a client's options, each with a default
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        language: str | None = None,
        region: str | None = None,
        requests_per_second: float | None = None,
        max_concurrent: int | None = None,
        timeout: float | None = None,
        output_dir: Path | str | None = None,
        retry: RetryPolicy | None = None,
        limiter: Limiter | None = None,
        image_base_url: str | None = None,
    ) -> None:
        self._is_open = False
        settings = Settings.load()
        self._credential = Credential.parse(api_key or settings.api_key)
        self.base_url = checked_base_url(base_url) if base_url else settings.effective_base_url
        self.language = language or settings.language
        self.region = region or settings.region
        self.requests_per_second = _positive(
            "requests_per_second", requests_per_second, settings.requests_per_second
        )
        self.max_concurrent = int(_positive("max_concurrent", max_concurrent, settings.max_concurrent))
        self.timeout = _positive("timeout", timeout, settings.timeout_seconds)
        self.output_dir = Path(output_dir) if output_dir is not None else None
        self.retry = retry or RetryPolicy()
        self.images = ImageURLs(
            checked_base_url(image_base_url, "image_base_url", DEFAULT_IMAGE_BASE_URL)
            if image_base_url
            else settings.effective_image_base_url
        )
        self._limiter = limiter or self._shared_limiter(settings.limiter)
        self._counter = UsageCounter()
        self._prepare()

    def _prepare(self) -> None:
        """Make the client's own locks."""

    @property
    def usage(self) -> Usage:
        """What was asked so far, and how it went: a snapshot."""
        return self._counter.total

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r}, requests_per_second={self.requests_per_second:g})"

    def __del__(self) -> None:
        if getattr(self, "_is_open", False):
            words = f"{self!r} was never closed; use it in a with block"
            warnings.warn(words, ResourceWarning, source=self, stacklevel=2)

    def _converse(self, endpoint: Endpoint[T]) -> tuple[Endpoint[T], Conversation[T]]:
        filled = endpoint.filled({"language": self.language, "region": self.region})
        return filled, Conversation(filled, self.retry, self._counter)

    def _keep(self, answer: Answer[MovieDetails]) -> MovieDetails:
        """Write a film's answer, untouched, beside the place and renamed over it, when files are wanted."""
        if self.output_dir is not None:
            folder = self.output_dir / "movies"
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
                file.write(answer.body)
            Path(file.name).replace(folder / f"{answer.value.id}.json")
        return answer.value

    def _shared_limiter(self, kind: str) -> Limiter:
        if kind != "local":
            raise ValueError(
                "TMDB_ASSETS_LIMITER must be 'local': this version cannot share a limit through Redis."
            )
        path = shared_path(self.base_url, self._credential.secret)
        return LocalLimiter(path, PACE * self.requests_per_second)


def _positive(name: str, given: float | None, default: float) -> float:
    value = default if given is None else given
    if not 0 < value < float("inf"):
        raise ValueError(f"{name} is {value!r}; it must be a number above 0.")
    return value
