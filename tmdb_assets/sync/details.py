"""Bring years of ``movie_details`` and ``failed_movies`` up to date."""

from collections.abc import Collection, Sequence

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal import Pending
from tmdb_assets.sync.audit import SyncRun, fingerprint
from tmdb_assets.sync.details_plan import plan_details
from tmdb_assets.sync.details_store import YearRows, are_stored
from tmdb_assets.sync.details_stream import DetailsStream, YearOnItsWay
from tmdb_assets.tables import MovieDetail
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets.tmdb.endpoints.movies import full_details
from tmdb_assets.tmdb.limiter import PACE


async def sync_details(
    client: AsyncTMDBClient,
    storage: Storage,
    years: Sequence[int],
    run: SyncRun,
    *,
    region: str | None = None,
    refresh_limit: int | None = None,
    only: Collection[int] | None = None,
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
        Ask again for so many films at most that are known but not fresh.
    only
        Ask for these films alone; all others of the years stay as they are.
    asset
        On whose behalf, for the audit.

    Raises
    ------
    AuthenticationError
        TMDB refuses the credential.
    TMDBUnavailableError
        Ten films in a row could not be had.
    OSError
        The disk is full or gone.
    """
    asked_for = request_fingerprint(client, region)
    with storage.journal.pending() as pending, storage.journal.new_segment() as segment:
        plans = plan_details(
            storage,
            pending,
            years,
            fingerprint=asked_for,
            now=run.clock(),
            refresh=run.refresh,
            refresh_limit=refresh_limit,
            only=only,
        )
        work = [
            YearOnItsWay(
                plan=plan,
                tally=run.tally(asset, plan.year, asked_for),
                rows=YearRows(plan, fingerprint=asked_for, region=region, images=client.images),
            )
            for plan in plans
        ]
        due, wanted = sum(len(plan.due) for plan in plans), sum(len(plan.wanted) for plan in plans)
        run.on_plan(due, wanted, PACE * client.requests_per_second)
        await DetailsStream(client, storage, pending, segment, work, run).ask_all()
    storage.journal.seal(segment.path)
    _seal_what_is_stored(storage, pending)


def _seal_what_is_stored(storage: Storage, pending: Pending) -> None:
    for path, answered in pending.segments.items():
        if are_stored(storage, answered):
            storage.journal.seal(path)


def request_fingerprint(client: AsyncTMDBClient, region: str | None) -> str:
    """Return a hash of what a details request asks for, whichever film it is about."""
    endpoint = full_details(0, language=client.language)
    return fingerprint(dict(endpoint.params), region)
