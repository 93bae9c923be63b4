import io
import multiprocessing
from pathlib import Path

import msgspec
import pytest
import zstandard

from tmdb_assets.storage.journal import Journal
from tmdb_assets.storage.segment import JournalLine
from tmdb_assets_tests.storage.answers import answer, title_of, write_short_segments


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "raw")


def written(journal: Journal, *tmdb_ids: int) -> Path:
    with journal.new_segment() as segment:
        for tmdb_id in tmdb_ids:
            segment.append(answer(tmdb_id))
    return segment.path


def sealed(path: Path) -> list[JournalLine]:
    """Read a sealed segment to its end."""
    with path.open("rb") as file:
        text = io.BytesIO(zstandard.ZstdDecompressor().stream_reader(file).read())
    return [msgspec.json.decode(line, type=JournalLine) for line in text]


def test_a_sealed_segment_is_one_compressed_file_with_all_its_lines(journal: Journal) -> None:
    path = written(journal, 1, 2, 3)

    assert journal.seal(path)

    [file] = journal.folder.iterdir()
    assert file.name == f"{path.stem}.ndjson.zst"
    assert sealed(file) == [answer(1), answer(2), answer(3)]


def test_a_sealed_segment_is_not_pending(journal: Journal) -> None:
    journal.seal(written(journal, 1))

    with journal.pending() as pending:
        assert (pending.positions, pending.segments) == ({}, {})


def test_a_segment_is_not_sealed_while_it_is_written(journal: Journal) -> None:
    with journal.new_segment() as segment:
        segment.append(answer(1))

        assert not journal.seal(segment.path)

    assert [file.name for file in journal.folder.iterdir()] == [segment.path.name]
    assert journal.seal(segment.path)


def test_a_segment_is_not_sealed_beyond_what_was_read_of_it(journal: Journal) -> None:
    with journal.new_segment() as segment, journal.pending() as pending:
        segment.append(answer(1))

    assert not journal.seal(segment.path, up_to=pending.read_up_to(segment.path))

    with journal.pending() as pending:
        assert set(pending.positions) == {1}
    assert journal.seal(segment.path, up_to=pending.read_up_to(segment.path))


def test_sealing_what_another_process_has_sealed_is_fine(journal: Journal) -> None:
    path = written(journal, 1)
    journal.seal(path)

    assert journal.seal(path)

    assert len(list(journal.folder.iterdir())) == 1


def test_a_torn_last_line_is_not_sealed(journal: Journal) -> None:
    path = written(journal, 1)
    with path.open("ab") as file:
        file.write(b'{"tmdb_id":2,"answ')

    journal.seal(path)

    [file] = journal.folder.iterdir()
    assert sealed(file) == [answer(1)]


def test_what_a_killed_sealer_left_is_removed(journal: Journal) -> None:
    path = written(journal, 1)
    path.with_suffix(".1.tmp").write_bytes(b"half")

    journal.seal(path)

    [file] = journal.folder.iterdir()
    assert sealed(file) == [answer(1)]


def test_a_segment_of_a_sealer_killed_before_it_removed_it_is_not_read_again(journal: Journal) -> None:
    path = written(journal, 1)
    content = path.read_bytes()
    journal.seal(path)
    path.write_bytes(content)

    with journal.pending() as pending:
        assert pending.positions == {}

    assert not path.exists()


def test_reading_goes_on_while_another_process_seals(journal: Journal) -> None:
    path = written(journal, 1, 2)
    with journal.pending() as pending:
        assert Journal(journal.folder).seal(path)

        assert title_of(pending.read(2)) == "Alien"


def test_no_answer_is_lost_to_another_process_that_seals_all_it_can(journal: Journal) -> None:
    """A segment that was just made looks like one whose answers are all stored: it has none."""
    spawn = multiprocessing.get_context("spawn")
    arguments = [(str(journal.folder), first, 150) for first in (1000, 2000)]
    writers = [spawn.Process(target=write_short_segments, args=each) for each in arguments]
    for writer in writers:
        writer.start()

    while any(writer.is_alive() for writer in writers):
        for path in journal.folder.glob("*.ndjson"):
            journal.seal(path)
    for path in journal.folder.glob("*.ndjson"):
        journal.seal(path)

    assert [writer.exitcode for writer in writers] == [0, 0]
    kept = [line.tmdb_id for file in journal.folder.iterdir() for line in sealed(file)]
    assert sorted(kept) == [*range(1000, 1150), *range(2000, 2150)]
