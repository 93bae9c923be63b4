"""The requests for films as one stream: ask, journal, sweep again what failed, store each year."""

import asyncio
import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Sequence

import msgspec

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal import NO_BODY, JournalLine, Outcome, Pending, Segment
from tmdb_assets.sync.audit import SyncRun, Tally
from tmdb_assets.sync.details_plan import YearPlan
from tmdb_assets.sync.details_store import Stored, YearRows, recover, store_year
from tmdb_assets.sync.together import together
from tmdb_assets.sync.usage import DailyCapReachedError
from tmdb_assets.tables import SyncAudit
from tmdb_assets.tmdb import (
    Answer,
    AsyncTMDBClient,
    AuthenticationError,
    DecodeError,
    NotFoundError,
    TMDBError,
)
from tmdb_assets.tmdb.endpoints import configuration
from tmdb_assets.tmdb.endpoints.movies import full_details
from tmdb_assets.tmdb.models import MovieDetails

_SWEEPS = 2
_FAILURES_IN_A_ROW = 10


class TMDBUnavailableError(Exception):
    """TMDB does not answer any more; all that it had answered is kept."""


@dataclasses.dataclass
class YearOnItsWay:
    """A year on its way."""

    plan: YearPlan
    tally: Tally
    rows: YearRows
    in_flight: int = 0
    sweeps_left: int = _SWEEPS
    again: list[int] = dataclasses.field(default_factory=list[int])
    attempts: Counter[int] = dataclasses.field(default_factory=Counter[int])

    @property
    def is_complete(self) -> bool:
        """Whether every film of it is answered or given up."""
        return not (self.plan.due or self.in_flight or self.again)

    def sweep_again(self) -> None:
        """Once all films were asked for, ask again for those that failed."""
        if self.again and not (self.plan.due or self.in_flight):
            self.plan.due.extend(self.again)
            self.again.clear()
            self.sweeps_left -= 1


class DetailsStream:
    """The requests of all years as one stream, so that no year's last film holds up the next year's first."""

    def __init__(
        self,
        client: AsyncTMDBClient,
        storage: Storage,
        pending: Pending,
        segment: Segment,
        years: Sequence[YearOnItsWay],
        run: SyncRun,
    ) -> None:
        self._client = client
        self._storage = storage
        self._pending = pending
        self._segment = segment
        self._open = list(years)
        self._run = run
        self._total = sum(len(year.plan.due) for year in years)
        self._done = 0
        self._failures_in_a_row = 0
        self._changed = asyncio.Event()
        self._storing = asyncio.Lock()
        self._probing = asyncio.Lock()

    async def ask_all(self) -> None:
        """Ask for every film that is due, and store each year when its last film is done."""
        await together(self._work() for _ in range(self._client.max_concurrent))

    async def _work(self) -> None:
        while self._open:
            if year := next((year for year in self._open if year.plan.due), None):
                await self._ask_for_next(year)
            if complete := next((year for year in self._open if year.is_complete), None):
                self._open.remove(complete)
                self._run.on_year(await self._store(complete))
                self._changed.set()
            elif not year:
                self._changed.clear()
                await self._changed.wait()

    async def _ask_for_next(self, year: YearOnItsWay) -> None:
        tmdb_id = year.plan.due.popleft()
        year.in_flight += 1
        try:
            await self._ask(year, tmdb_id)
        except DailyCapReachedError:
            year.plan.due.appendleft(tmdb_id)  # lest the others wait for it
            self._changed.set()
            raise
        year.in_flight -= 1
        year.sweep_again()
        self._changed.set()

    async def _ask(self, year: YearOnItsWay, tmdb_id: int) -> None:
        endpoint = full_details(tmdb_id, language=self._client.language)
        try:
            answer = await year.tally.ask(self._client, endpoint)
        except AuthenticationError:
            raise
        except TMDBError as error:
            year.attempts[tmdb_id] += error.attempts
            self._failures_in_a_row = self._failures_in_a_row + 1 if error.retryable else 0
            if self._failures_in_a_row >= _FAILURES_IN_A_ROW:
                await self._make_sure_that_tmdb_is_up(year.tally, error)
            if error.retryable and year.sweeps_left:
                year.again.append(tmdb_id)
                return
            self._keep_error(year, tmdb_id, error)
        else:
            self._failures_in_a_row = 0
            self._append(year, tmdb_id, "ok", answer.answered_at, answer)
            year.rows.add(tmdb_id, answer.value, answered_at=answer.answered_at)
        self._done += 1
        self._run.on_progress(self._done, self._total)

    async def _make_sure_that_tmdb_is_up(self, tally: Tally, error: TMDBError) -> None:
        """Tell films that cannot be had from a TMDB that is down; nobody else asks meanwhile."""
        async with self._probing:
            if self._failures_in_a_row < _FAILURES_IN_A_ROW:
                return  # another worker found out
            try:
                await tally.ask_again(self._client, configuration.details())
            except TMDBError as answer:
                if answer.retryable:
                    raise TMDBUnavailableError(
                        f"TMDB gave no answer for {_FAILURES_IN_A_ROW} films in a row, last: {error} "
                        "All that it had answered is kept: run the same again when it is back."
                    ) from None
            self._failures_in_a_row = 0

    def _keep_error(self, year: YearOnItsWay, tmdb_id: int, error: TMDBError) -> None:
        now = self._run.clock()
        reason = "not_found" if isinstance(error, NotFoundError) else "failed"
        self._append(year, tmdb_id, reason, now, error)
        year.rows.fail(tmdb_id, reason, str(error), answered_at=now, attempt_count=year.attempts[tmdb_id])

    def _append(
        self,
        year: YearOnItsWay,
        tmdb_id: int,
        outcome: Outcome,
        answered_at: dt.datetime,
        result: Answer[MovieDetails] | TMDBError,
    ) -> None:
        is_json = not isinstance(result, TMDBError) or (
            isinstance(result, DecodeError) and not result.retryable
        )
        self._segment.append(
            JournalLine(
                tmdb_id=tmdb_id,
                answered_at=answered_at,
                outcome=outcome,
                fingerprint=year.tally.fingerprint,
                attempt_count=result.attempts,
                message=str(result) if isinstance(result, TMDBError) else None,
                body=msgspec.Raw(result.body) if is_json and result.body else NO_BODY,
            )
        )

    async def _store(self, year: YearOnItsWay) -> SyncAudit:
        async with self._storing:
            storing = asyncio.create_task(asyncio.to_thread(self._store_now, year))
            try:
                stored = await asyncio.shield(storing)
            except asyncio.CancelledError:
                await asyncio.wait([storing])  # a thread cannot be stopped, and it needs the open journal
                storing.exception()  # what stopped us is told already
                raise
        audit = year.tally.audit(
            finished_at=self._run.clock(),
            row_count=stored.row_count,
            promised_count=len(year.plan.wanted),
            missing_count=stored.missing_count,
            reused_count=stored.kept_count,
        )
        self._storage.state.add_audit(audit)
        return audit

    def _store_now(self, year: YearOnItsWay) -> Stored:
        for tmdb_id in year.plan.recovered:
            recover(self._pending.read(tmdb_id), year.rows)
        self._segment.sync()
        return store_year(self._storage, year.rows)
