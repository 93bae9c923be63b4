"""Counting what a year of a table took, as it happens."""

import dataclasses
import datetime as dt
import hashlib
import time
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from tmdb_assets.sync.outage import Outage
from tmdb_assets.tables import SyncAudit
from tmdb_assets.tmdb import Answer, AsyncTMDBClient, Endpoint, TMDBError
from tmdb_assets.tmdb.endpoints import configuration
from tmdb_assets.tmdb.usage import Usage, UsageCounter

_T = TypeVar("_T")
_SWEEPS = 3


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _elapsed() -> float:
    """Return seconds by a clock that nobody sets and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def steady_clock(
    now: Callable[[], dt.datetime] = _utc_now, elapsed: Callable[[], float] = _elapsed
) -> Callable[[], dt.datetime]:
    """Return a clock that shows the time of now and then goes on evenly, whoever sets the machine's.

    What a run took stays right when the machine's clock jumps meanwhile; the next run knows the new time.
    """
    begun_at, begun = now(), elapsed()
    return lambda: begun_at + dt.timedelta(seconds=elapsed() - begun)


def _say_nothing(*_: object) -> None:
    pass


@dataclasses.dataclass(frozen=True, kw_only=True)
class SyncRun:
    """One run of the synchronization: its name, what counts as fresh, and whom to tell.

    Attributes
    ----------
    run_id
        Names the run in ``sync_audit``.
    refresh
        Ask also for what is fresh.
    on_year
        Called with the audit of each year once its rows are stored.
    on_plan
        Called once it is known what is due, with how many films, keywords or years of a list will be asked
        for, how many there are, and how many requests are sent a second.
    on_progress
        Called after each film, or year of a list, with how many are done and how many there are.
    on_problem
        Called with a sentence on what went wrong and did not stop the run.
    clock
        Says what time it is, UTC; never less than the time before.
    outage
        Whether TMDB is down, as far as the run knows.
    """

    run_id: str
    refresh: bool = False
    on_year: Callable[[SyncAudit], None] = _say_nothing
    on_plan: Callable[[int, int, float], None] = _say_nothing
    on_progress: Callable[[int, int], None] = _say_nothing
    on_problem: Callable[[str], None] = _say_nothing
    clock: Callable[[], dt.datetime] = dataclasses.field(default_factory=steady_clock)
    outage: Outage = dataclasses.field(default_factory=Outage)

    def tally(self, asset: str, year: int | None, fingerprint: str) -> "Tally":
        """Begin to count the requests for one year of a table."""
        return Tally(self.run_id, asset, year, fingerprint, started_at=self.clock(), outage=self.outage)


def fingerprint(*of: Any) -> str:  # noqa: ANN401 -- whatever JSON can hold
    """Return a short hash of what was asked for: equal for equal questions."""
    return hashlib.blake2b(msgspec.json.encode(of, order="sorted"), digest_size=8).hexdigest()


@dataclasses.dataclass
class Tally:
    """The requests for one year of one table, counted until :meth:`audit` closes it."""

    run_id: str
    asset: str
    year: int | None
    fingerprint: str
    started_at: dt.datetime
    outage: Outage = dataclasses.field(default_factory=Outage, repr=False)
    request_count: int = 0
    ok_count: int = 0
    not_found_count: int = 0
    failed_count: int = 0
    retry_count: int = 0
    waited_seconds: float = 0.0
    received_bytes: int = 0

    async def ask(self, client: AsyncTMDBClient, endpoint: Endpoint[_T]) -> Answer[_T]:
        """Ask TMDB, and count what it took.

        Raises
        ------
        TMDBError
            As the client raises it.
        """
        counter = UsageCounter()
        try:
            return await client.answer(endpoint, counter)
        finally:
            self._add(counter.total)

    async def ask_again(self, client: AsyncTMDBClient, endpoint: Endpoint[_T]) -> Answer[_T]:
        """Ask for what a year cannot do without: when the client has given up, start over a few times.

        Raises
        ------
        TMDBError
            As the client raises it.
        TMDBUnavailableError
            TMDB answers nothing at all.
        """
        sweeps_left = _SWEEPS
        while True:
            sweeps_left -= 1
            try:
                answer = await self.ask(client, endpoint)
            except TMDBError as error:
                await self.learn(client, error)
                if not (error.retryable and sweeps_left):
                    raise
            else:
                self.outage.answered()
                return answer

    async def learn(self, client: AsyncTMDBClient, error: TMDBError) -> None:
        """Take from a question that was given up whether TMDB is down.

        Raises
        ------
        TMDBUnavailableError
            It is.
        """
        if error.retryable:
            await self.outage.failed(error, lambda: self.ask(client, configuration.details()))
        else:
            self.outage.answered()

    def audit(
        self,
        *,
        finished_at: dt.datetime,
        row_count: int,
        promised_count: int,
        missing_count: int = 0,
        reused_count: int = 0,
    ) -> SyncAudit:
        """Return the row for the audit table."""
        return SyncAudit(
            finished_at=finished_at,
            row_count=row_count,
            promised_count=promised_count,
            missing_count=missing_count,
            reused_count=reused_count,
            **{name: value for name, value in vars(self).items() if name != "outage"},
        )

    def _add(self, usage: Usage) -> None:
        self.request_count += usage.requests
        self.ok_count += usage.ok
        self.not_found_count += usage.not_found
        self.failed_count += usage.failed
        self.retry_count += usage.retries
        self.waited_seconds += usage.waited_seconds
        self.received_bytes += usage.received_bytes
