"""Films in a lake, and questions to its snapshot."""

from pathlib import Path

from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets.tables import DiscoveredMovie
from tmdb_assets_tests.tables.rows import discovered


def put(lake: Lake, year: int, *tmdb_ids: int) -> None:
    """Make these the films that were discovered for a year."""
    lake.replace_year(DiscoveredMovie, DiscoveredMovie.frame(discovered(one, year) for one in tmdb_ids), year)


def answers(path: Path, query: str) -> list[tuple[object, ...]]:
    """Ask the snapshot."""
    with open_snapshot(path) as connection:
        return connection.execute(query).fetchall()
