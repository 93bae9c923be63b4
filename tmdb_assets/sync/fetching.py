"""Fetching films into a folder of files."""

import asyncio
import dataclasses
import datetime as dt
from collections import deque
from collections.abc import Iterable

import msgspec

from tmdb_assets.storage.local_folder import LocalFolder
from tmdb_assets.storage.segment import NO_BODY, JournalLine, Outcome
from tmdb_assets.sync.audit import SyncRun, Tally
from tmdb_assets.sync.details import request_fingerprint
from tmdb_assets.sync.together import together
from tmdb_assets.tmdb import AsyncTMDBClient, AuthenticationError, NotFoundError, TMDBError
from tmdb_assets.tmdb.endpoints.movies import full_details
from tmdb_assets.transforms.movies import whole_date
from tmdb_assets.transforms.refresh import RefreshPolicy

_ASSET = "fetch"


@dataclasses.dataclass
class Fetched:
    """What came of the films: counts, and by film why it could not be had."""

    fresh: int = 0
    ok: int = 0
    not_found: int = 0
    failed: dict[int, str] = dataclasses.field(default_factory=dict[int, str])


async def fetch_films(
    client: AsyncTMDBClient,
    folder: LocalFolder,
    tmdb_ids: Iterable[int],
    run: SyncRun,
    *,
    policy: RefreshPolicy,
    region: str | None = None,
) -> Fetched:
    """Ask for films and keep each answer as a file the moment it arrives.

    What the folder has, asked in the same way and not too old, is not asked for again.

    Parameters
    ----------
    tmdb_ids
        TMDB's ids of the films.
    policy
        Says how old an answer may be.
    region
        The country whose certification is kept, ISO 3166-1.

    Raises
    ------
    AuthenticationError
        TMDB refuses the credential.
    TMDBUnavailableError
        Ten films in a row could not be had, and TMDB answers nothing else either; what was answered is kept.
    OSError
        The disk is full or gone.
    """
    folder.remove_leftovers()
    fetching = _Fetching(client, folder, run, policy, request_fingerprint(client, region))
    return await fetching.fetch(list(dict.fromkeys(tmdb_ids)))


class _Fetching:
    def __init__(
        self,
        client: AsyncTMDBClient,
        folder: LocalFolder,
        run: SyncRun,
        policy: RefreshPolicy,
        fingerprint: str,
    ) -> None:
        self._client = client
        self._folder = folder
        self._run = run
        self._policy = policy
        self._fingerprint = fingerprint
        self._tally: Tally = run.tally(_ASSET, None, fingerprint)
        self._fetched = Fetched()
        self._due: deque[int] = deque()
        self._total = self._done = 0

    async def fetch(self, tmdb_ids: list[int]) -> Fetched:
        now = self._run.clock()
        self._due.extend(one for one in tmdb_ids if self._run.refresh or not self._is_fresh(one, now))
        self._total = len(self._due)
        self._fetched.fresh = len(tmdb_ids) - self._total
        await together(self._work() for _ in range(self._client.max_concurrent))
        return self._fetched

    def _is_fresh(self, tmdb_id: int, now: dt.datetime) -> bool:
        known = self._folder.known(tmdb_id, now=now)
        if known is None or known.fingerprint != self._fingerprint:
            return False
        released = whole_date(known.body.release_date) if known.body else None
        age = self._policy.details_age(released, now.date())
        age = self._policy.not_found_age if known.outcome == "not_found" else age
        return self._policy.is_fresh(known.answered_at, now, age)

    async def _work(self) -> None:
        while self._due:
            tmdb_id = self._due.popleft()
            try:
                answer = await self._tally.ask(
                    self._client, full_details(tmdb_id, language=self._client.language)
                )
            except AuthenticationError:
                raise
            except NotFoundError as error:
                self._run.outage.answered()
                self._fetched.not_found += 1
                await self._keep(tmdb_id, "not_found", self._run.clock(), error.attempts, message=str(error))
            except TMDBError as error:
                self._fetched.failed[tmdb_id] = str(error)
                await self._tally.learn(self._client, error)
            else:
                self._run.outage.answered()
                self._fetched.ok += 1
                await self._keep(tmdb_id, "ok", answer.answered_at, answer.attempts, body=answer.body)
            self._done += 1
            self._run.on_progress(self._done, self._total)

    async def _keep(
        self,
        tmdb_id: int,
        outcome: Outcome,
        answered_at: dt.datetime,
        attempts: int,
        *,
        message: str | None = None,
        body: bytes = b"",
    ) -> None:
        line = JournalLine(
            tmdb_id=tmdb_id,
            answered_at=answered_at,
            outcome=outcome,
            fingerprint=self._fingerprint,
            attempt_count=attempts,
            message=message,
            body=msgspec.Raw(body) if body else NO_BODY,
        )
        await asyncio.to_thread(self._folder.keep, line)  # an fsync would hold up the others
