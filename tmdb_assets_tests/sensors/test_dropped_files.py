import asyncio
import datetime as dt
import os
from pathlib import Path

import dagster as dg
import msgspec
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.jobs import carousels_and_snapshot, upload_enrichment
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.uploads import sync_upload
from tmdb_assets.sync.usage import DailyCapReachedError
from tmdb_assets.tables import CuratedCarousel, EnrichedUpload
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets.transforms.upload_files import UploadError
from tmdb_assets.transforms.upload_keys import upload_path
from tmdb_assets_tests.sensors.dropping import KEY, LIST, Folder, definitions, put, session


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


def test_a_list_that_is_removed_while_it_is_enriched_does_not_come_back(
    fake: FakeTMDB, resource: StorageResource, storage: Storage, sensor: Folder, folder: Path
) -> None:
    put(folder / "anna.csv")
    sensor.tick()
    sensor.tick()

    async def remove_meanwhile() -> None:
        async with AsyncTMDBClient(KEY, base_url=fake.base_url, requests_per_second=5000) as client:
            run = SyncRun(run_id="run", on_year=lambda _: (folder / "anna.csv").unlink())
            await sync_upload(client, storage, "anna.csv", run)

    with pytest.raises(UploadError, match="cannot be read"):
        asyncio.run(remove_meanwhile())

    sensor.tick()

    assert resource.open().lake.read(EnrichedUpload).is_empty()
    assert (storage.state.sessions(), storage.state.requested_movies()) == ({}, [])


def test_a_list_whose_run_failed_is_tried_again_when_it_is_dropped_again(
    sensor: Folder, folder: Path, storage: Storage
) -> None:
    put(folder / "anna.csv")
    sensor.tick()
    sensor.tick()
    storage.state.save_session(session("anna.csv", "failed"))
    put(folder / "anna.csv")
    sensor.tick()

    assert [request.partition_key for request in sensor.run_requests()] == ["anna.csv"]


def test_a_damaged_lake_is_a_sentence_instead_of_a_tick(
    sensor: Folder, storage: Storage, folder: Path
) -> None:
    put(folder / "anna.csv")
    sensor.tick()
    storage.lake.replace(EnrichedUpload, EnrichedUpload.frame())
    for entry in (Path(storage.lake.uri) / "enriched_uploads" / "_delta_log").glob("*.json"):
        entry.write_text("damaged")
    (folder / "anna.csv").unlink()

    result = sensor.tick()

    assert isinstance(result, dg.SkipReason)
    assert "tmdb-assets doctor" in (result.skip_message or "")


def test_what_is_no_file_does_not_stop_the_others(sensor: Folder, folder: Path) -> None:
    os.mkfifo(folder / "fifo.csv")
    (folder / "loop.csv").symlink_to("loop.csv")
    (folder / "folder.csv").mkdir()
    put(folder / "anna.csv")
    sensor.tick()

    assert [request.partition_key for request in sensor.run_requests()] == ["anna.csv"]


def test_many_files_are_taken_a_few_at_a_tick(sensor: Folder, folder: Path) -> None:
    """So that a tick stays short, and the other sensors have their turn."""
    for number in range(25):
        put(folder / f"{number:02}.csv")
    sensor.tick()

    taken = [len(sensor.run_requests()) for _ in range(4)]

    assert taken == [10, 10, 5, 0]


@pytest.mark.parametrize(
    "name", ["nbsp\u00a0list.csv", "映画\u3000リスト.csv", "👨‍👩‍👧 family.csv", "line\nbreak.csv"]
)
def test_every_name_that_is_text_is_taken(sensor: Folder, folder: Path, name: str) -> None:
    put(folder / name)
    sensor.tick()

    [request] = sensor.run_requests()

    assert upload_path(str(request.partition_key)) == name


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


@pytest.mark.parametrize(
    ("days_ago", "problem", "resumes"),
    [
        (0, str(DailyCapReachedError(10)), False),
        (1, str(DailyCapReachedError(10)), True),
        (1, "anna.csv is no film list.", False),
    ],
)
def test_a_list_that_the_daily_cap_has_stopped_goes_on_the_next_day(
    sensor: Folder, storage: Storage, folder: Path, days_ago: int, problem: str, *, resumes: bool
) -> None:
    put(folder / "anna.csv")
    sensor.tick()
    [first] = sensor.run_requests()
    stopped_at = dt.datetime.now(dt.UTC) - dt.timedelta(days=days_ago)
    stopped = msgspec.structs.replace(
        session("anna.csv", "failed"), problems=[problem], updated_at=stopped_at
    )
    storage.state.save_session(stopped)

    again, once_more = (sensor.run_requests() for _ in range(2))

    assert [request.partition_key for request in again] == ["anna.csv"] * resumes
    keys = {first.run_key, *(request.run_key for request in (*again, *once_more))}
    assert len(keys) == 1 + resumes  # Dagster launches each key once
