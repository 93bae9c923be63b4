"""Upkeep: what is stored in as few and small files as it can be, beside whoever reads and writes it."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator

from tmdb_assets.storage.compaction import Compacted, compact
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.lake_damage import damaged
from tmdb_assets.storage.lake_upkeep import RETENTION, Upkeep
from tmdb_assets.tables import STORED_TABLES


@dataclasses.dataclass(frozen=True)
class KeptUp:
    """What upkeep did.

    Attributes
    ----------
    journal
        What became of the journal's segments.
    tables
        What became of each table's files; a table that is not there yet is not named.
    problems
        What could not be kept up and is as it was; a sentence each.
    """

    journal: Compacted
    tables: dict[str, Upkeep]
    problems: list[str]

    def sentences(self) -> Iterator[str]:
        """Yield what was done, a sentence for the journal and one for each table."""
        journal = self.journal
        if journal.is_busy:
            yield "The journal was left alone: another process compacts it, or makes the tables again."
        else:
            yield (
                f"The journal has {journal.segments_after:,} sealed segments of "
                f"{_megabytes(journal.bytes_after)}; it had {journal.segments_before:,} of "
                f"{_megabytes(journal.bytes_before)}."
            )
        for table, done in self.tables.items():
            yield f"{table}: {done.merged_count:,} files merged, {done.removed_count:,} old ones removed."


def keep_up(
    storage: Storage, *, clock: Callable[[], dt.datetime], retention: dt.timedelta = RETENTION
) -> KeptUp:
    """Compact the journal, and merge and remove files of every table; no answer and no row is lost.

    Parameters
    ----------
    clock
        Says what time it is, UTC.
    retention
        How long a file that has left its table stays, for those who opened an earlier version.

    Raises
    ------
    OSError
        The disk is full or gone; nothing was lost.
    """
    journal = compact(storage.journal, storage.policy, clock())
    tables: dict[str, Upkeep] = {}
    problems = list(journal.problems)
    for table in STORED_TABLES:
        try:
            done = storage.lake.upkeep(table, retention=retention)
        except Exception as error:
            if not (why := damaged(error)):
                raise
            problems.append(f"{table.table}: {why}")
        else:
            tables |= {table.table: done} if done else {}
    return KeptUp(journal, tables, problems)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
