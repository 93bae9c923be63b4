"""What every test starts from: no setting of the machine's, a folder of its own, the real films."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling

SHARED = Path(__file__).resolve().parents[2] / "shared"

settings.register_profile("short", deadline=None)  # the machine may be busy
settings.register_profile("prove", deadline=None, max_examples=300, stateful_step_count=50)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))


@pytest.fixture(autouse=True)
def _isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, no ``.env``, no data folder and no rate limit of the machine reaches a test."""
    for name in list(os.environ):
        if name.startswith(("TMDB_", "DAGSTER_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state-home"))
    monkeypatch.setenv("TMDB_ASSETS_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def films_file() -> Path:
    """Name the file of 4,803 real films."""
    path = SHARED / "films" / "films_2017.jsonl.gz"
    if not path.exists():
        pytest.skip(f"the real films are not beside this checkout: {path}")
    return path


_ONE_AFTER_THE_OTHER = {
    "live/": "dagster",  # started once, rather than by each worker
    "commands/test_dev.py": "dagster",  # two cores serve one Dagster at a time
    "commands/test_dagster_alone.py": "dagster",
    "commands/test_reading.py": "filled",  # a folder is filled once, rather than by each worker
    "commands/test_wrong_input.py": "filled",
    "commands/test_refresh.py": "refresh",
    "commands/test_time_zones.py": "time zones",
    "commands/test_disk_trouble.py": "disk",
    "tmdb/test_pace.py": "pace",  # what is timed is not done beside the four processes of the limiter's
    "tmdb/test_limiter_processes.py": "pace",
    "commands/test_run.py::test_real_films": "pace",
    "proofs/test_concurrency.py": "pace",
    "proofs/test_killed_commands.py": "commands",  # each begins with what the one before it leaves
    "storage/test_state_databases.py": "postgresql",
}


class _ByGroup(LoadGroupScheduling):
    """Sends the tests of a group to one worker, and each of the others to whichever is free.

    pytest 9.2 keeps a test's id where xdist 3.8 does not look, so that its own mark does nothing.
    """

    def _split_scope(self, nodeid: str) -> str:
        place = nodeid.removeprefix("tmdb_assets_tests/")
        groups = (group for start, group in _ONE_AFTER_THE_OTHER.items() if place.startswith(start))
        return next(groups, nodeid)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait for a limit, a timeout or another process."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadGroupScheduling | None:
    """Keep together what must not run at the same time."""
    return _ByGroup(config, log) if config.getvalue("dist") == "loadgroup" else None
