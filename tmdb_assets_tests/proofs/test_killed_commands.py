"""A command that is killed and given again does what it would have done: one instant of each."""

from collections.abc import Iterator

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.proofs.command_points import KILLED_COMMANDS
from tmdb_assets_tests.proofs.file_operations import can_watch
from tmdb_assets_tests.proofs.killed_commands import FILMS, Commands

pytestmark = pytest.mark.skipif(not can_watch(), reason="this kernel does not let a process be watched")


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """Make the folders that the commands find."""
    with FakeTMDB(films=FILMS) as fake:
        yield Commands(tmp_path_factory.mktemp("commands"), fake)


@pytest.mark.parametrize("name", KILLED_COMMANDS)
def test_killed_and_given_again_it_leaves_what_it_leaves_undisturbed(commands: Commands, name: str) -> None:
    found = commands.killed_at(name, KILLED_COMMANDS[name].points[0])

    assert found.was_killed
    assert found.returncode == 0, found.says
    assert found.rows == found.expected
    assert found.rebuilt == found.rows
    assert found.temporary == []
    assert found.uncommitted == []
    assert found.is_state_whole
