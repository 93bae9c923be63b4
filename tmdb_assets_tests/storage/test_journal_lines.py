import os
from pathlib import Path

import msgspec
import pytest
import zstandard

from tmdb_assets.storage.journal_lines import lines_of
from tmdb_assets_tests.storage.answers import answer

A_READ = 1 << 15
"""How much of a sealed segment is read at a time."""


def packed(*films: int) -> bytes:
    text = b"".join(msgspec.json.encode(answer(film)) + b"\n" for film in films)
    return zstandard.ZstdCompressor().compress(text)


def skipped(size: int) -> bytes:
    """Return a frame of so many bytes that holds nothing."""
    return b"\x50\x2a\x4d\x18" + (size - 8).to_bytes(4, "little") + os.urandom(size - 8)


def test_a_segment_of_several_frames_is_read_to_its_end(tmp_path: Path) -> None:
    """Compactions of earlier releases wrote an empty second one."""
    path = tmp_path / "x.ndjson.zst"
    path.write_bytes(packed(1, 2) + packed() + packed(3))

    films = [line.tmdb_id for line, _ in lines_of([path], pytest.fail)]

    assert films == [1, 2, 3]


def test_a_frame_that_ends_where_a_read_ends_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "x.ndjson.zst"
    first = packed(1)
    path.write_bytes(skipped(A_READ - len(first)) + first + packed())

    films = [line.tmdb_id for line, _ in lines_of([path], pytest.fail)]

    assert films == [1]


def test_a_cut_second_frame_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "x.ndjson.zst"
    path.write_bytes(packed(1) + packed(2)[:-4])
    said: list[str] = []

    films = [line.tmdb_id for line, _ in lines_of([path], said.append)]

    assert films[:1] == [1]
    assert len(said) == 1
