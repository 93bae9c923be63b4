"""The requests for films as one stream: ask, journal, sweep again what failed, store each year."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Iterable

import msgspec

from tmdb_assets.storage.claims import Claims
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.pending import Pending
from tmdb_assets.storage.segment import NO_BODY, JournalLine, Outcome
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details_journal import OwnSegments
from tmdb_assets.sync.details_rows import YearRows
from tmdb_assets.sync.details_store import Stored, store_year
from tmdb_assets.sync.details_years import Group, YearOnItsWay
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
from tmdb_assets.tmdb.endpoints.movies import full_details
from tmdb_assets.tmdb.models import MovieDetails

_LEFT_AT_LEAST = 4
_OPEN_AT_MOST = 10_000
_LOOK_AGAIN_SECONDS = 0.2


class DetailsStream:
    """The requests of all years as one stream, so that no year's last film holds up the next year's first.

    Parameters
    ----------
    groups
        The years; each group is taken when little of those before is left.
    began_at
        When the journal was looked at: other processes' answers from then on need not be asked for.
    """

    def __init__(  # noqa: PLR0913 -- what a run works with
        self,
        client: AsyncTMDBClient,
        storage: Storage,
        pending: Pending,
        segments: OwnSegments,
        claims: Claims,
        groups: Iterable[Group],
        run: SyncRun,
        *,
        total: int,
        began_at: dt.datetime,
    ) -> None:
        self._client = client
        self._storage = storage
        self._pending = pending
        self._segments = segments
        self._claims = claims
        self._groups = iter(groups)
        self._has_more = True
        self._open: list[YearOnItsWay] = []
        self._run = run
        self._total = total
        self._done = 0
        self._began_at = began_at
        self._changed = asyncio.Event()
        self._storing = asyncio.Lock()
        self._beginning = asyncio.Lock()

    async def ask_all(self) -> None:
        """Ask for every film that is due, and store each year when its last film is done."""
        try:
            await together(self._work() for _ in range(self._client.max_concurrent))
        except Exception:
            for year in [year for year in self._open if year.is_complete]:  # whose turn had not come
                self._run.on_year(await self._store(year))
            raise

    async def _work(self) -> None:
        await self._begin_more()
        while self._open or self._has_more:
            if taken := self._next_film():
                await self._take(*taken)
            if complete := next((year for year in self._open if year.is_ready), None):
                complete.is_being_stored = True
                self._run.on_year(await self._store(complete))
                self._open.remove(complete)
                self._changed.set()
            elif not taken:
                await self._wait_for_a_change()
            await self._begin_more()

    async def _begin_more(self) -> None:
        """Begin with the next years when little is left of those that are open."""
        while self._has_more and self._has_room():
            async with self._beginning:
                if not (self._has_more and self._has_room()):
                    return
                group = await asyncio.to_thread(next, self._groups, None)
                if group is None:
                    self._has_more = False
                else:
                    self._total += sum(len(year.plan.due) for year in group.years) - group.expected
                    self._open += group.years
                self._changed.set()

    def _has_room(self) -> bool:
        due = sum(len(year.plan.due) for year in self._open)
        films = sum(len(year.plan.wanted) for year in self._open)
        return due < _LEFT_AT_LEAST * self._client.max_concurrent and films < _OPEN_AT_MOST

    def _next_film(self) -> tuple[YearOnItsWay, int] | None:
        """Return the next film, claimed; those that another process is asking for are put aside."""
        for year in self._open:
            while year.plan.due:
                tmdb_id = year.plan.due.popleft()
                if self._claims.try_claim(tmdb_id):
                    year.in_flight += 1
                    return year, tmdb_id
                year.elsewhere.append(tmdb_id)
        return None

    async def _wait_for_a_change(self) -> None:
        """Wait until a year has films again; films of other processes are looked at now and then."""
        self._changed.clear()
        aside = [year for year in self._open if year.elsewhere]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), _LOOK_AGAIN_SECONDS if aside else None)
            return
        for year in aside:
            year.plan.due.extend(year.elsewhere)
            year.elsewhere.clear()

    async def _take(self, year: YearOnItsWay, tmdb_id: int) -> None:
        """Ask for a film, unless another process has got its answer meanwhile."""
        try:
            self._pending.look_again(ours=self._segments.paths)
            if self._is_answered(year, tmdb_id):
                year.plan.recovered.append(tmdb_id)
                self._say_that_one_is_done()
            else:
                await self._ask(year, tmdb_id)
        except DailyCapReachedError:
            year.plan.due.appendleft(tmdb_id)  # lest the others wait for it
            self._changed.set()
            raise
        finally:
            self._claims.release(tmdb_id)
        year.in_flight -= 1
        year.sweep_again()
        self._changed.set()

    def _is_answered(self, year: YearOnItsWay, tmdb_id: int) -> bool:
        answer = self._pending.appended.get(tmdb_id)
        return (
            answer is not None
            and answer.outcome in {"ok", "not_found"}
            and answer.fingerprint == year.tally.fingerprint
            and answer is not year.plan.answers.get(tmdb_id)  # which the plan has found to be too old
            and answer.answered_at >= self._began_at  # an older one was imported, say, and says nothing new
        )

    def _say_that_one_is_done(self) -> None:
        self._done += 1
        self._run.on_progress(self._done, self._total)

    async def _ask(self, year: YearOnItsWay, tmdb_id: int) -> None:
        endpoint = full_details(tmdb_id, language=self._client.language)
        try:
            answer = await year.tally.ask(self._client, endpoint)
        except AuthenticationError:
            raise
        except TMDBError as error:
            year.attempts[tmdb_id] += error.attempts
            await year.tally.learn(self._client, error)
            if error.retryable and year.sweeps_left:
                year.again.append(tmdb_id)
                return
            self._keep_error(year, tmdb_id, error)
        else:
            year.attempts[tmdb_id] += answer.attempts
            self._run.outage.answered()
            now = self._run.clock()
            self._append(year, tmdb_id, "ok", now, answer)
            attempts = year.attempts[tmdb_id]
            year.rows.add(tmdb_id, answer.value, answered_at=now, attempt_count=attempts)
        self._say_that_one_is_done()

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
        self._segments.append(
            year.plan.year,
            JournalLine(
                tmdb_id=tmdb_id,
                answered_at=answered_at,
                outcome=outcome,
                fingerprint=year.tally.fingerprint,
                attempt_count=year.attempts[tmdb_id],  # of all sweeps, as the tables say
                message=str(result) if isinstance(result, TMDBError) else None,
                body=msgspec.Raw(result.body) if is_json and result.body else NO_BODY,
            ),
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
        self._segments.sync()
        stored = store_year(self._storage, *self._earlier(year), year.rows, now=self._run.clock())
        self._segments.seal_stored(year.plan.year)
        return stored

    def _earlier(self, year: YearOnItsWay) -> list[YearRows]:
        """Return what others have got of the year's films: each film's first answer, each one's second ..."""
        rounds: list[YearRows] = []
        for tmdb_id in {*year.plan.recovered, *(year.rows.films & year.plan.answers.keys())}:
            lines = self._pending.read_since(tmdb_id, year.plan.checked_at.get(tmdb_id))
            for number, line in enumerate(line for line in lines if line.outcome != "deleted"):
                if number == len(rounds):
                    rounds.append(year.rows.none())
                rounds[number].recover(line)
        return rounds
