"""Meters: who is told of each request that a client sends and each wait, and may refuse the next one."""

from typing import Literal, NamedTuple, Protocol

__all__ = ["Meter", "Wait", "WhyWaiting"]

WhyWaiting = Literal["asked", "budget", "trouble"]


class Wait(NamedTuple):
    """Why a question is held back.

    Attributes
    ----------
    seconds
        For how long, from now.
    why
        ``asked``: TMDB asks to slow down; ``budget``: the next slot of the rate limit is so far away;
        ``trouble``: what came is worth asking again for.
    status
        HTTP's, of the reply that is the reason; None where none came.
    attempt, attempts
        Which attempt comes next, of how many.
    """

    seconds: float
    why: WhyWaiting
    status: int | None = None
    attempt: int = 1
    attempts: int = 1


class Meter(Protocol):
    """What a client tells of its requests, as they happen; what it raises ends the work, as it is."""

    is_remote: bool
    """Whether ``admit`` waits for a disk or a network: an event loop calls it in a thread then."""

    def begin(self) -> None:
        """Take that a question's turn has come, before it waits for the rate limit.

        It may raise what ``admit`` would raise, where that is known already.
        """
        ...

    def end(self) -> None:
        """Take that its turn is over, with an answer or without."""
        ...

    def admit(self) -> None:
        """Count a request that is sent now, or raise why none may be sent any more."""
        ...

    def add(self, **more: float) -> None:
        """Take what is added to the client's usage, under the names of ``Usage``."""
        ...

    def waits(self, wait: Wait) -> None:
        """Take that a question is held back."""
        ...
