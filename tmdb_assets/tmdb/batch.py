"""Batches: many questions at a time, failures as values beside successes, in the order of the questions."""

import copy
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeAlias, TypeVar

from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.errors import AuthenticationError, TMDBError, TransportError

__all__ = ["HELD_PER_CONNECTION", "Batch", "ProgressCallback", "Stream"]

T = TypeVar("T")

ProgressCallback: TypeAlias = Callable[[int, int], object]
"""Is told how many are done, and of how many."""

logger = logging.getLogger("tmdb_assets.tmdb")

HELD_PER_CONNECTION = 25
"""How many outcomes a stream holds for each question on its way: what the slowest of them keeps waiting."""

_TRANSPORT_ERRORS_IN_A_ROW = 10


class Batch(list["T | TMDBError"], Generic[T]):
    """What became of each id, in the order in which the ids were given: a list of values and errors.

    Parameters
    ----------
    ids
        TMDB's ids, as they were given; one may be there twice.
    outcomes
        The value or the error of each.
    """

    def __init__(self, ids: Iterable[int], outcomes: "dict[int, T | TMDBError]") -> None:
        self.ids = tuple(ids)
        super().__init__(outcomes[id_] for id_ in self.ids)

    @property
    def found(self) -> list[T]:
        """The values, without the failures."""
        return [outcome for outcome in self if not isinstance(outcome, TMDBError)]

    @property
    def failed(self) -> dict[int, TMDBError]:
        """The failures by id."""
        return {
            id_: outcome
            for id_, outcome in zip(self.ids, self, strict=True)
            if isinstance(outcome, TMDBError)
        }


class Stream(Generic[T]):
    """Questions on their way: which to ask next, which outcomes are due, and whether to go on.

    It holds a bounded number of outcomes, however many questions there are. It stops asking when nothing can
    come of going on: the credential is refused, or ten questions in a row, after all their attempts, got no
    answer. What was not asked then has the error that stopped it for an outcome.

    Parameters
    ----------
    endpoints
        The questions; taken one by one as they can be asked.
    most_held
        How many may be asked and not yet told.
    on_done
        Is told how many are done.
    """

    def __init__(
        self,
        endpoints: Iterable[Endpoint[T]],
        most_held: int,
        on_done: Callable[[int], object] | None = None,
    ) -> None:
        self._endpoints = iter(endpoints)
        self._most_held = most_held
        self._asked = 0
        self._done = 0
        self._told = 0
        self._on_done = on_done
        self._outcomes: dict[int, T | TMDBError] = {}
        self._broken = 0
        self._stopped_by: TMDBError | None = None

    def next_question(self) -> tuple[int, Endpoint[T]] | None:
        """Return the next question and its number; ``None`` when there is none, or not before one is told."""
        if self._stopped_by is not None or self._asked - self._told >= self._most_held:
            return None
        for endpoint in self._endpoints:
            self._asked += 1
            return self._asked - 1, endpoint
        return None

    def done(self, number: int, outcome: T | TMDBError) -> None:
        """Note what became of a question."""
        self._outcomes[number] = outcome
        self._done += 1
        if self._on_done is not None:
            self._on_done(self._done)
        is_broken = isinstance(outcome, TransportError) and outcome.is_sent
        self._broken = self._broken + 1 if is_broken else 0
        if self._stopped_by is not None:
            return
        if isinstance(outcome, AuthenticationError):
            self._stop(outcome)
        elif self._broken == _TRANSPORT_ERRORS_IN_A_ROW:
            self._stop(
                TransportError(
                    f"The batch was stopped after {self._broken} requests in a row without an answer: "
                    "check the network and TMDB_BASE_URL, then ask for the rest again."
                )
            )

    def due(self) -> Iterator[T | TMDBError]:
        """Yield the outcomes that are next in the order of the questions."""
        while self._told in self._outcomes:
            outcome = self._outcomes.pop(self._told)
            self._told += 1
            yield outcome
        if self._stopped_by is not None and self._told == self._asked:
            for _ in self._endpoints:
                yield copy.copy(self._stopped_by)

    def _stop(self, error: TMDBError) -> None:
        self._stopped_by = error
        logger.error("%s (%d questions were asked; the rest is not.)", error, self._asked)
