"""Answers that tests put into a journal, and processes that write them."""

import datetime as dt
import json
import sys
from pathlib import Path

import msgspec

from tmdb_assets.storage.journal import Journal
from tmdb_assets.storage.segment import NO_BODY, JournalLine, Outcome
from tmdb_assets_tests.tables.rows import AT


def answer(
    tmdb_id: int, title: str = "Alien", *, minute: int = 0, outcome: Outcome = "ok", body: bytes | None = None
) -> JournalLine:
    """Return an answer about a film, so many minutes after the first."""
    text = json.dumps({"id": tmdb_id, "title": title}).encode() if body is None else body
    return JournalLine(
        tmdb_id=tmdb_id,
        answered_at=AT + dt.timedelta(minutes=minute),
        outcome=outcome,
        fingerprint="f",
        body=msgspec.Raw(text) if outcome == "ok" else NO_BODY,
    )


def title_of(line: JournalLine) -> str:
    """Return the title in an answer's body."""
    return str(msgspec.json.decode(line.body)["title"])


def write_for_ever(folder: str) -> None:
    """Append answers of 1 to 40 kB and say each one's number once it is appended."""
    segment = Journal(Path(folder)).new_segment()
    number = 0
    while True:
        number += 1
        segment.append(answer(number, "x" * (1 + number * 7919 % 40) * 1000))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def write_short_segments(folder: str, first: int, count: int) -> None:
    """Write segments of one answer each."""
    journal = Journal(Path(folder))
    for tmdb_id in range(first, first + count):
        with journal.new_segment() as segment:
            segment.append(answer(tmdb_id))


if __name__ == "__main__":
    write_for_ever(sys.argv[1])
