"""The rate limit: a strict sliding window of one second."""

from collections import deque

WINDOW_SECONDS = 1.0


class SlidingWindow:
    """Admits at most so many requests in any second; refused ones do not count.

    Parameters
    ----------
    requests_per_second
        How many, at least 1; None admits all.
    """

    def __init__(self, requests_per_second: int | None) -> None:
        if requests_per_second is not None and requests_per_second < 1:
            raise ValueError(f"requests_per_second is {requests_per_second}; it must be 1 or more.")
        self._limit = requests_per_second
        self._admitted: deque[float] = deque(maxlen=requests_per_second)

    def admit(self, now: float) -> bool:
        """Say whether a request that arrives now is answered, and remember it if so."""
        if self._limit is None:
            return True
        if len(self._admitted) == self._limit and now - self._admitted[0] < WINDOW_SECONDS:
            return False
        self._admitted.append(now)
        return True
