import datetime as dt

import dagster as dg
import polars as pl
import pytest

from tmdb_assets.assets.movie_changes import changes_are_read_without_gap
from tmdb_assets.definitions import build_defs
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.partitions import range_tags
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.origin import claim_storage
from tmdb_assets.tables import MovieChange, MovieDetail
from tmdb_assets_tests.tables.rows import audit, detail

TODAY = dt.datetime.now(dt.UTC).date()
ASSET = dg.AssetKey("movie_changes")


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def noon(days: int) -> dt.datetime:
    return dt.datetime.combine(ago(days), dt.time(12), dt.UTC)


@pytest.fixture
def storage(resources: dict[str, object]) -> Storage:
    resource = resources["storage"]
    assert isinstance(resource, StorageResource)
    return resource.open()


def materialized(
    resources: dict[str, object], instance: dg.DagsterInstance, first: dt.date, last: dt.date
) -> dg.ExecuteInProcessResult:
    job = build_defs(**resources).resolve_job_def("changes")
    return job.execute_in_process(instance=instance, tags=range_tags(first, last), raise_on_error=False)


def test_a_run_over_several_days_stores_each_and_shows_the_films_that_we_know(
    fake: FakeTMDB, resources: dict[str, object], storage: Storage, instance: dg.DagsterInstance
) -> None:
    claim_storage(Settings.load())
    storage.lake.replace_year(MovieDetail, MovieDetail.frame([detail(1, title="Alien")]), 1979)
    fake.add_movie(1, "1979-05-25", at=noon(2))
    fake.add_movie(2, "1979-05-25", at=noon(2))
    fake.add_movie(3, "1979-05-25", at=noon(1))

    result = materialized(resources, instance, ago(3), ago(1))

    assert result.success
    assert storage.lake.read(MovieChange).select("day", "tmdb_id").rows() == [
        (ago(2), 1),
        (ago(2), 2),
        (ago(1), 3),
    ]
    said = {
        event.partition: event.metadata for event in result.asset_materializations_for_node(ASSET.path[0])
    }
    assert set(said) == {str(ago(3)), str(ago(2)), str(ago(1))}
    assert {day: metadata["known_films"].value for day, metadata in said.items()}[str(ago(2))] == 1
    assert "Alien" in str(said[str(ago(2))]["preview"].value)


def test_materializing_a_day_twice_leaves_the_same_rows(
    fake: FakeTMDB, resources: dict[str, object], storage: Storage, instance: dg.DagsterInstance
) -> None:
    fake.add_movie(1, "1979-05-25", at=noon(1))
    materialized(resources, instance, ago(1), ago(1))
    before = storage.lake.read(MovieChange)

    result = materialized(resources, instance, ago(1), ago(1))

    assert result.success
    assert len(before) == 1
    assert storage.lake.read(MovieChange).equals(before)


def test_days_that_were_read_stay_materialized_where_a_later_one_fails(
    fake: FakeTMDB,
    resources: dict[str, object],
    storage: Storage,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del fake
    down = ",".join(f"503@{number}" for number in range(2, 100))
    with FakeTMDB(films=0, faults=down) as failing:
        failing.add_movie(1, "1979-05-25", at=noon(2))
        failing.add_movie(2, "1979-05-25", at=noon(1))
        monkeypatch.setenv("TMDB_BASE_URL", failing.base_url)

        result = materialized(resources, instance, ago(2), ago(1))

    assert not result.success
    assert instance.get_materialized_partitions(ASSET) == {str(ago(2))}
    assert storage.lake.read(MovieChange)["tmdb_id"].to_list() == [1]


@pytest.mark.usefixtures("fake")
def test_a_run_without_days_says_what_to_choose(
    resources: dict[str, object], instance: dg.DagsterInstance
) -> None:
    job = build_defs(**resources).resolve_job_def("changes")

    result = job.execute_in_process(instance=instance, raise_on_error=False)

    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert "Choose days" in failure.step_failure_data.user_failure_data.description


def test_today_is_no_partition_before_it_is_over() -> None:
    keys = build_defs().resolve_asset_graph().get(ASSET).partitions_def.get_partition_keys()

    assert (keys[0], keys[-1]) == ("2026-01-01", str(ago(1)))


def test_missed_days_are_named_and_it_is_said_what_happens_instead(
    resources: dict[str, object], storage: Storage
) -> None:
    for days in (20, 19, 18, 15):
        storage.state.add_audit(
            audit(asset="movie_changes", year=None, fingerprint=str(ago(days)), missing_count=0)
        )

    check = changes_are_read_without_gap(resources["storage"])

    assert isinstance(check, dg.AssetCheckResult)
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert f"2 days are missed: {ago(17)}, {ago(16)}. " in (check.description or "")
    assert "by their age instead" in (check.description or "")
    assert check.metadata["missed_days"].value == [str(ago(17)), str(ago(16))]


@pytest.mark.parametrize(("missing", "passed"), [(0, True), (3, False)])
def test_a_day_of_which_changes_are_missing_is_named_until_it_is_read_whole(
    resources: dict[str, object],
    storage: Storage,
    missing: int,
    passed: bool,  # noqa: FBT001 -- pytest gives it by name
) -> None:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for finished_at, count in ((at, 5), (at + dt.timedelta(hours=1), missing)):
        storage.state.add_audit(
            audit(
                asset="movie_changes",
                year=None,
                fingerprint=str(ago(3)),
                missing_count=count,
                finished_at=finished_at,
            )
        )

    check = changes_are_read_without_gap(resources["storage"])

    assert isinstance(check, dg.AssetCheckResult)
    assert check.passed is passed
    assert ("3 promised changes are missing" in (check.description or "")) is not passed


def test_without_any_day_there_is_no_gap(resources: dict[str, object], storage: Storage) -> None:
    assert storage.lake.scan(MovieChange).select(pl.len()).collect().item() == 0

    check = changes_are_read_without_gap(resources["storage"])

    assert isinstance(check, dg.AssetCheckResult)
    assert check.passed
