"""A long wait says why, on the terminal and in the run's log."""

from pathlib import Path

import dagster as dg
import pytest

from tmdb_assets.assets.keyword_ids import keyword_ids
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.resources.progress import ProgressResource
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.resources.tmdb import TMDBResource
from tmdb_assets.tmdb.limiter_local import LocalLimiter, shared_path
from tmdb_assets_tests.commands.running import KEY, environment, start


def test_a_run_that_has_to_wait_says_why_on_the_terminal(tmp_path: Path) -> None:
    with FakeTMDB(films=300) as fake:
        LocalLimiter(shared_path(fake.base_url, KEY), 38).push(60)
        env = environment(fake, tmp_path / "data", TMDB_REQUESTS_PER_SECOND=38)
        with start("run", "--years", "2020", env=env) as process:
            assert process.stderr
            said = process.stderr.readline()
            process.kill()

    assert said.startswith("keyword_ids: waiting ")
    assert said.endswith(" s: TMDB asked another process for it (429)\n")


def test_a_run_that_has_to_wait_says_why_in_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeTMDB(films=0) as fake, dg.DagsterInstance.ephemeral() as instance:
        monkeypatch.setenv("TMDB_BASE_URL", fake.base_url)
        monkeypatch.setenv("TMDB_API_KEY", KEY)
        monkeypatch.setenv("TMDB_REQUESTS_PER_SECOND", "38")
        LocalLimiter(shared_path(fake.base_url, KEY), 38).push(12)
        result = dg.materialize(
            [keyword_ids],
            instance=instance,
            resources={
                "tmdb": TMDBResource(),
                "storage": StorageResource(data=str(tmp_path / "data")),
                "progress": ProgressResource(),
            },
        )
        logged = [entry.user_message for entry in instance.all_logs(result.run_id)]

    [said] = [line for line in logged if "waiting" in line]
    assert said.startswith("keyword_ids: waiting 1")
    assert said.endswith("s: TMDB asked another process for it (429)")
