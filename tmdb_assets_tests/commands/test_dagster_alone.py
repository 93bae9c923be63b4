"""`dg dev` in a checkout, without our own command."""

import shutil
from pathlib import Path

import pytest

from tmdb_assets_tests.commands.running import environment
from tmdb_assets_tests.commands.serving import START_SECONDS, free_port, serving, wait_until

pytestmark = pytest.mark.xdist_group("dagster")

CHECKOUT = Path(__file__).parents[2]
DG = CHECKOUT / ".venv" / "bin" / "dg"


def test_dg_dev_serves_our_assets_from_the_checkouts_own_settings(tmp_path: Path) -> None:
    if not DG.exists():
        pytest.skip(f"`make setup` puts dg into {DG.parent}")
    for name in ("pyproject.toml", "dagster.yaml"):
        shutil.copy(CHECKOUT / name, tmp_path)
    (tmp_path / "tmdb_assets").symlink_to(CHECKOUT / "tmdb_assets")
    port = free_port()

    with serving(
        [str(DG), "dev", "--port", str(port)], port, environment(None, tmp_path / "data"), tmp_path
    ) as server:
        assets = wait_until(server.assets, seconds=START_SECONDS, process=server.process)

    assert {"keyword_ids", "discovered_movies", "movie_details", "warehouse"} <= assets
    assert (tmp_path / "data" / "dagster" / "history" / "runs.db").exists()
