"""What was computed once and is kept until the catalogue changes or there is too much of it."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Computed values by key.

    Parameters
    ----------
    most
        How many values are kept before all of them go.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[Hashable, T] = {}

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return the value of a key, computed the first time."""
        value = self._values.get(key)
        if value is None:
            if len(self._values) >= self._most:
                self._values.clear()
            value = self._values[key] = compute()
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()
