"""Every film's details, by one request each: ask, journal, sweep again what failed, store the year."""

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Sequence

import msgspec

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal import NO_BODY, JournalLine, Outcome, Pending, Segment
from tmdb_assets.sync.audit import SyncRun, Tally, fingerprint
from tmdb_assets.sync.details_plan import YearPlan, plan_details
from tmdb_assets.sync.details_store import Stored, YearRows, are_stored, recover, store_year
from tmdb_assets.sync.together import together
from tmdb_assets.tables import MovieDetail, SyncAudit
from tmdb_assets.tmdb import (
    Answer,
    AsyncTMDBClient,
    AuthenticationError,
    DecodeError,
    NotFoundError,
    TMDBError,
)
from tmdb_assets.tmdb.endpoints.movies import full_details
from tmdb_assets.tmdb.models import MovieDetails

_SWEEPS = 2
_FAILURES_IN_A_ROW = 10


class TMDBUnavailableError(Exception):
    """TMDB does not answer any more; all that it had answered is kept."""


@dataclasses.dataclass
class _Year:
    """A year on its way."""

    plan: YearPlan
    tally: Tally
    rows: YearRows
    in_flight: int = 0
    sweeps_left: int = _SWEEPS
    again: list[int] = dataclasses.field(default_factory=list[int])

    @property
    def is_complete(self) -> bool:
        return not (self.plan.due or self.in_flight or self.again)

    def sweep_again(self) -> None:
        """Once all films were asked for, ask again for those that failed."""
        if self.again and not (self.plan.due or self.in_flight):
            self.plan.due.extend(self.again)
            self.again.clear()
            self.sweeps_left -= 1


async def sync_details(
    client: AsyncTMDBClient,
    storage: Storage,
    years: Sequence[int],
    run: SyncRun,
    *,
    region: str | None = None,
    refresh_limit: int | None = None,
) -> None:
    """Bring years of ``movie_details`` and ``failed_movies`` up to date, storing each when it is complete.

    Parameters
    ----------
    years
        Release years, in the order in which they are asked for.
    region
        The country whose certification is kept, ISO 3166-1.
    refresh_limit
        Ask again for so many films at most that are known but not fresh.

    Raises
    ------
    AuthenticationError
        TMDB refuses the credential.
    TMDBUnavailableError
        Ten films in a row could not be had.
    OSError
        The disk is full or gone.
    """
    asked_for = request_fingerprint(client)
    with storage.journal.pending() as pending, storage.journal.new_segment() as segment:
        plans = plan_details(
            storage,
            pending,
            years,
            fingerprint=asked_for,
            now=run.clock(),
            refresh=run.refresh,
            refresh_limit=refresh_limit,
        )
        work = [
            _Year(
                plan=plan,
                tally=run.tally(MovieDetail.table, plan.year, asked_for),
                rows=YearRows(plan, fingerprint=asked_for, region=region),
            )
            for plan in plans
        ]
        await _Details(client, storage, pending, segment, work, run).ask_all()
    storage.journal.seal(segment.path)
    for path, answered in pending.segments.items():
        if are_stored(storage.lake, answered):
            storage.journal.seal(path)


def request_fingerprint(client: AsyncTMDBClient) -> str:
    """Return a hash of what a details request asks for, whichever film it is about."""
    endpoint = full_details(0, language=client.language)
    return fingerprint(dict(endpoint.params))


class _Details:
    """The requests of all years as one stream, so that no year's last film holds up the next year's first."""

    def __init__(
        self,
        client: AsyncTMDBClient,
        storage: Storage,
        pending: Pending,
        segment: Segment,
        years: Sequence[_Year],
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

    async def ask_all(self) -> None:
        """Ask for every film that is due, and store each year when its last film is done."""
        await together(self._work() for _ in range(self._client.max_concurrent))

    async def _work(self) -> None:
        while self._open:
            if year := next((year for year in self._open if year.plan.due), None):
                year.in_flight += 1
                await self._ask(year, year.plan.due.popleft())
                year.in_flight -= 1
                year.sweep_again()
                self._changed.set()
            if complete := next((year for year in self._open if year.is_complete), None):
                self._open.remove(complete)
                self._run.on_year(await self._store(complete))
                self._changed.set()
            elif not year:
                self._changed.clear()
                await self._changed.wait()

    async def _ask(self, year: _Year, tmdb_id: int) -> None:
        endpoint = full_details(tmdb_id, language=self._client.language)
        try:
            answer = await year.tally.ask(self._client, endpoint)
        except AuthenticationError:
            raise
        except TMDBError as error:
            self._keep_error(year, tmdb_id, error)
        else:
            self._failures_in_a_row = 0
            self._append(year, tmdb_id, "ok", answer.answered_at, answer)
            year.rows.add(tmdb_id, answer.value, answered_at=answer.answered_at)
            self._count()

    def _keep_error(self, year: _Year, tmdb_id: int, error: TMDBError) -> None:
        now = self._run.clock()
        if error.retryable:
            self._failures_in_a_row += 1
            if self._failures_in_a_row >= _FAILURES_IN_A_ROW:
                raise TMDBUnavailableError(
                    f"TMDB gave no answer for {_FAILURES_IN_A_ROW} films in a row, last: {error} "
                    "All that it had answered is kept: run the same again when it is back."
                ) from None
            if year.sweeps_left:
                year.again.append(tmdb_id)
                return
        if isinstance(error, NotFoundError):
            self._failures_in_a_row = 0
            self._append(year, tmdb_id, "not_found", now, error)
            year.rows.fail(tmdb_id, "not_found", str(error), answered_at=now)
        else:
            self._append(year, tmdb_id, "failed", now, error)
            year.rows.fail(tmdb_id, "failed", str(error), answered_at=now, attempt_count=error.attempts)
        self._count()

    def _append(
        self,
        year: _Year,
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

    def _count(self) -> None:
        self._done += 1
        self._run.on_progress(self._done, self._total)

    async def _store(self, year: _Year) -> SyncAudit:
        async with self._storing:
            stored = await asyncio.to_thread(self._store_now, year)
        audit = year.tally.audit(
            finished_at=self._run.clock(),
            row_count=stored.row_count,
            promised_count=len(year.plan.wanted),
            missing_count=stored.missing_count,
            reused_count=stored.row_count - len(year.rows.lines),
        )
        self._storage.state.add_audit(audit)
        return audit

    def _store_now(self, year: _Year) -> Stored:
        for tmdb_id in year.plan.recovered:
            recover(self._pending.read(tmdb_id), year.rows)
        self._segment.sync()
        return store_year(self._storage.lake, year.rows)
