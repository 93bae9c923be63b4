"""A run that is killed, again and again, is taken up by the next: ten of the thirty instants."""

from pathlib import Path

import pytest

from tmdb_assets_tests.commands.running import Tables
from tmdb_assets_tests.proofs.crash import killed_at, undisturbed
from tmdb_assets_tests.proofs.crash_points import CRASH_POINTS, CrashPoint
from tmdb_assets_tests.proofs.file_operations import can_watch

pytestmark = pytest.mark.skipif(not can_watch(), reason="this kernel does not let a process be watched")

SHORT = {
    "until films are fetched": [CRASH_POINTS[number] for number in (3, 4, 8, 9, 13)],
    "until all is published": [CRASH_POINTS[number] for number in (14, 19, 20, 23, 29)],
}
"""Instants, in each of which the run that takes up the one before is killed."""


@pytest.fixture(scope="module")
def tables_undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Return the tables of a run that nothing disturbs."""
    return undisturbed(tmp_path_factory.mktemp("undisturbed"))


@pytest.mark.parametrize("points", SHORT.values(), ids=SHORT)
def test_killed_five_times_and_run_again_leaves_the_same_tables(
    tmp_path: Path, tables_undisturbed: Tables, points: list[CrashPoint]
) -> None:
    found = killed_at(points, tmp_path)

    assert found.kills == points
    assert found.returncode == 0, found.says
    assert found.tables == tables_undisturbed
    assert found.asked_again == []
    assert found.temporary == []
    assert found.uncommitted == []
    assert found.is_state_whole
