"""Compaction: sealed segments as few and small ones, from which the same tables come.

Of a film that never changed the newest answer stays, with how many before it found it so and since when. Of
one that changed, each answer that brought a change stays too, and the one before it. Deletions and tombstones
stay; a failure goes once TMDB has answered. What a deletion took away goes for good.
"""

import dataclasses
import datetime as dt
import os
import secrets
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import msgspec
import polars as pl
import zstandard

from tmdb_assets.storage.journal import Journal
from tmdb_assets.storage.journal_answers import Batch, Reading, batches
from tmdb_assets.storage.journal_lines import expected_lines, lines_of, to_oneself
from tmdb_assets.storage.segment import COMPACTED, SEALED, JournalLine
from tmdb_assets.storage.spool import Spool, remove_spools
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.transforms.compaction import Key, Verdicts
from tmdb_assets.transforms.refresh import RefreshPolicy
from tmdb_assets.transforms.replay import ANSWERS, Refusal

_SEGMENT_BYTES = 64 << 20
_ANSWERS_AT_ONCE = 20_000


@dataclasses.dataclass
class Compacted:
    """What a compaction did.

    Attributes
    ----------
    is_busy
        Whether another process compacts or rebuilds, so that nothing was done.
    problems
        What could not be read; a sentence each. Damaged segments stay as they are.
    """

    segments_before: int = 0
    segments_after: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    lines_before: int = 0
    lines_after: int = 0
    is_busy: bool = False
    problems: list[str] = dataclasses.field(default_factory=list[str])


def compact(journal: Journal, policy: RefreshPolicy, now: dt.datetime) -> Compacted:
    """Compact the sealed segments of a journal.

    New segments are on the disk before old ones go. What a kill leaves twice is read as once, whichever of
    the old ones are gone by then: of two equal answers the one that stands for others counts.

    Parameters
    ----------
    policy
        Says what counts as a change of a film.
    now
        Names the new segments, UTC.

    Raises
    ------
    OSError
        The disk is full or gone; no answer is lost. While the new segments are written the journal is as it
        was; after that old ones may be left beside them, until the next compaction.
    """
    with to_oneself(journal) as is_ours:
        if not is_ours:
            return Compacted(is_busy=True)
        return _Compaction(journal, policy, now).compact()


class _Compaction:
    def __init__(self, journal: Journal, policy: RefreshPolicy, now: dt.datetime) -> None:
        self._journal = journal
        self._policy = policy
        self._now = now
        self._done = Compacted()
        self._remove_unfinished()
        remove_spools(journal.folder)
        self._old = [path for path in journal.segments() if path.name.endswith(SEALED)]
        self._damaged: set[Path] = set()
        self._lines_staying = 0

    def compact(self) -> Compacted:
        done = self._done
        done.segments_before = done.segments_after = len(self._old)
        done.bytes_before = done.bytes_after = sum(path.stat().st_size for path in self._old)
        kept = self._verdicts()
        intact = [path for path in self._old if path not in self._damaged]
        if not intact or not done.lines_before:
            return done
        try:
            new = list(self._rewritten(intact, kept))
        except OSError:  # the disk is full: what was written of the new ones is in the way
            self._remove_unfinished()
            raise
        for building in new:
            building.rename(building.with_suffix("").with_suffix(SEALED))
        _sync_folder(self._journal.folder)
        for path in intact:
            path.unlink()
        left = [*self._damaged, *(path.with_suffix("").with_suffix(SEALED) for path in new)]
        done.segments_after = len(left)
        done.bytes_after = sum(path.stat().st_size for path in left)
        return done

    def _remove_unfinished(self) -> None:
        for left in self._journal.folder.glob("*.compacting"):
            left.unlink()

    def _verdicts(self) -> Verdicts:
        """Read all answers once, to say which stay and what stands in them then."""
        reading = Reading(None, ImageURLs(), self._done.problems.append)
        parts = 1 + expected_lines(self._journal) // _ANSWERS_AT_ONCE
        refusals: defaultdict[int, list[Refusal]] = defaultdict(list)
        found = Verdicts()
        with Spool(self._journal.folder, ANSWERS.to_frame(), rows_in_memory=2 * _ANSWERS_AT_ONCE) as spool:
            for batch in self._batches(reading):
                for refusal in batch.refusals:
                    refusals[refusal.tmdb_id % parts].append(refusal)
                by_part = batch.rows.with_columns(part=pl.col("tmdb_id") % parts)
                for (part,), rows in by_part.partition_by("part", as_dict=True).items():
                    spool.add(part, rows.drop("part"))
            for part in sorted({*spool.numbers(), *refusals}):
                found.judge(spool.take(part), refusals.pop(part, []), self._policy)
        self._done.lines_after = self._done.lines_before
        return found

    def _batches(self, reading: Reading) -> Iterator[Batch]:
        """Yield all answers, and find out which segments are damaged: those stay as they are."""
        for path in self._old:
            known = len(self._done.problems)
            count = 0
            for batch in batches([path], reading):
                count += batch.line_count
                yield batch
            self._done.lines_before += count
            if len(self._done.problems) > known:
                self._damaged.add(path)
                self._lines_staying += count

    def _rewritten(self, intact: list[Path], kept: Verdicts) -> Iterator[Path]:
        """Write the answers that stay, and yield the new segments, not yet under their names."""
        self._done.lines_after = self._lines_staying
        lines = self._staying(intact, kept)
        more = next(lines, None)
        number = 0
        while more:
            # No two may have one name: a new segment in an old one's place would go with it.
            unique = f"{number:04}{secrets.token_hex(3)}"
            name = f"{COMPACTED}{self._now:%Y%m%dT%H%M%S}-{os.getpid()}-{unique}.compacting"
            path = self._journal.folder / name
            with path.open("wb") as file:
                with zstandard.ZstdCompressor(level=6).stream_writer(file, closefd=False) as packing:
                    while more and file.tell() < _SEGMENT_BYTES:
                        packing.write(more)
                        self._done.lines_after += 1
                        more = next(lines, None)
                file.flush()
                os.fsync(file.fileno())
            number += 1
            yield path

    def _staying(self, intact: list[Path], kept: Verdicts) -> Iterator[bytes]:
        seen: set[int] = set()
        for line, body in lines_of(intact, self._done.problems.append):
            key: Key = (line.tmdb_id, line.answered_at, line.imported_at)
            is_repeated = (number := hash((*key, line.outcome))) in seen
            seen.add(number)
            if is_repeated or not _stays(line, key, kept):
                continue
            if stands := kept.standing.get(key) if line.outcome == "ok" else None:
                changed_at, unchanged_count = stands
                line = msgspec.structs.replace(  # noqa: PLW2901 -- the same answer
                    line, changed_at=changed_at, unchanged_count=unchanged_count
                )
            yield _encoded(line, body)


def _stays(line: JournalLine, key: Key, kept: Verdicts) -> bool:
    if line.outcome == "ok":
        return key not in kept.gone and line.tmdb_id not in kept.deleted
    if line.outcome == "deleted" and (last := kept.deleted.get(line.tmdb_id)):
        return line.answered_at >= last  # what ended an earlier deletion goes, so that one has to go, too
    return line.outcome != "failed" or line.tmdb_id in kept.rowless


def _encoded(line: JournalLine, body: memoryview) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(line, body=msgspec.Raw(body))) + b"\n"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
