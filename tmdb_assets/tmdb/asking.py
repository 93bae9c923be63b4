"""What can ask an endpoint: one way that answers now, and one that is awaited."""

from collections.abc import AsyncGenerator, Generator, Iterable
from typing import Any, Protocol, TypeVar

from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.errors import TMDBError

__all__ = ["Asks", "AsksAwaited"]

R = TypeVar("R")
T = TypeVar("T")


class Asks(Protocol):
    """Sends an endpoint and answers its value."""

    def send(self, endpoint: Endpoint[T]) -> T:
        """Ask an endpoint, and return the value."""
        ...

    def stream(
        self, endpoints: Iterable[Endpoint[T]], *, concurrent: int | None = None, ahead: int | None = None
    ) -> Generator[T | TMDBError]:
        """Ask many endpoints at a time, and yield the outcomes in their order."""
        ...

    def follow(self, plan: Generator[Endpoint[Any], Any, R]) -> R:
        """Ask what a plan asks for, one after the other, and return its result."""
        ...


class AsksAwaited(Protocol):
    """Sends an endpoint and answers its value, awaited."""

    async def send(self, endpoint: Endpoint[T]) -> T:
        """Ask an endpoint, and return the value."""
        ...

    def stream(
        self, endpoints: Iterable[Endpoint[T]], *, concurrent: int | None = None, ahead: int | None = None
    ) -> AsyncGenerator[T | TMDBError]:
        """Ask many endpoints at a time, and yield the outcomes in their order."""
        ...

    async def follow(self, plan: Generator[Endpoint[Any], Any, R]) -> R:
        """Ask what a plan asks for, one after the other, and return its result."""
        ...
