"""``tmdb-assets fetch``, ``import`` and ``delete``: films as files, and films that are to go."""

import asyncio
import datetime as dt
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import click
import msgspec

from tmdb_assets.commands.failures import FAILED, WRONG_INPUT, RunFailedError
from tmdb_assets.commands.plain import plain
from tmdb_assets.commands.sources import film_source
from tmdb_assets.resources.progress_lines import Progress, terminal_progress
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.local_folder import LocalFolder
from tmdb_assets.storage.origin import Origin, claim, claim_storage, origin_of, read
from tmdb_assets.storage.policy_file import load_policy
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.deletion import UnknownFilmError, delete_films
from tmdb_assets.sync.fetching import Fetched, fetch_films
from tmdb_assets.sync.importing import Imported, import_films
from tmdb_assets.sync.outage import TMDBUnavailableError
from tmdb_assets.sync.usage import FETCH, DailyCapReachedError, metered, open_account
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets.tmdb.images import ImageURLs

_SHOWN = 20
_STDERR = 2


def fetch(tmdb_ids: Sequence[int], *, ids: TextIO | None, to: Path, refresh: bool, allow_fake: bool) -> None:
    """Fetch films into a folder, and say how many.

    Raises
    ------
    RunFailedError
        TMDB did not give all of them; what it gave is kept.
    """
    wanted = [*tmdb_ids, *(_ids_of(ids) if ids else ())]
    if not wanted:
        raise RunFailedError("No film was named: give TMDB's ids, or a file of them with --ids.", exit_code=2)
    with film_source(Settings.load(), allow_fake=allow_fake, claims=False) as settings:
        _claim(to, origin_of(settings))
        with terminal_progress(_STDERR, "fetch", "films") as progress:
            try:
                fetched = asyncio.run(_fetch(settings, LocalFolder(to), wanted, progress, refresh=refresh))
            except (DailyCapReachedError, TMDBUnavailableError) as error:
                raise RunFailedError(str(error), exit_code=FAILED) from None
    click.echo(
        f"{to}: {fetched.ok:,} fetched, {fetched.not_found:,} that TMDB does not have, "
        f"{fetched.fresh:,} fresh, {len(fetched.failed):,} failed."
    )
    if fetched.failed:
        tmdb_id, why = next(iter(fetched.failed.items()))
        raise RunFailedError(
            f"{len(fetched.failed)} films could not be had, such as {tmdb_id}: {why} Run the same again.",
            exit_code=FAILED,
        )


def _claim(to: Path, origin: Origin) -> None:
    """Make sure that a folder has answers of one TMDB only."""
    known = read(to)
    if known != origin and LocalFolder(to).holds_answers():
        whose = f"from {known.base_url}" if known else "and no origin.json says whose"
        raise RunFailedError(
            f"{to} holds answers {whose}, not from {origin.base_url}: fetch into another folder.",
            exit_code=WRONG_INPUT,
        )
    claim(to, origin)


async def _fetch(
    settings: Settings, folder: LocalFolder, tmdb_ids: list[int], progress: Progress, *, refresh: bool
) -> Fetched:
    run = SyncRun(run_id=f"fetch-{secrets.token_hex(6)}", refresh=refresh, on_progress=progress)
    policy, cap = load_policy(settings.refresh_policy), settings.daily_requests
    with open_account(settings) as state:
        async with AsyncTMDBClient() as client, metered(client, state, FETCH, cap=cap, on_wait=progress.say):
            return await fetch_films(client, folder, tmdb_ids, run, policy=policy, region=settings.region)


def _ids_of(file: TextIO) -> list[int]:
    words = file.read().replace(",", " ").split()
    for word in words:
        if not (word.isascii() and word.isdecimal() and int(word) > 0):
            raise RunFailedError(f"{word[:40]!r} is no id of a film: --ids takes numbers.", exit_code=2)
    return [int(word) for word in words]


def import_folder(folder: Path, *, as_json: bool) -> None:
    """Import a folder's answers, and say what came of each kind.

    Raises
    ------
    RunFailedError
        A file was refused; all others are imported.
    """
    settings = Settings.load()
    if not folder.is_dir():
        raise RunFailedError(f"{folder} is no folder: name one that `fetch` has filled.", exit_code=2)
    # A data folder belongs to a TMDB once films of it come, not before.
    imported = _imported(settings, folder) if LocalFolder(folder).files() else Imported()
    imported.skipped = LocalFolder(folder).others()
    if as_json:
        click.echo(msgspec.json.encode(imported).decode())
    else:
        click.echo(
            f"{folder}: {imported.created:,} created, {imported.updated:,} updated, "
            f"{imported.unchanged:,} unchanged, {len(imported.refused):,} refused."
        )
        for name, why in list(imported.refused.items())[:_SHOWN]:
            click.echo(plain(f"  {name}: {why}"))
        for name in imported.skipped[:_SHOWN]:
            click.echo(plain(f"  {name}: skipped, for an answer is a .json file."))
    if imported.refused:
        raise RunFailedError(
            f"{len(imported.refused)} files were refused and stay where they are; the others are imported.",
            exit_code=FAILED,
        )


def _imported(settings: Settings, folder: Path) -> Imported:
    claim_storage(settings, origin=read(folder) or read(settings.data) or origin_of(settings))
    with terminal_progress(_STDERR, "import", "files") as on_progress:
        return import_films(
            Storage.open(settings),
            LocalFolder(folder),
            region=settings.region,
            images=ImageURLs(settings.effective_image_base_url),
            on_progress=on_progress,
        )


def delete(tmdb_ids: Sequence[int]) -> None:
    """Delete films, and say which, and how they come back.

    Raises
    ------
    RunFailedError
        A film is in no table; nothing was deleted.
    """
    settings = Settings.load()
    if read(settings.data) is None:
        raise RunFailedError(f"{settings.data} holds no films: nothing was deleted.", exit_code=WRONG_INPUT)
    storage = Storage.open(settings)
    try:
        titles = delete_films(storage, list(dict.fromkeys(tmdb_ids)), clock=lambda: dt.datetime.now(dt.UTC))
    except UnknownFilmError as error:
        raise RunFailedError(str(error), exit_code=WRONG_INPUT) from None
    named = plain(
        ", ".join(f"{title or 'a film without a title'} ({tmdb_id})" for tmdb_id, title in titles.items())
    )
    one = next(iter(titles))
    click.echo(
        f"Deleted: {named}. To undo it, fetch and import them again: "
        f"`tmdb-assets fetch movie {one} --to DIR`, then `tmdb-assets import DIR`."
    )
