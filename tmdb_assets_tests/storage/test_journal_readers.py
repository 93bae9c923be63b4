import multiprocessing
from pathlib import Path

import msgspec
import polars as pl
import pytest

from tmdb_assets.settings import StoredDataError
from tmdb_assets.storage.journal import Journal
from tmdb_assets.storage.journal_answers import Batch, Reading, batches
from tmdb_assets.storage.journal_readers import Readers
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets_tests.storage.answers import answer


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """Return a journal of two segments, the sealed one of which is cut, and a film that is not there."""
    journal = Journal(tmp_path)
    for first, count in ((1, 300), (301, 12)):
        with journal.new_segment() as segment:
            for tmdb_id in range(first, first + count):
                body = {"id": tmdb_id, "release_date": "1999-01-01", "overview": str(tmdb_id) * 3000}
                segment.append(answer(tmdb_id, body=msgspec.json.encode(body)))
            segment.append(answer(first + count, outcome="not_found"))
        if first == 1:
            journal.seal(segment.path)
            sealed = segment.path.with_suffix(".ndjson.zst")
            sealed.write_bytes(sealed.read_bytes()[:-4])
    return journal


def told(found: list[Batch]) -> tuple[list[object], list[int], int]:
    """Return what answers say, in the order of the films."""
    rows = pl.concat(batch.rows for batch in found).sort("tmdb_id").rows()
    refused = sorted(one.tmdb_id for batch in found for one in batch.refusals)
    return rows, refused, sum(batch.line_count for batch in found)


def sizes(journal: Journal) -> dict[Path, int]:
    """Return segments as if they were equally large: of two processes each has one, three share the lines."""
    return dict.fromkeys(journal.segments(), 1)


@pytest.mark.parametrize("count", [2, 3])
def test_several_processes_read_what_one_reads(journal: Journal, count: int) -> None:
    alone: list[str] = []
    expected = told(list(batches(journal.segments(), Reading(None, ImageURLs(), alone.append))))
    problems: list[str] = []

    with Readers(sizes(journal), Reading(None, ImageURLs(), problems.append), count) as readers:
        found = told(list(readers.batches()))

    assert found == expected
    assert problems == alone
    assert len(alone) == 1


def test_a_reader_that_is_killed_is_a_sentence(journal: Journal) -> None:
    with Readers(sizes(journal), Reading(None, ImageURLs(), pytest.fail), 2) as readers:
        for process in multiprocessing.active_children():
            process.kill()

        with pytest.raises(StoredDataError, match="killed: run the same again"):
            list(readers.batches())


def test_no_process_stays(journal: Journal) -> None:
    with Readers(sizes(journal), Reading(None, ImageURLs(), lambda _: None), 2):
        during = len(multiprocessing.active_children())

    assert (during, multiprocessing.active_children()) == (2, [])
