"""Where a command gets its films from: TMDB with the user's credential, or a fake TMDB of its own."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

import click

from tmdb_assets.settings import Settings, SettingsError
from tmdb_assets.storage.origin import DEMO_KEY, claim_storage

DEMO_PORT = 8099
"""Where the fake of `tmdb-assets dev` answers unless that is taken: the addresses of posters are stored."""

_READY = "http://"
_FAKE = (sys.executable, "-m", "tmdb_assets.cli", "fake-tmdb", "--until-stdin-closes")


class FilmSource(NamedTuple):
    """Where the films come from.

    Attributes
    ----------
    settings
        With the address and the credential to use; the environment has them, too.
    fake
        The process of the fake TMDB, where there is one.
    """

    settings: Settings
    fake: subprocess.Popen[str] | None


@contextlib.contextmanager
def film_source(settings: Settings, *, allow_fake: bool, claims: bool) -> Generator[Settings]:
    """Claim the data folder for the films' origin, and start a fake TMDB for as long as it is needed.

    The parameters, the settings that it yields and the error are those of :func:`open_film_source`.
    """
    with open_film_source(settings, allow_fake=allow_fake, claims=claims) as source:
        yield source.settings


@contextlib.contextmanager
def open_film_source(
    settings: Settings, *, allow_fake: bool, claims: bool, port: int = 0, log: Path | None = None
) -> Generator[FilmSource]:
    """Claim the data folder for the films' origin, and start a fake TMDB for as long as it is needed.

    Parameters
    ----------
    allow_fake
        Whether a fake may stand in where there is no credential.
    claims
        Whether films will be stored; else the folder stays as it is.
    port
        Where the fake answers if nobody else does; 0, and then, any free port.
    log
        Where the fake's complaints go; by default to standard error.

    Raises
    ------
    SettingsError
        There is no credential and a fake is not wanted, or the folder holds films of another origin.
    """
    if settings.api_key:
        if claims and (aside := claim_storage(settings, set_aside=True)):
            click.echo(f"The fictional films were set aside in {aside}.", err=True)
        yield FilmSource(settings, None)
        return
    if settings.base_url:
        raise SettingsError(
            f"TMDB_BASE_URL is {settings.base_url}, but TMDB_API_KEY is not set: set both, or neither."
        )
    if not allow_fake:
        raise SettingsError(
            "TMDB_API_KEY is not set: put your key of themoviedb.org into the environment or into .env, "
            "or leave out --no-fake to work with fictional films."
        )
    with _fake_tmdb(port, log) as (base_url, fake):
        os.environ.update(TMDB_BASE_URL=base_url, TMDB_API_KEY=DEMO_KEY)
        # The fake of a single command is gone when somebody looks: `dev` has one at the port that it prefers.
        pictures = base_url.removesuffix("/3") if port else f"http://127.0.0.1:{DEMO_PORT}"
        os.environ.setdefault("TMDB_IMAGE_BASE_URL", f"{pictures}/t/p")
        exports = f"{base_url.removesuffix('/3')}/p/exports"
        os.environ.setdefault("TMDB_EXPORT_BASE_URL", exports)
        settings = Settings.load()
        if claims:
            claim_storage(settings)
        yield FilmSource(settings, fake)


@contextlib.contextmanager
def _fake_tmdb(port: int, log: Path | None) -> Generator[tuple[str, subprocess.Popen[str]]]:
    """Run a fake TMDB in a process of its own, which ends with this one however that ends."""
    with contextlib.ExitStack() as stack:
        complaints = stack.enter_context(log.open("wb")) if log else None
        for each in dict.fromkeys((port, 0)):  # the port may be taken, even between a look and its use
            fake = stack.enter_context(
                subprocess.Popen(  # noqa: S603 -- our own program
                    [*_FAKE, "--port", str(each)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=complaints,
                    text=True,
                    start_new_session=True,
                )
            )
            stack.callback(fake.terminate)
            said = fake.stdout.readline() if fake.stdout else ""
            if address := next((word for word in said.split() if word.startswith(_READY)), None):
                yield address.rstrip(".,;"), fake
                return
        raise SettingsError("The fake TMDB did not start: try `tmdb-assets fake-tmdb` to see why.")
