"""Upkeep of a Delta table: few files, a short log, nothing left of writers that were killed."""

import datetime as dt
import time
from pathlib import Path
from urllib.parse import unquote

import msgspec
from deltalake import DeltaTable

RETENTION = dt.timedelta(days=7)
"""How long a file stays that is in the table no more, for those who opened a version that has it."""


class Upkeep(msgspec.Struct, frozen=True):
    """What upkeep of a table did: files merged into larger ones, and files removed for good."""

    merged_count: int
    removed_count: int


def keep_up_table(stored: DeltaTable, retention: dt.timedelta) -> Upkeep:
    """Merge small files, checkpoint the log, and remove what has been in no version for longer than a time.

    Raises
    ------
    CommitFailedError
        Another process committed meanwhile; nothing was lost, try again.
    """
    merged = stored.optimize.compact()["numFilesRemoved"]
    hours = int(retention.total_seconds() // 3600)
    is_shorter = retention < RETENTION
    removed = stored.vacuum(hours, enforce_retention_duration=not is_shorter, full=True)
    if removed:  # a vacuum of nothing would be two commits
        stored.vacuum(hours, dry_run=False, enforce_retention_duration=not is_shorter, full=True)
    stored.create_checkpoint()
    stored.cleanup_metadata()
    return Upkeep(int(merged), len(removed) + _remove_staged(stored, retention))


def _remove_staged(stored: DeltaTable, retention: dt.timedelta) -> int:
    """Remove files that a killed writer was about to rename (``…parquet#1``), which a vacuum does not see."""
    place = stored.table_uri.removeprefix("file://")
    if "://" in place:
        return 0  # such a store has no renames
    before = time.time() - retention.total_seconds()
    staged = [file for file in Path(unquote(place)).rglob("*#*") if file.stat().st_mtime <= before]
    for file in staged:
        file.unlink(missing_ok=True)
    return len(staged)
