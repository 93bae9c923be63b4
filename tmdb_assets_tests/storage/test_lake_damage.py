"""A table of the lake whose files are cut: Rust panics, and people get a sentence."""

from pathlib import Path

import polars as pl
import pytest

from tmdb_assets.commands.failures import explained
from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.lake_damage import collected
from tmdb_assets.tables import DiscoveredMovie
from tmdb_assets_tests.storage.films import put


@pytest.fixture
def cut_lake(lake: Lake) -> Lake:
    put(lake, 1999, 1)
    [file] = lake.file_uris(DiscoveredMovie)
    content = Path(file).read_bytes()
    Path(file).write_bytes(content[:6])
    return lake


def test_whoever_looks_for_damage_hears_nothing_of_the_panic(
    cut_lake: Lake, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = collected(cut_lake.scan(DiscoveredMovie))

    assert rows is None
    assert capfd.readouterr().err == ""


def test_a_panic_is_explained_by_a_sentence_with_the_remedy() -> None:
    sentence, exit_code = explained(pl.exceptions.PanicException("called unwrap() on an Err")) or ("", 0)

    assert exit_code == 1
    assert "`tmdb-assets doctor`" in sentence
    assert "unwrap" not in sentence
