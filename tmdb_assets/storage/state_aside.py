"""Putting a damaged database out of the way, with the files that SQLite keeps beside it."""

import datetime as dt
import fcntl
import os
from pathlib import Path

from tmdb_assets.settings import SettingsError

_COMPANIONS = ("-journal", "-wal", "-shm")
_FIRST_LOCK_BYTE, _LOCK_BYTES = 0x40000000, 512
"""Where SQLite locks a database, whatever is in it: https://www.sqlite.org/lockingv3.html."""


def name_aside(file: Path, *, at: dt.datetime) -> Path:
    """Return what a damaged database will be called."""
    return file.with_name(f"{file.name}.damaged-{at:%Y%m%dT%H%M%S}")


def set_aside(file: Path, aside: Path) -> None:
    """Rename a database and what belongs to it: a journal that stayed would be played into the new one.

    Raises
    ------
    SettingsError
        Another process uses it; nothing was changed.
    """
    with file.open("rb+") as held:
        try:
            fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCK_BYTES, _FIRST_LOCK_BYTE, os.SEEK_SET)
        except OSError:
            raise SettingsError(
                f"The database {file} is damaged, and another process uses it: run it again when that has "
                "ended."
            ) from None
        for companion in _COMPANIONS:  # first, so that the damaged one does not go without them
            beside = file.with_name(f"{file.name}{companion}")
            if beside.exists():
                beside.rename(aside.with_name(f"{aside.name}{companion}"))
        file.rename(aside)
