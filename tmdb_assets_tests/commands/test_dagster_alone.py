"""`dg dev` and `dagster dev` in a checkout, without our own command."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tmdb_assets_tests.commands.running import environment
from tmdb_assets_tests.commands.serving import START_SECONDS, free_port, serving, wait_until

CHECKOUT = Path(__file__).parents[2]
DG = CHECKOUT / ".venv" / "bin" / "dg"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Lay out what dg and Dagster look for in a checkout."""
    if not DG.exists():
        pytest.skip(f"`make setup` puts dg into {DG.parent}")
    for name in ("pyproject.toml", "dagster.yaml"):
        shutil.copy(CHECKOUT / name, tmp_path)
    (tmp_path / "tmdb_assets").symlink_to(CHECKOUT / "tmdb_assets")
    return tmp_path


@pytest.mark.parametrize("command", ["dg", "dagster"])
def test_it_serves_our_assets_from_the_checkouts_own_settings(checkout: Path, command: str) -> None:
    port = free_port()
    env = environment(None, checkout / "data")
    started = [str(DG.with_name(command)), "dev", "--port", str(port)]

    with serving(started, port, env, checkout) as server:
        assets = wait_until(server.assets, seconds=START_SECONDS, process=server.process)

    assert {"keyword_ids", "discovered_movies", "movie_details", "warehouse"} <= assets
    assert (checkout / "data" / "dagster" / "history" / "runs.db").exists()


@pytest.mark.parametrize("what", ["check", "list"])
def test_dg_finds_nothing_wrong(checkout: Path, what: str) -> None:
    done = subprocess.run(
        [str(DG), what, "defs"],
        env=environment(None, checkout / "data"),
        cwd=checkout,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
