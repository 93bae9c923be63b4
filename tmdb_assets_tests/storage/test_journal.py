import json
import logging
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tmdb_assets.storage.journal import Journal
from tmdb_assets.storage.pending import Pending
from tmdb_assets_tests.storage.answers import answer, title_of
from tmdb_assets_tests.storage.full_disk import room_for


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "raw" / "movie_details")


def write(journal: Journal, *lines: tuple[int, str, int]) -> Path:
    """Write a segment of answers, each a film, its title, and its minute."""
    with journal.new_segment() as segment:
        for tmdb_id, title, minute in lines:
            segment.append(answer(tmdb_id, title, minute=minute))
    return segment.path


def titles(pending: Pending) -> dict[int, str]:
    return {tmdb_id: title_of(pending.read(tmdb_id)) for tmdb_id in pending.positions}


def test_a_journal_without_a_folder_holds_nothing(journal: Journal) -> None:
    with journal.pending() as pending:
        assert (pending.positions, pending.segments) == ({}, {})


def test_an_answer_comes_back_as_it_was_given(journal: Journal) -> None:
    line = answer(348, "Alien — Ästhetik", body=b'{"id":348,"budget":11000000.50,"new":[null,""]}')

    with journal.new_segment() as segment:
        segment.append(line)

    with journal.pending() as pending:
        assert pending.read(348) == line


def test_an_answer_without_a_body_comes_back(journal: Journal) -> None:
    line = msgspec.structs.replace(answer(1, outcome="not_found"), message="Gone", attempt_count=3)

    with journal.new_segment() as segment:
        segment.append(line)

    with journal.pending() as pending:
        assert (pending.read(1), pending.positions[1].outcome) == (line, "not_found")


@pytest.mark.parametrize("space", [b"\n", b"\r\n", b"\n\n    "])
def test_a_body_over_several_lines_is_one_line_with_the_same_values(journal: Journal, space: bytes) -> None:
    body = b"{" + space + b'"id": 1,' + space + b'"title": "a\\nb",' + space + b'"n": 1.50}' + space

    with journal.new_segment() as segment:
        segment.append(answer(1, body=body))
        segment.append(answer(2))

    assert segment.path.read_bytes().count(b"\n") == 2
    with journal.pending() as pending:
        assert json.loads(bytes(pending.read(1).body)) == json.loads(body)
        assert title_of(pending.read(2)) == "Alien"


def test_the_newest_answer_of_a_segment_wins(journal: Journal) -> None:
    write(journal, (1, "old", 0), (2, "other", 0), (1, "new", 5))

    with journal.pending() as pending:
        assert titles(pending) == {1: "new", 2: "other"}


@pytest.mark.parametrize("minutes", [(0, 5), (5, 0)])
def test_the_newest_answer_of_several_segments_wins(journal: Journal, minutes: tuple[int, int]) -> None:
    for minute in minutes:
        write(journal, (1, f"at {minute}", minute))

    with journal.pending() as pending:
        assert titles(pending) == {1: "at 5"}


def test_each_segment_names_the_films_that_it_answers(journal: Journal) -> None:
    first, second = write(journal, (1, "a", 0), (2, "b", 1)), write(journal, (2, "c", 2))

    with journal.pending() as pending:
        found = {path: sorted(answered) for path, answered in pending.segments.items()}

    assert found == {first: [1, 2], second: [2]}


def test_an_empty_segment_leaves_no_file(journal: Journal) -> None:
    with journal.new_segment():
        pass

    assert list(journal.folder.iterdir()) == []


def test_a_segment_never_writes_into_a_file_that_is_there(journal: Journal) -> None:
    path = write(journal, (1, "a", 0))

    with pytest.raises(FileExistsError):
        type(journal.new_segment())(path)

    with journal.pending() as pending:
        assert titles(pending) == {1: "a"}


@pytest.mark.parametrize("kept", [1, 30, -1])
def test_a_torn_last_line_is_dropped(journal: Journal, kept: int, caplog: pytest.LogCaptureFixture) -> None:
    path = write(journal, (1, "whole", 0), (2, "torn", 0))
    whole, torn = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(whole + torn[:kept])

    with journal.pending() as pending:
        assert titles(pending) == {1: "whole"}

    assert caplog.records == []


@pytest.mark.parametrize(
    "damage",
    [b"\x00" * 40, b"{}", b"", b'{"tmdb_id":', b"[1]", b'{"tmdb_id":2,"outcome":"\xff"}', b"\xff\xfe"],
)
def test_a_damaged_line_is_skipped_with_a_warning(
    journal: Journal, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(journal, (1, "before", 0), (3, "after", 0))
    before, after = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(before + damage + b"\n" + after)

    with caplog.at_level(logging.WARNING), journal.pending() as pending:
        assert titles(pending) == {1: "before", 3: "after"}

    [warning] = caplog.messages
    assert f"byte {len(before)}" in warning


def test_what_other_processes_append_meanwhile_does_not_disturb_reading(journal: Journal) -> None:
    with journal.new_segment() as segment:
        segment.append(answer(1))
        with journal.pending() as pending:
            segment.append(answer(1, "newer", minute=9))

            assert titles(pending) == {1: "Alien"}


def test_every_acknowledged_answer_of_a_killed_writer_is_read_back(journal: Journal) -> None:
    for _ in range(5):
        acknowledged = _killed_writer(journal.folder)

        with journal.pending() as pending:
            assert sorted(pending.positions)[:acknowledged] == list(range(1, acknowledged + 1))
            for number in range(1, acknowledged + 1):
                assert len(title_of(pending.read(number))) == (1 + number * 7919 % 40) * 1000
        for path in pending.segments:
            assert journal.seal(path)


def _killed_writer(folder: Path) -> int:
    """Kill a writer in the middle of it and return the last number that it said."""
    command = [sys.executable, "-m", "tmdb_assets_tests.storage.answers", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        for line in writer.stdout:
            if int(line) >= 200:
                writer.send_signal(signal.SIGKILL)
                break
        said = writer.stdout.read().split("\n")[:-1]
    return int(said[-1]) if said else 200


def test_a_full_disk_is_an_error_that_loses_nothing_before_it(journal: Journal) -> None:
    size = len(msgspec.json.encode(answer(0, "x" * 700))) + 1

    with journal.new_segment() as segment, room_for(20 * size + 100):
        for number in range(20):
            segment.append(answer(number, "x" * 700))
        with pytest.raises(OSError, match="full"):
            segment.append(answer(20, "x" * 700))

    with journal.pending() as pending:
        assert sorted(pending.positions) == list(range(20))
    assert segment.path.read_bytes().endswith(b"}\n")


def test_a_segment_goes_on_when_the_disk_has_room_again(journal: Journal) -> None:
    with journal.new_segment() as segment:
        with room_for(500), pytest.raises(OSError, match="full"):
            segment.append(answer(1, "x" * 700))
        segment.append(answer(2))

    with journal.pending() as pending:
        assert titles(pending) == {2: "Alien"}


def test_a_disk_without_any_room_is_an_error(journal: Journal) -> None:
    with journal.new_segment() as segment, room_for(0), pytest.raises(OSError, match="large"):
        segment.append(answer(1))

    assert list(journal.folder.iterdir()) == []
