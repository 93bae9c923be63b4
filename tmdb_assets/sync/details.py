"""Bring years of ``movie_details`` and ``failed_movies`` up to date."""

import dataclasses
import heapq
from collections.abc import Collection, Sequence
from functools import partial

from tmdb_assets.storage.claims import Claims
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.pending import Pending
from tmdb_assets.sync.audit import SyncRun, fingerprint
from tmdb_assets.sync.details_journal import OwnSegments
from tmdb_assets.sync.details_plan import YearPlan, oldest, plan_details, year_groups
from tmdb_assets.sync.details_rows import YearRows
from tmdb_assets.sync.details_store import are_stored
from tmdb_assets.sync.details_stream import DetailsStream
from tmdb_assets.sync.details_verdict import DetailsQuestion
from tmdb_assets.sync.details_years import Group, YearOnItsWay
from tmdb_assets.tables import MovieDetail
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets.tmdb.endpoints.movies import full_details
from tmdb_assets.tmdb.limiter import PACE


async def sync_details(  # noqa: PLR0913 -- what can be chosen for a run
    client: AsyncTMDBClient,
    storage: Storage,
    years: Sequence[int],
    run: SyncRun,
    *,
    region: str | None = None,
    refresh_limit: int | None = None,
    only: Collection[int] | None = None,
    marked_only: bool = False,
    asset: str = MovieDetail.table,
) -> None:
    """Bring years of ``movie_details`` and ``failed_movies`` up to date, storing each when it is complete.

    Parameters
    ----------
    years
        Release years, in the order in which they are asked for.
    region
        The country whose certification is kept, ISO 3166-1.
    refresh_limit
        Ask again for so many films at most that are known but not fresh, those looked at longest ago.
    only
        Ask for these films alone; all others of the years stay as they are.
    marked_only
        Ask only for films that TMDB says have changed; years without any are left alone.
    asset
        On whose behalf, for the audit.

    Raises
    ------
    AuthenticationError
        TMDB refuses the credential.
    TMDBUnavailableError
        Ten films in a row could not be had, nor an answer to whether TMDB is up.
    OSError
        The disk is full or gone.
    """
    question = DetailsQuestion(
        fingerprint=request_fingerprint(client, region),
        refresh=run.refresh,
        only=only,
        marked_only=marked_only,
    )
    rows_of = partial(YearRows, fingerprint=question.fingerprint, region=region, images=client.images)
    began_at = run.clock()
    with storage.journal.pending() as pending, Claims(storage.claims / MovieDetail.table) as claims:
        planning = _Planning(storage, pending, years, question, run)
        planning.limit(refresh_limit)
        groups = planning.count()
        run.on_plan(planning.due, planning.wanted, PACE * client.requests_per_second)
        with OwnSegments(storage.journal) as segments:
            more = (
                Group(due, [_on_its_way(rows_of(plan), run, asset) for plan in planning.plan(group)])
                for group, due in groups
            )
            stream = DetailsStream(
                client, storage, pending, segments, claims, more, run, total=planning.due, began_at=began_at
            )
            await stream.ask_all()
        _seal_what_is_stored(storage, pending, segments)


def _on_its_way(rows: YearRows, run: SyncRun, asset: str) -> YearOnItsWay:
    tally = run.tally(asset, rows.plan.year, rows.fingerprint)
    return YearOnItsWay(plan=rows.plan, tally=tally, rows=rows)


class _Planning:
    """Plans the years group by group, twice: to say how much there is to do, and when it is their turn."""

    def __init__(
        self,
        storage: Storage,
        pending: Pending,
        years: Sequence[int],
        question: DetailsQuestion,
        run: SyncRun,
    ) -> None:
        self._storage = storage
        self._pending = pending
        self._question = question
        self._run = run
        self._groups = list(year_groups(storage, years))
        self._first: list[YearPlan] | None = None
        self.due = self.wanted = 0

    def plan(self, group: Sequence[int]) -> list[YearPlan]:
        """Return what the years of a group need now."""
        if self._first is not None:  # it was made just now
            plans, self._first = self._first, None
            return plans
        plans = plan_details(self._storage, self._pending, group, self._question, self._run.clock())
        if self._question.marked_only:
            return [plan for plan in plans if plan.due]
        return plans

    def limit(self, refresh_limit: int | None) -> None:
        """Ask again for so many films at most."""
        if refresh_limit is None:
            return
        stale = oldest(plan for group in self._groups for plan in self.plan(group))
        chosen = frozenset(tmdb_id for _, tmdb_id in heapq.nsmallest(refresh_limit, stale))
        self._question = dataclasses.replace(self._question, again=chosen)

    def count(self) -> list[tuple[list[int], int]]:
        """Return the groups and how many films each is to ask for."""
        counted: list[tuple[list[int], int]] = []
        first: list[YearPlan] | None = None
        for group in self._groups:
            plans = self.plan(group)
            due = sum(len(plan.due) for plan in plans)
            self.due += due
            self.wanted += sum(len(plan.wanted) for plan in plans)
            counted.append((group, due))
            first = plans if first is None else first
        self._first = first
        return counted


def _seal_what_is_stored(storage: Storage, pending: Pending, ours: OwnSegments) -> None:
    ours.seal()
    for path, answered in pending.segments.items():
        if are_stored(storage, answered):
            storage.journal.seal(path, up_to=pending.read_up_to(path))


def request_fingerprint(client: AsyncTMDBClient, region: str | None) -> str:
    """Return a hash of what a details request asks for, whichever film it is about."""
    endpoint = full_details(0, language=client.language)
    return fingerprint(dict(endpoint.params), region)
