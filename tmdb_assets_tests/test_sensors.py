"""Sensors by their context; ``test_live.py`` has them under a real daemon."""

import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from tmdb_assets.definitions import build_defs
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.jobs import carousels_and_snapshot, upload_enrichment
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.resources.tmdb import TMDBResource
from tmdb_assets.sensors import dropped_files, failed_runs
from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import CuratedCarousel, EnrichedUpload

KEY = "0123456789abcdef0123456789abcdef"
LIST = "Title,Year\nHeat,1995\n"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTMDB]:
    with FakeTMDB(films=0) as fake:
        fake.add_movie(949, "1995-12-15", title="Heat", poster_path="/heat.jpg")
        monkeypatch.setenv("TMDB_BASE_URL", fake.base_url)
        monkeypatch.setenv("TMDB_API_KEY", KEY)
        yield fake


@pytest.fixture
def resource(tmp_path: Path) -> StorageResource:
    return StorageResource(data=str(tmp_path / "data"))


@pytest.fixture
def storage(resource: StorageResource) -> Storage:
    return resource.open()


@pytest.fixture
def folder(storage: Storage) -> Path:
    storage.uploads.mkdir(parents=True)
    return storage.uploads


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


class Folder:
    """The sensor, tick after tick."""

    def __init__(self, resource: StorageResource) -> None:
        self._resource = resource
        self._cursor: str | None = None

    def tick(self) -> dg.SensorResult | dg.SkipReason:
        """Let the sensor look at the folder."""
        context = dg.build_sensor_context(cursor=self._cursor, resources={"storage": self._resource})
        result = dropped_files(context)
        if isinstance(result, dg.SensorResult):
            self._cursor = result.cursor
        assert isinstance(result, dg.SensorResult | dg.SkipReason)
        return result

    def run_requests(self) -> list[dg.RunRequest]:
        """Let it look, and return the runs that it asks for."""
        result = self.tick()
        assert isinstance(result, dg.SensorResult)
        return list(result.run_requests or [])


@pytest.fixture
def sensor(resource: StorageResource) -> Folder:
    return Folder(resource)


def put(path: Path, text: str = LIST) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_dropped_file_becomes_a_partition_and_a_run_at_the_second_look(
    sensor: Folder, folder: Path
) -> None:
    put(folder / "anna.csv")
    first = sensor.run_requests()

    result = sensor.tick()

    assert first == []
    assert isinstance(result, dg.SensorResult)
    assert [request.partition_key for request in result.run_requests or []] == ["anna.csv"]
    [added, removed] = result.dynamic_partitions_requests or []
    assert (added.partition_keys, removed.partition_keys) == (["anna.csv"], [])


def test_nested_files_and_several_at_once_are_a_run_each(sensor: Folder, folder: Path) -> None:
    for name in ("anna.csv", "family/ben, 2024.csv", "curated/Palme d'Or.csv"):
        put(folder / name)
    sensor.tick()

    requests = sensor.run_requests()

    keys = [request.partition_key for request in requests]
    assert keys == ["anna.csv", "curated/Palme d'Or.csv", "family/ben%2C 2024.csv"]
    assert len({request.run_key for request in requests}) == 3


def test_a_half_written_file_is_waited_for(sensor: Folder, folder: Path, storage: Storage) -> None:
    put(folder / "anna.csv", "Title,Year\nHe")
    sensor.tick()
    put(folder / "anna.csv")

    result = sensor.tick()

    assert isinstance(result, dg.SensorResult)
    assert result.run_requests == []
    assert "last byte of anna.csv" in (result.skip_reason.skip_message if result.skip_reason else "")
    assert storage.state.sessions()["anna.csv"].status == "uploading"


def test_a_file_that_was_written_elsewhere_and_moved_in_is_a_run_at_once(
    sensor: Folder, folder: Path, tmp_path: Path
) -> None:
    sensor.tick()
    put(tmp_path / "anna.csv")
    os.utime(tmp_path / "anna.csv", (1_600_000_000, 1_600_000_000))
    (tmp_path / "anna.csv").rename(folder / "anna.csv")

    requests = sensor.run_requests()

    assert [request.partition_key for request in requests] == ["anna.csv"]


def test_a_replaced_file_is_another_run_and_a_touched_one_is_none(sensor: Folder, folder: Path) -> None:
    put(folder / "anna.csv")
    sensor.tick()
    [first] = sensor.run_requests()
    os.utime(folder / "anna.csv", (1_600_000_000, 1_600_000_000))
    touched = [*sensor.run_requests(), *sensor.run_requests()]
    put(folder / "anna.csv", LIST + "Alien,1979\n")
    sensor.tick()

    [second] = sensor.run_requests()

    assert touched == []
    assert first.partition_key == second.partition_key
    assert first.run_key != second.run_key


def test_a_file_that_is_removed_and_dropped_again_is_another_run(sensor: Folder, folder: Path) -> None:
    put(folder / "anna.csv")
    sensor.tick()
    [first] = sensor.run_requests()
    (folder / "anna.csv").unlink()
    sensor.tick()
    put(folder / "anna.csv")
    sensor.tick()

    [second] = sensor.run_requests()

    assert first.run_key != second.run_key


def test_hidden_files_and_those_on_their_way_are_no_lists(sensor: Folder, folder: Path) -> None:
    for name in (".gitkeep", "anna.csv.part", ".cache/anna.csv"):
        put(folder / name)
    sensor.tick()

    result = sensor.tick()

    assert isinstance(result, dg.SensorResult)
    assert (result.run_requests, result.skip_reason) == (
        [],
        dg.SkipReason("Nothing new among 0 film lists."),
    )


def test_the_run_of_a_dropped_file_puts_its_rows_into_the_table(
    fake: FakeTMDB, resource: StorageResource, sensor: Folder, folder: Path, instance: dg.DagsterInstance
) -> None:
    put(folder / "anna.csv")
    sensor.tick()
    [request] = sensor.run_requests()
    job = definitions(resource).resolve_job_def(str(request.job_name))
    instance.add_dynamic_partitions("uploads", [str(request.partition_key)])

    done = job.execute_in_process(instance=instance, partition_key=request.partition_key)

    assert done.success
    assert request.job_name == upload_enrichment.name
    assert resource.open().lake.read(EnrichedUpload)["tmdb_id"].to_list() == [949]
    assert instance.get_materialized_partitions(dg.AssetKey("movie_details")) == {"1995"}
    assert fake.stats()["requests"] == 2


def definitions(resource: StorageResource) -> dg.Definitions:
    return build_defs(storage=resource, tmdb=TMDBResource(requests_per_second=5000))


@pytest.mark.usefixtures("fake")
def test_a_removed_list_leaves_the_table_and_the_carousels(
    resource: StorageResource, sensor: Folder, folder: Path, instance: dg.DagsterInstance
) -> None:
    defs, storage = definitions(resource), resource.open()
    put(folder / "anna.csv")
    sensor.tick()
    [request] = sensor.run_requests()
    instance.add_dynamic_partitions("uploads", ["anna.csv"])
    enrich = defs.resolve_job_def(str(request.job_name))
    enrich.execute_in_process(instance=instance, partition_key="anna.csv")
    follow = defs.resolve_job_def(carousels_and_snapshot.name)
    range_1995 = {
        "dagster/asset_partition_range_start": "1995",
        "dagster/asset_partition_range_end": "1995",
    }
    follow.execute_in_process(instance=instance, tags=range_1995)
    before = storage.lake.row_counts(CuratedCarousel)
    (folder / "anna.csv").unlink()

    result = sensor.tick()

    assert isinstance(result, dg.SensorResult)
    [_, removed] = result.dynamic_partitions_requests or []
    [again] = result.run_requests or []
    follow.execute_in_process(instance=instance, tags=dict(again.tags))
    assert removed.partition_keys == ["anna.csv"]
    assert (before, storage.lake.row_counts(CuratedCarousel)) == ({1995: 1}, {})
    assert storage.lake.read(EnrichedUpload).is_empty()
    assert storage.state.sessions() == {}


def test_an_uploads_folder_that_is_not_there_forgets_nothing(
    sensor: Folder, folder: Path, storage: Storage
) -> None:
    """A disk may be away for a while."""
    put(folder / "anna.csv")
    sensor.tick()
    sensor.tick()
    folder.rename(folder.with_name("away"))

    result = sensor.tick()

    assert isinstance(result, dg.SkipReason)
    assert "make it" in (result.skip_message or "")
    assert "anna.csv" in storage.state.sessions()


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
