"""Dagster's own databases in the data folder: its history, and nothing of the films."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

_DATABASES = ("history/runs.db", "history/runs/*.db", "schedules/schedules.db")
_BUSY_SECONDS = 60


def dagster_folder(data: Path) -> Path:
    """Return where the Dagster instance is: DAGSTER_HOME, or a folder in the data folder."""
    return Path(os.environ.get("DAGSTER_HOME") or data / "dagster").absolute()


def damaged_databases(home: Path) -> Iterator[Path]:
    """Yield the databases that SQLite does not take for such, or finds something wrong in."""
    for pattern in _DATABASES:
        yield from (file for file in sorted(home.glob(pattern)) if _is_damaged(file))


def _is_damaged(file: Path) -> bool:
    address = f"{file.as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS)) as connection:
        try:
            [(said,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
        except sqlite3.OperationalError:  # it cannot be opened or is in use: that is no damage
            return False
        except sqlite3.DatabaseError:
            return True
    return said != "ok"
