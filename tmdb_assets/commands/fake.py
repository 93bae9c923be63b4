"""``tmdb-assets fake-tmdb``: a TMDB that answers from memory."""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from tmdb_assets.fake_tmdb import serve
from tmdb_assets.settings import SettingsError


def fake_tmdb(
    *,
    port: int,
    films_file: Path | None,
    until_stdin_closes: bool,
    **options: Any,  # noqa: ANN401 -- the further options of the fake, which checks them
) -> None:
    """Serve until the process is told to end.

    Raises
    ------
    SettingsError
        The port is in use, the file of films is missing or damaged, or an option is not understood.
    """
    if until_stdin_closes:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    try:
        serve(port=port, films_file=films_file, on_ready=_say_ready, **options)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    except OSError as error:
        if films_file and error.filename:
            raise SettingsError(f"{films_file} cannot be read: {error.strerror}.") from None
        raise SettingsError(
            f"Port {port} cannot be used ({error.strerror}): choose another with --port."
        ) from None


def _say_ready(base_url: str) -> None:
    click.echo(f"fake TMDB on {base_url} ; set TMDB_BASE_URL to it and TMDB_API_KEY to any 32 hex digits")
    sys.stdout.flush()


def _end_with_stdin() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
