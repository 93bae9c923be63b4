from pathlib import Path

import dagster as dg

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.commands.running import details_asked, environment, finished, start


def test_dagster_sees_the_years_and_the_checks(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with FakeTMDB(films=300) as fake:
        finished("run", "--years", "2019-2020", env=environment(fake, data))

    with dg.DagsterInstance.from_config(str(data / "dagster")) as instance:
        years = [
            instance.get_materialized_partitions(dg.AssetKey(name))
            for name in ("movie_details", "curated_carousels")
        ]
        [run] = instance.get_runs()
        logged = [entry.dagster_event for entry in instance.all_logs(run.run_id)]
    checks = [
        event for event in logged if event and event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ]
    assert years == [{"2019", "2020"}] * 2
    assert run.status == dg.DagsterRunStatus.SUCCESS
    assert len(checks) == 11


def test_a_run_that_was_killed_is_closed_by_the_next(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with FakeTMDB(films=300, latency_ms=50) as fake:
        env = environment(fake, data)
        with start("run", "--years", "2019-2020", env=env) as killed:
            while not details_asked(fake):
                assert killed.poll() is None
            killed.kill()
        finished("run", "--years", "2019-2020", env=env)

    with dg.DagsterInstance.from_config(str(data / "dagster")) as instance:
        statuses = [run.status for run in instance.get_runs()]
    assert statuses == [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
