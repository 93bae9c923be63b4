"""``tmdb-assets run --dry-run``: what a run would take."""

import asyncio
import tempfile
from pathlib import Path

import click
import msgspec

from tmdb_assets.commands.failures import FAILED, RunFailedError
from tmdb_assets.commands.options import RunOptions
from tmdb_assets.resources.progress_lines import spoken
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.origin import holds_other_films, origin_of
from tmdb_assets.storage.state import State
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.collection import load_themes
from tmdb_assets.sync.estimate import Estimate, estimate_run
from tmdb_assets.sync.usage import ESTIMATE, DailyCapReachedError, metered, open_account
from tmdb_assets.tmdb import AsyncTMDBClient, AuthenticationError, TMDBError


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def tell_estimate(settings: Settings, years: range, options: RunOptions) -> None:
    """Print how many requests a run over these years would send, and how long they would take."""

    async def ask(storage: Storage, state: State) -> Estimate:
        async with (
            AsyncTMDBClient() as client,
            metered(client, state, ESTIMATE, cap=settings.daily_requests, on_wait=_say),
        ):
            return await estimate_run(
                client,
                storage,
                load_themes(settings.themes),
                years,
                SyncRun(run_id="dry-run", refresh=options.refresh),
                min_votes=options.min_votes,
                region=settings.region,
            )

    try:
        with tempfile.TemporaryDirectory() as empty, open_account(settings) as state:
            is_new = holds_other_films(settings.data, origin_of(settings), set_aside=True)
            data = Path(empty) if is_new or not settings.data.exists() else settings.data
            estimate = asyncio.run(ask(Storage.open(msgspec.structs.replace(settings, data=data)), state))
    except AuthenticationError:
        raise
    except (TMDBError, DailyCapReachedError) as error:
        raise RunFailedError(str(error), exit_code=FAILED) from None
    if options.as_json:
        click.echo(msgspec.json.encode(estimate).decode())
        return
    click.echo(
        f"About {estimate.requests:,} requests: {estimate.keyword_requests:,} for keywords, "
        f"{estimate.discovery_requests:,} for lists, {estimate.details_requests:,} for films.\n"
        f"At {estimate.requests_per_second:g} a second that is {spoken(estimate.hours * 3600)}, "
        f"or {estimate.hours:.2f} hours. Finding out took {estimate.asked:,} requests."
    )
