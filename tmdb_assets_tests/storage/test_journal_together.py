"""What other processes append to the journal while this one works."""

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tmdb_assets.storage.compaction import compact
from tmdb_assets.storage.journal import Journal
from tmdb_assets.storage.policy_file import shipped_policy
from tmdb_assets.storage.segment import Segment
from tmdb_assets_tests.storage.answers import answer, title_of


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "raw" / "movie_details")


@pytest.fixture
def ours(journal: Journal) -> Iterator[Segment]:
    with journal.new_segment() as segment:
        yield segment


def test_what_others_append_to_a_known_segment_is_seen(journal: Journal, ours: Segment) -> None:
    with journal.new_segment() as theirs:
        theirs.append(answer(1))
        with journal.pending() as pending:
            theirs.append(answer(2, "Aliens"))
            theirs.append(answer(1, "Alien again", minute=1))
            pending.look_again(ours=[ours.path])

            assert set(pending.appended) == {1, 2}
            assert [title_of(pending.read(film)) for film in (1, 2)] == ["Alien again", "Aliens"]


def test_what_others_append_to_a_new_segment_is_seen(journal: Journal, ours: Segment) -> None:
    with journal.pending() as pending, journal.new_segment() as theirs:
        pending.look_again(ours=[ours.path])
        theirs.append(answer(1))
        pending.look_again(ours=[ours.path])

        assert set(pending.appended) == {1}


def test_what_others_sealed_meanwhile_is_seen(journal: Journal, ours: Segment) -> None:
    with journal.pending() as pending:
        with journal.new_segment() as theirs:
            theirs.append(answer(1, "Alien"))
        journal.seal(theirs.path)

        pending.look_again(ours=[ours.path])

        assert title_of(pending.read(1)) == "Alien"
        assert theirs.path not in pending.segments


def test_what_a_compaction_rewrote_is_not_news(journal: Journal, ours: Segment) -> None:
    for minute in (0, 1):
        with journal.new_segment() as old:
            old.append(answer(1, minute=minute))
        journal.seal(old.path)

    with journal.pending() as pending:
        done = compact(journal, shipped_policy(), dt.datetime.now(dt.UTC))
        pending.look_again(ours=[ours.path])

    assert done.segments_before == 2
    assert (pending.appended, pending.positions) == ({}, {})


def test_a_segment_that_was_just_being_made_is_seen(journal: Journal, ours: Segment) -> None:
    with journal.new_segment() as theirs:
        theirs.append(answer(1))
    being_made = theirs.path.with_suffix(".new")
    theirs.path.rename(being_made)

    with journal.pending() as pending:
        being_made.rename(theirs.path)
        pending.look_again(ours=[ours.path])

    assert set(pending.appended) == {1}


def test_a_segment_that_is_sealed_meanwhile_is_not_overlooked(journal: Journal) -> None:
    for tmdb_id in range(100):
        with journal.new_segment() as segment:
            segment.append(answer(tmdb_id))
    paths = journal.segments()
    sealing = threading.Thread(target=lambda: [journal.seal(path) for path in paths])

    sealing.start()
    seen = [len(journal.segments())]
    while sealing.is_alive():
        seen.append(len(journal.segments()))
    sealing.join()

    assert set(seen) == {100}


def test_our_own_answers_are_not_news(journal: Journal, ours: Segment) -> None:
    with journal.pending() as pending:
        ours.append(answer(1))
        pending.look_again(ours=[ours.path])

        assert pending.appended == {}


def test_a_line_that_is_just_being_written_is_read_once_it_is_whole(journal: Journal, ours: Segment) -> None:
    with journal.new_segment() as theirs:
        theirs.append(answer(1))
        line = theirs.path.read_bytes().replace(b'"tmdb_id":1', b'"tmdb_id":2')
        with journal.pending() as pending, theirs.path.open("ab") as file:
            file.write(line[:20])
            file.flush()
            pending.look_again(ours=[ours.path])
            assert pending.appended == {}

            file.write(line[20:])
            file.flush()
            pending.look_again(ours=[ours.path])

            assert set(pending.appended) == {2}
