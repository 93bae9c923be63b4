"""Timeouts: for how long a request waits for what."""

from dataclasses import astuple, dataclass

from tmdb_assets.tmdb.options import checked_seconds

__all__ = ["KEEPALIVE_SECONDS", "Timeouts"]

KEEPALIVE_SECONDS = 30
"""For how long a connection that nobody uses stays open."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds after which a request is given up, each a number above 0; ``None`` sets no limit of its own.

    Parameters
    ----------
    total
        Until the answer is complete, however steadily it comes; the wait for the rate limit is not counted.
    connect
        Until there is a connection.
    read
        Until the server sends something, and between two pieces of an answer.
    pool
        Until one of the client's ``max_concurrent`` connections is free; by default as long as it takes.

    Raises
    ------
    ValueError
        When one of them is no number above 0.
    """

    total: float = 30.0
    connect: float | None = 10.0
    read: float | None = None
    pool: float | None = None

    def __post_init__(self) -> None:
        for value in astuple(self):
            if value is not None:
                checked_seconds("timeout", value)

    @classmethod
    def of(cls, timeout: "float | Timeouts") -> "Timeouts":
        """Return the timeouts; a number is taken as the total.

        Parameters
        ----------
        timeout
            Seconds, or timeouts.
        """
        return timeout if isinstance(timeout, Timeouts) else cls(timeout)
