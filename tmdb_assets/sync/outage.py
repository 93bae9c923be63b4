"""An outage: telling a TMDB that is down from single questions that cannot be answered."""

import asyncio
from collections.abc import Awaitable, Callable

from tmdb_assets.tmdb import TMDBError

_FAILURES_IN_A_ROW = 10


class TMDBUnavailableError(Exception):
    """TMDB does not answer any more; all that it had answered is kept."""


class Outage:
    """What is known of TMDB's health; all who work for one run share it."""

    def __init__(self) -> None:
        self._failures_in_a_row = 0
        self._probing = asyncio.Lock()

    def answered(self) -> None:
        """Take that TMDB answers."""
        self._failures_in_a_row = 0

    async def failed(self, error: TMDBError, probe: Callable[[], Awaitable[object]]) -> None:
        """Take that a question was given up which may be answered later.

        Parameters
        ----------
        probe
            Asks for what TMDB always has.

        Raises
        ------
        TMDBUnavailableError
            Ten in a row were given up, and it does not answer the probe either.
        """
        self._failures_in_a_row += 1
        if self._failures_in_a_row < _FAILURES_IN_A_ROW:
            return
        async with self._probing:
            if self._failures_in_a_row < _FAILURES_IN_A_ROW:
                return  # another one found out
            try:
                await probe()
            except TMDBError as answer:
                if answer.retryable:
                    raise TMDBUnavailableError(
                        f"TMDB gave no answer to {_FAILURES_IN_A_ROW} questions in a row, last: {error} "
                        "All that it had answered is kept: run the same again when it is back."
                    ) from None
            self._failures_in_a_row = 0
