"""What the live tests share: `tmdb-assets dev` over a fake TMDB, and twelve years backfilled."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets_tests.live.running import Dagster, free_port

KEY = "0123456789abcdef0123456789abcdef"
REQUESTS_PER_SECOND = 200
YEARS = range(2009, 2021)


@pytest.fixture(scope="session")
def dagster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dagster]:
    """Start `tmdb-assets dev` over a fake TMDB, and end it as Ctrl-C does."""
    data, port = tmp_path_factory.mktemp("live") / "data", free_port()
    (data / "uploads").mkdir(parents=True)
    with FakeTMDB(films=600, requests_per_second=REQUESTS_PER_SECOND + 5) as fake:
        outside = {
            name: value for name, value in os.environ.items() if not name.startswith(("TMDB_", "DAGSTER_"))
        }
        env = outside | {
            "TMDB_ASSETS_DATA": str(data),
            "TMDB_BASE_URL": fake.base_url,
            "TMDB_IMAGE_BASE_URL": fake.base_url.removesuffix("/3") + "/t/p",
            "TMDB_API_KEY": KEY,
            "TMDB_REQUESTS_PER_SECOND": str(REQUESTS_PER_SECOND),
            "XDG_STATE_HOME": str(data.parent / "state-home"),
        }
        command = [sys.executable, "-m", "tmdb_assets.cli", "dev", "--port", str(port)]
        with subprocess.Popen(
            command, env=env, cwd=data.parent, stdout=subprocess.PIPE, text=True, start_new_session=True
        ) as process:
            try:
                said = iter(process.stdout or ())
                assert any(str(port) in line for line in said), "`tmdb-assets dev` ended before it was ready"
                yield Dagster(f"http://127.0.0.1:{port}", data, fake)
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(timeout=30)


@pytest.fixture(scope="session")
def backfilled(dagster: Dagster) -> Dagster:
    """Backfill twelve years from the UI, and wait until all that follows from it was made."""
    keywords = dagster.launch("keywords")
    assert dagster.wait_for(lambda: dagster.finished_run(keywords)) == "SUCCESS"
    asked_for = ("discovered_movies", "movie_details", "failed_movies", "movie_history")
    backfill = dagster.backfill(*asked_for, years=YEARS)
    query = """query($id: String!) { partitionBackfillOrError(backfillId: $id) {
        ... on PartitionBackfill { status } } }"""

    def ended() -> str | None:
        status = dagster.ask(query, id=backfill)["partitionBackfillOrError"]["status"]
        return status if status.startswith(("COMPLETED", "FAILED", "CANCELED")) else None

    assert dagster.wait_for(ended, seconds=240) == "COMPLETED_SUCCESS"
    dagster.wait_for(lambda: len(dagster.materialized("curated_carousels")) == len(YEARS) or None)
    dagster.wait_for(lambda: _published_years(dagster) == set(YEARS) or None)
    return dagster


def _published_years(dagster: Dagster) -> set[int]:
    path = dagster.data / "warehouse.duckdb"
    if not path.exists():
        return set()
    with open_snapshot(path) as snapshot:
        query = "SELECT DISTINCT release_year FROM curated_carousels"
        return {year for (year,) in snapshot.execute(query).fetchall()}
