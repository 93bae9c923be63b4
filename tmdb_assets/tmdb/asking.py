"""What can ask an endpoint: one way that answers now, and one that is awaited."""

from typing import Protocol, TypeVar

from tmdb_assets.tmdb.endpoint import Endpoint

__all__ = ["Asks", "AsksAwaited"]

T = TypeVar("T")


class Asks(Protocol):
    """Sends an endpoint and answers its value."""

    def send(self, endpoint: Endpoint[T]) -> T:
        """Ask an endpoint, and return the value."""
        ...


class AsksAwaited(Protocol):
    """Sends an endpoint and answers its value, awaited."""

    async def send(self, endpoint: Endpoint[T]) -> T:
        """Ask an endpoint, and return the value."""
        ...
