"""A run that is killed, again and again, is taken up by the next: five of the thirty instants."""

from pathlib import Path

import pytest

from tmdb_assets_tests.commands.running import Tables
from tmdb_assets_tests.proofs.crash import killed_at, undisturbed
from tmdb_assets_tests.proofs.crash_points import CRASH_POINTS, CrashPoint
from tmdb_assets_tests.proofs.file_operations import can_watch

pytestmark = pytest.mark.skipif(not can_watch(), reason="this kernel does not let a process be watched")

SHORT = {
    "looking up keywords": CRASH_POINTS[3:5],
    "discovering": CRASH_POINTS[8:10],
    "fetching": CRASH_POINTS[13:15],
    "committing a year": CRASH_POINTS[19:21],
    "sealing and publishing": (CRASH_POINTS[23], CRASH_POINTS[29]),
}
"""Five instants, each with another one at which the run that takes it up is killed, too."""


@pytest.fixture(scope="module")
def tables_undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Return the tables of a run that nothing disturbs."""
    return undisturbed(tmp_path_factory.mktemp("undisturbed"))


@pytest.mark.parametrize("points", SHORT.values(), ids=SHORT)
def test_killed_twice_and_run_again_leaves_the_same_tables(
    tmp_path: Path, tables_undisturbed: Tables, points: tuple[CrashPoint, ...]
) -> None:
    found = killed_at(points, tmp_path)

    assert found.kills == list(points)
    assert found.returncode == 0, found.says
    assert found.tables == tables_undisturbed
    assert found.asked_again == []
    assert found.temporary == []
    assert found.is_state_whole
