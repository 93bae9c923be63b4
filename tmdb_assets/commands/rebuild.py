"""``tmdb-assets rebuild``: all tables again from the journal."""

import click
import msgspec

from tmdb_assets.commands.failures import FAILED, WRONG_INPUT, RunFailedError
from tmdb_assets.resources.progress_lines import spoken, terminal_progress
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.origin import holds_films
from tmdb_assets.sync.rebuild import NothingToRebuildError, RebuildUnderWayError, Rebuilt
from tmdb_assets.sync.rebuild import rebuild as rebuild_tables
from tmdb_assets.tmdb.images import ImageURLs

STDERR = 2
_ENOUGH_TO_TELL = 1000
"""Films from which on what the command takes to start does not blur the pace."""


def rebuild(*, as_json: bool) -> None:
    """Make all tables again, and say what came of it.

    Raises
    ------
    RunFailedError
        There is nothing to make them of, or another process does so already.
    """
    settings = Settings.load()
    if not (settings.journal or holds_films(settings.data)):
        raise RunFailedError(f"{settings.data} holds no films: `tmdb-assets run` fetches some.", exit_code=2)
    try:
        with terminal_progress(STDERR, "rebuild", "answers") as on_progress:
            rebuilt = rebuild_tables(
                Storage.open(settings),
                region=settings.region,
                images=ImageURLs(settings.effective_image_base_url),
                on_progress=on_progress,
            )
    except NothingToRebuildError as error:
        raise RunFailedError(str(error), exit_code=WRONG_INPUT) from None
    except RebuildUnderWayError as error:
        raise RunFailedError(str(error), exit_code=FAILED) from None
    click.echo(msgspec.json.encode(rebuilt).decode() if as_json else _as_text(rebuilt))


def _as_text(rebuilt: Rebuilt) -> str:
    lines = [f"{table:<18} {rows:>9,} rows" for table, rows in rebuilt.tables.items()]
    seconds = sum(rebuilt.seconds.values())
    said = [
        f"{table} could not be read: it was set aside as {aside}."
        for table, aside in rebuilt.set_aside.items()
    ] + rebuilt.problems
    lines += ["", *said] if said else []
    pace = (
        f", {rebuilt.milliseconds_per_thousand:.0f} ms per 1,000" if rebuilt.films >= _ENOUGH_TO_TELL else ""
    )
    lines.append(
        f"Read {rebuilt.answers:,} answers about {rebuilt.films:,} films in {spoken(seconds)}{pace}; "
        "no request."
    )
    return "\n".join(lines)
