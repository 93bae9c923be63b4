"""The segments that a run writes: one after the other, each sealed once all that it holds is in the lake."""

import dataclasses
from typing import Self

from tmdb_assets.storage.journal import Journal
from tmdb_assets.storage.segment import JournalLine, Segment

_ANSWERS_IN_ONE = 2_000
"""So that most are sealed while others are asked for, and little when the last one is there."""


@dataclasses.dataclass
class _Written:
    """A segment, and the years whose answers it holds that are not in the lake yet."""

    segment: Segment
    years: set[int] = dataclasses.field(default_factory=set[int])
    answer_count: int = 0


class OwnSegments:
    """The segments that this run writes."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._open = _Written(journal.new_segment())
        self._full: list[_Written] = []
        self.paths = [self._open.segment.path]

    def append(self, year: int, line: JournalLine) -> None:
        """Append an answer for a year; when this returns, a killed process does not lose it.

        Raises
        ------
        OSError
            The disk is full or gone; the answers before this one are kept.
        """
        if self._open.answer_count >= _ANSWERS_IN_ONE:
            self._begin_another()
        self._open.segment.append(line)
        self._open.answer_count += 1
        self._open.years.add(year)

    def _begin_another(self) -> None:
        full, self._open = self._open, _Written(self._journal.new_segment())
        self.paths.append(self._open.segment.path)
        full.segment.sync()  # it stays open: its lock says that it is not left to whoever finds it
        self._full.append(full)

    def sync(self) -> None:
        """Force what was appended to the disk, so that it outlives a power cut too."""
        self._open.segment.sync()

    def seal_stored(self, year: int) -> None:
        """Seal the full segments whose years are all in the lake now that this one is."""
        for written in (*self._full, self._open):
            written.years.discard(year)
        for written in [written for written in self._full if not written.years]:
            self._full.remove(written)
            written.segment.close()
            self._journal.seal(written.segment.path)

    def seal(self) -> None:
        """Seal the rest, when nothing is written any more and everything is in the lake."""
        for written in (*self._full, self._open):
            self._journal.seal(written.segment.path)

    def close(self) -> None:
        """Stop writing; an empty segment is removed."""
        for written in (*self._full, self._open):
            written.segment.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
