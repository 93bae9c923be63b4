"""A data folder that goes while a run works: what was being written may make it again, empty."""

from pathlib import Path

import pytest

from tmdb_assets.storage.lake import Lake
from tmdb_assets.tables import KeywordId


def test_a_folder_that_was_made_again_meanwhile_is_not_filled(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    lake = Lake(data / "lake")
    lake.replace(KeywordId, KeywordId.frame())
    data.rename(tmp_path / "away")
    (data / "lake").mkdir(parents=True)

    with pytest.raises(FileNotFoundError, match="removed or replaced"):
        lake.replace(KeywordId, KeywordId.frame())

    assert list((data / "lake").iterdir()) == []
