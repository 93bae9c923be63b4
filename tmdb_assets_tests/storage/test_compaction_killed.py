"""What a killed compaction leaves: all of the new segments, and any of the old ones."""

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest

from tmdb_assets.storage.compaction import compact
from tmdb_assets.storage.journal import Journal
from tmdb_assets.storage.journal_answers import Reading, batches, tombstone
from tmdb_assets.storage.policy_file import shipped_policy
from tmdb_assets.storage.segment import JournalLine, Outcome
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.transforms.replay import replayed
from tmdb_assets_tests.storage.answers import answer
from tmdb_assets_tests.tables.rows import AT

POLICY = shipped_policy()
LATER = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
OLD = range(4)
SUBSETS = [subset for size in range(len(OLD)) for subset in itertools.combinations(OLD, size)]
STORIES = {
    1: "aaaa",
    2: "aabb",
    3: "abbb",
    4: "a4 a",
    5: "aa44",
    6: "4444",
    7: "f f ",
    8: "faaf",
    9: "  a ",
    10: "aaba",
}
"""By film, a letter for each look: a title (i is imported), 4 not found, f a failure, d deleted."""


def line(tmdb_id: int, said: str, day: int) -> JournalLine:
    outcomes: dict[str, Outcome] = {"4": "not_found", "f": "failed"}
    minute = day * 24 * 60
    if said == "d":
        gone = answer(tmdb_id, minute=minute, outcome="deleted")
        return msgspec.structs.replace(gone, body=tombstone("i", 1999))
    if said in outcomes:
        return answer(tmdb_id, minute=minute, outcome=outcomes[said])
    body = msgspec.json.encode({"id": tmdb_id, "title": said, "release_date": "1999-01-01"})
    told = answer(tmdb_id, minute=minute, body=body)
    return msgspec.structs.replace(told, imported_at=told.answered_at) if said == "i" else told


def write(journal: Journal, day: int, stories: dict[int, str]) -> None:
    with journal.new_segment() as segment:
        for tmdb_id, story in stories.items():
            if said := story[day : day + 1].strip():
                segment.append(line(tmdb_id, said, day))
    journal.seal(segment.path)


def told(journal: Journal) -> tuple[Any, ...]:
    """Return what the journal makes of its films."""
    found = list(batches(journal.segments(), Reading(None, ImageURLs("https://image.example"), pytest.fail)))
    answers = pl.concat([batch.rows for batch in found])
    became = replayed(answers, [one for batch in found for one in batch.refusals], POLICY)
    missing = sorted(map(repr, became.missing))
    return became.rows.sort("tmdb_id").rows(), missing, became.history.rows()


def compacted_and_killed(journal: Journal, now: dt.datetime, left: tuple[int, ...]) -> None:
    """Compact, as if it had been killed when some of the old segments were still there."""
    old = [(path, path.read_bytes()) for path in journal.segments()]
    compact(journal, POLICY, now)
    for number in left:
        path, content = old[number]
        path.write_bytes(content)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "raw")


@pytest.mark.parametrize("left", SUBSETS, ids=str)
def test_whichever_old_segments_a_kill_left_nothing_is_another(
    journal: Journal, left: tuple[int, ...]
) -> None:
    for day in OLD:
        write(journal, day, STORIES)
    before = told(journal)

    compacted_and_killed(journal, LATER, left)

    assert told(journal) == before
    compact(journal, POLICY, LATER + dt.timedelta(days=1))
    assert told(journal) == before


@pytest.mark.parametrize("left", [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2)], ids=str)
def test_neither_when_it_was_the_second_compaction(journal: Journal, left: tuple[int, ...]) -> None:
    for day in OLD[:2]:
        write(journal, day, STORIES)
    compact(journal, POLICY, LATER)
    for day in OLD[2:]:
        write(journal, day, STORIES)
    before = told(journal)

    compacted_and_killed(journal, LATER + dt.timedelta(days=1), left)

    assert told(journal) == before
    compact(journal, POLICY, LATER + dt.timedelta(days=2))
    assert told(journal) == before


@pytest.mark.parametrize("left", SUBSETS, ids=str)
def test_the_last_of_several_deletions_counts(journal: Journal, left: tuple[int, ...]) -> None:
    for day in OLD:
        write(journal, day, {1: "idid", 2: "iidd"})
    _, before, _ = told(journal)

    compacted_and_killed(journal, LATER, left)

    assert told(journal)[:2] == ([], before)
    compact(journal, POLICY, LATER + dt.timedelta(days=1))
    assert told(journal) == ([], before, [])


def test_an_answer_that_is_there_twice_is_compacted_to_one(journal: Journal) -> None:
    for day in OLD:
        write(journal, day, {1: "aaaa"})

    compacted_and_killed(journal, AT + dt.timedelta(days=9), (3,))
    done = compact(journal, POLICY, LATER)

    assert (done.lines_before, done.lines_after) == (2, 1)
