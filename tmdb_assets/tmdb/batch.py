"""Batches: many ids at a time, failures as values beside successes."""

import logging
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from tmdb_assets.tmdb.errors import AuthenticationError, TMDBError, TransportError

__all__ = ["Batch", "BatchRun"]

T = TypeVar("T")

logger = logging.getLogger("tmdb_assets.tmdb")

_TRANSPORT_ERRORS_IN_A_ROW = 10


class Batch(list["T | TMDBError"], Generic[T]):
    """What became of each id, in the order in which the ids were given."""

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


class BatchRun(Generic[T]):
    """A batch under way: which id to ask for next, and whether to go on.

    It stops when nothing can come of going on: the credential is refused, or ten requests in a row, after all
    their attempts, got no answer. What was not asked then fails with the error that stopped it.

    Parameters
    ----------
    ids
        Repeated ones are asked once.
    progress_callback
        Is told how many ids are done, and of how many.
    """

    def __init__(
        self, ids: Iterable[int], progress_callback: Callable[[int, int], object] | None = None
    ) -> None:
        self._ids = list(ids)
        self._open = list(reversed(dict.fromkeys(self._ids)))
        self.total = len(self._open)
        self._progress_callback = progress_callback
        self._outcomes: dict[int, T | TMDBError] = {}
        self._broken = 0
        self._stopped_by: TMDBError | None = None

    def next_id(self) -> int | None:
        """Return the next id, or ``None`` when there is none or the batch has stopped."""
        return self._open.pop() if self._open and self._stopped_by is None else None

    def done(self, id_: int, outcome: T | TMDBError) -> None:
        """Note what became of an id."""
        self._outcomes[id_] = outcome
        self._broken = self._broken + 1 if isinstance(outcome, TransportError) else 0
        if self._stopped_by is None:
            if isinstance(outcome, AuthenticationError):
                self._stop(outcome)
            elif self._broken == _TRANSPORT_ERRORS_IN_A_ROW:
                self._stop(
                    TransportError(
                        f"The batch was stopped after {self._broken} requests in a row without an answer: "
                        "check the network and TMDB_BASE_URL, then ask for the rest again."
                    )
                )
        if self._progress_callback is not None:
            self._progress_callback(len(self._outcomes), self.total)

    def result(self) -> Batch[T]:
        """Return what became of every id."""
        if self._stopped_by is not None:
            self._outcomes |= dict.fromkeys(self._open, self._stopped_by)
        return Batch(self._ids, self._outcomes)

    def _stop(self, error: TMDBError) -> None:
        self._stopped_by = error
        logger.error("%s (%d of %d ids were not asked for.)", error, len(self._open), self.total)
