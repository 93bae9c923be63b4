import dagster as dg
import pytest

from tmdb_assets.jobs import upload_enrichment
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.sensors import failed_runs
from tmdb_assets.storage.folder import Storage
from tmdb_assets_tests.sensors.dropping import definitions, session


@pytest.mark.usefixtures("fake")
def test_an_upload_whose_process_was_killed_is_shown_as_failed(
    resource: StorageResource, storage: Storage, instance: dg.DagsterInstance
) -> None:
    run = instance.create_run_for_job(
        definitions(resource).resolve_job_def(upload_enrichment.name), tags={"dagster/partition": "anna.csv"}
    )
    storage.state.save_session(session("anna.csv", "enriching"))
    failure = instance.report_run_failed(run)
    context = dg.build_run_status_sensor_context(
        sensor_name="failed_runs",
        dagster_instance=instance,
        dagster_run=run,
        dagster_event=failure,
        resources={"storage": resource},
    )

    failed_runs(context.for_run_failure())

    killed = storage.state.sessions()["anna.csv"]
    assert killed.status == "failed"
    assert "re-execute it" in killed.problems[0]


@pytest.mark.usefixtures("fake")
def test_a_failed_run_is_kept_in_one_line(
    resource: StorageResource, storage: Storage, instance: dg.DagsterInstance
) -> None:
    instance.add_dynamic_partitions("uploads", ["gone.csv"])
    job = definitions(resource).resolve_job_def(upload_enrichment.name)
    run = job.execute_in_process(instance=instance, partition_key="gone.csv", raise_on_error=False)
    [failure] = [event for event in run.all_events if event.is_failure and not event.is_step_event]
    context = dg.build_run_status_sensor_context(
        sensor_name="failed_runs",
        dagster_instance=instance,
        dagster_run=run.dagster_run,
        dagster_event=failure,
        resources={"storage": resource},
    )

    failed_runs(context.for_run_failure())

    [failed] = storage.state.failed_runs(since=storage.state.sessions()["gone.csv"].updated_at)
    assert failed.what == "upload_enrichment gone.csv"
    assert "gone.csv cannot be read" in failed.why
    assert "\n" not in failed.why
