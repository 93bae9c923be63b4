"""The whole graph in one call, without Dagster."""

import asyncio
import datetime as dt
import secrets
import time
from functools import partial
from pathlib import Path

from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.origin import claim_storage
from tmdb_assets.storage.snapshot import publish
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.carousels import curate_years
from tmdb_assets.sync.details import sync_details
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.sync.keywords import sync_keywords
from tmdb_assets.sync.statistics import RunStatistics, run_statistics
from tmdb_assets.sync.usage import metered
from tmdb_assets.tables import DiscoveredMovie, KeywordId, MovieDetail, SyncAudit
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets.transforms.themes import Theme, ThemesError, parse_themes
from tmdb_assets.transforms.years import parse_years

SHIPPED_THEMES = Path(__file__).parent.parent / "themes.yaml"


def run_full_collection(
    discover_start_year: int, refresh_limit: int | None = None, *, settings: Settings | None = None
) -> RunStatistics:
    """Bring all tables up to date from a release year to the current one, and publish the snapshot.

    Everything that is fresh stays and costs no request, so a second call asks for nothing. The next call
    takes up where one that was killed stopped.

    Parameters
    ----------
    discover_start_year
        First release year, from 1874.
    refresh_limit
        Ask again for so many films at most that are known but not fresh; for all of them by default.
    settings
        By default those of the environment and ``.env``.

    Returns
    -------
    RunStatistics
        Per table: rows, requests by outcome, seconds, requests per second.

    Raises
    ------
    YearsError
        The first year is before 1874 or after the current one.
    SettingsError
        A setting is wrong, or the data folder holds films of another origin.
    AuthenticationError
        TMDB refuses the credential, or none is set.
    TMDBError, TMDBUnavailableError
        TMDB did not answer; what it had answered is kept, so call again later.
    DailyCapReachedError
        ``TMDB_ASSETS_DAILY_REQUESTS`` were sent today; what was got is kept, so call again tomorrow.
    """
    settings = settings or Settings.load()
    if refresh_limit is not None and refresh_limit < 0:
        raise ValueError(f"refresh_limit is {refresh_limit}; it must be a number of films from 0, or None.")
    this_year = dt.datetime.now(dt.UTC).year
    years = parse_years(f"{discover_start_year:04}-{this_year}", last=this_year)
    audits: list[SyncAudit] = []
    run = SyncRun(run_id=f"collection-{secrets.token_hex(6)}", on_year=audits.append)
    begun = time.monotonic()
    storage = asyncio.run(_collect(settings, years, run, refresh_limit))
    for _ in curate_years(storage.lake, years, clock=run.clock):
        pass  # each is stored once it is reached
    published = publish(storage.lake, storage.state, storage.snapshot)
    return run_statistics(
        audits, run_id=run.run_id, years=years, seconds=time.monotonic() - begun, published=published
    )


def load_themes(path: Path | None = None) -> tuple[Theme, ...]:
    """Read the themes from a file, by default from the one that is shipped.

    Raises
    ------
    ThemesError
        The file is missing or not of the form of ``themes.yaml``.
    """
    path = path or SHIPPED_THEMES
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ThemesError(f"The themes file {path} cannot be read: {error.strerror}.") from None
    return parse_themes(text, source=str(path))


async def _collect(settings: Settings, years: range, run: SyncRun, refresh_limit: int | None) -> Storage:
    async with AsyncTMDBClient(
        settings.api_key,
        base_url=settings.base_url,
        image_base_url=settings.image_base_url,
        language=settings.language,
        region=settings.region,
        requests_per_second=settings.requests_per_second,
        max_concurrent=settings.max_concurrent,
        timeout=settings.timeout_seconds,
    ) as client:
        claim_storage(settings)
        storage = Storage.open(settings)
        metered_for = partial(metered, client, storage.state, cap=settings.daily_requests)
        async with metered_for(KeywordId.table):
            run.on_year(await sync_keywords(client, storage, load_themes(settings.themes), run))
        async with metered_for(DiscoveredMovie.table):
            await sync_discovery(client, storage, years, run)
        async with metered_for(MovieDetail.table):
            await sync_details(
                client, storage, years, run, region=settings.region, refresh_limit=refresh_limit
            )
    return storage
