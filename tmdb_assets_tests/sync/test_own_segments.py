from collections.abc import Iterator
from pathlib import Path

import pytest

from tmdb_assets.storage.journal import Journal
from tmdb_assets.sync.details_journal import OwnSegments
from tmdb_assets.sync.doctor.journal import is_written
from tmdb_assets_tests.storage.answers import answer


def with_a_full_one(folder: Path) -> OwnSegments:
    """Begin a second segment: the first is full, of 1999."""
    segments = OwnSegments(Journal(folder))
    while len(segments.paths) == 1:
        segments.append(1999, answer(1))
    return segments


@pytest.fixture
def segments(tmp_path: Path) -> Iterator[OwnSegments]:
    with with_a_full_one(tmp_path / "raw") as segments:
        yield segments


def test_a_full_segment_is_this_run_s_until_its_years_are_stored(segments: OwnSegments) -> None:
    assert [is_written(path) for path in segments.paths] == [True, True]


def test_a_full_segment_is_sealed_once_its_years_are_stored(segments: OwnSegments) -> None:
    full, _ = segments.paths

    segments.seal_stored(1999)

    assert (full.exists(), full.with_suffix(".ndjson.zst").exists()) == (False, True)


def test_the_segments_of_a_run_that_ends_before_it_has_stored_them_are_left(tmp_path: Path) -> None:
    with with_a_full_one(tmp_path / "raw") as segments:
        pass

    assert [is_written(path) for path in segments.paths] == [False, False]
    assert all(path.exists() for path in segments.paths)
