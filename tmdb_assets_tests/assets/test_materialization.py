import dagster as dg
import polars as pl
import pytest
from deltalake import write_deltalake

from tmdb_assets.assets.discovered_movies import discovered_movies
from tmdb_assets.assets.keyword_ids import keyword_ids
from tmdb_assets.assets.movie_details import no_movie_is_in_two_years
from tmdb_assets.definitions import build_defs
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets.tables import (
    LAKE_TABLES,
    DiscoveredMovie,
    EnrichedUpload,
    FailedMovie,
    MovieChange,
    MovieDetail,
    MovieHistory,
    TmdbExport,
)
from tmdb_assets_tests.sync.odd_tmdb import odd_tmdb

OF_OTHER_PARTITIONS = (EnrichedUpload, MovieChange, TmdbExport)
RANGE = {"dagster/asset_partition_range_start": "1999", "dagster/asset_partition_range_end": "2001"}


@pytest.fixture
def storage(resources: dict[str, object]) -> Storage:
    return resources["storage"].open()  # type: ignore[attr-defined] -- resources differ


def materialized(
    resources: dict[str, object], instance: dg.DagsterInstance, **config: object
) -> dg.ExecuteInProcessResult:
    job = build_defs(**resources).resolve_job_def("whole_graph")
    return job.execute_in_process(
        instance=instance,
        tags=RANGE,
        raise_on_error=False,
        run_config={"ops": {name: {"config": values} for name, values in config.items()}},
    )


def films(fake: FakeTMDB) -> None:
    for year in (1999, 2000, 2001):
        for number in range(3):
            fake.add_movie(year * 10 + number, f"{year}-06-01", vote_count=500, popularity=number)


def rows(storage: Storage) -> dict[str, list[tuple[object, ...]]]:
    """Return what a run of the whole graph stores, without the times at which things happened."""
    stored = [
        one for one in LAKE_TABLES if one not in (*OF_OTHER_PARTITIONS, MovieHistory)
    ]  # that one is empty
    times = pl.selectors.matches("_at$|^failure_count$")
    return {one.table: storage.lake.read(one).drop(times).rows() for one in stored}


def years_of(instance: dg.DagsterInstance, asset: str) -> set[str]:
    return instance.get_materialized_partitions(dg.AssetKey(asset))


def test_one_run_materializes_every_table_for_every_year(
    fake: FakeTMDB, resources: dict[str, object], storage: Storage, instance: dg.DagsterInstance
) -> None:
    films(fake)

    result = materialized(resources, instance)

    assert result.success
    assert years_of(instance, "movie_details") == {"1999", "2000", "2001"}
    assert years_of(instance, "failed_movies") == {"1999", "2000", "2001"}
    with open_snapshot(storage.snapshot) as snapshot:
        counted = snapshot.execute(
            "SELECT release_year, count(*) FROM movies GROUP BY ALL ORDER BY 1"
        ).fetchall()
    assert counted == [(1999, 3), (2000, 3), (2001, 3)]


def test_every_year_says_what_it_took(
    fake: FakeTMDB, resources: dict[str, object], instance: dg.DagsterInstance
) -> None:
    films(fake)

    result = materialized(resources, instance)

    by_year = {
        event.partition: event.metadata
        for event in result.asset_materializations_for_node("movie_details")
        if event.asset_key == dg.AssetKey("movie_details")
    }
    assert set(by_year) == {"1999", "2000", "2001"}
    for metadata in by_year.values():
        assert metadata["dagster/partition_row_count"].value == 3
        outcomes = [metadata[f"requests_{outcome}"].value for outcome in ("ok", "not_found", "failed")]
        assert (metadata["requests"].value, outcomes, metadata["retries"].value) == (3, [3, 0, 0], 0)
        assert "Film" in str(metadata["preview"].value)


def test_a_year_says_what_changed_in_its_films_and_no_other_year_does(
    fake: FakeTMDB, resources: dict[str, object], instance: dg.DagsterInstance
) -> None:
    films(fake)
    materialized(resources, instance)
    fake.update_movie(20001, tagline="Again")

    result = materialized(resources, instance, movie_details={"refresh": True})

    seen = {
        event.partition: event.metadata["changes_seen"].value
        for event in result.asset_materializations_for_node("movie_details")
        if event.asset_key == dg.AssetKey("movie_history")
    }
    assert seen == {"1999": 0, "2000": 1, "2001": 0}


def test_materializing_twice_leaves_the_same_rows(
    fake: FakeTMDB, resources: dict[str, object], storage: Storage, instance: dg.DagsterInstance
) -> None:
    films(fake)
    fake.add_movie(7, "1999-01-01", 250606)
    fake.update_movie(7, runtime="odd")
    fake.add_movie(8, "1999-01-01", 250606)
    materialized(resources, instance)
    before = rows(storage)

    again = {"refresh": True}
    materialized(resources, instance, keyword_ids=again, discovered_movies=again, movie_details=again)

    assert all(before.values())
    assert rows(storage) == before


def test_a_failing_run_keeps_the_years_that_were_finished(
    fake: FakeTMDB,
    resources: dict[str, object],
    storage: Storage,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Dagster itself would mark none of them."""
    films(fake)
    for number in range(3, 13):
        fake.add_movie(20010 + number, "2001-06-01", vote_count=500)

    def down_in_2001(path: str) -> tuple[int, bytes] | None:
        return (503, b"") if path.startswith(("/3/movie/2001", "/3/configuration")) else None

    with odd_tmdb(fake, down_in_2001) as failing:
        monkeypatch.setenv("TMDB_BASE_URL", failing.base_url)
        result = materialized(resources, instance)

    assert not result.success
    assert years_of(instance, "movie_details") == {"1999", "2000"}
    assert set(storage.lake.row_counts(MovieDetail)) == {1999, 2000}


def test_a_missing_film_makes_the_check_warn_and_names_it(
    fake: FakeTMDB, resources: dict[str, object], instance: dg.DagsterInstance
) -> None:
    """Partial success is neither red nor silently green."""
    films(fake)
    fake.update_movie(20001, runtime="odd")

    result = materialized(resources, instance)

    assert result.success
    checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
    complete = checks["every_movie_was_obtained"]
    assert (complete.passed, complete.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert complete.metadata["missing_by_year"].value == {"2000": 1}
    assert "20001" in str(complete.metadata["failures"].value)
    assert checks["no_movie_is_in_two_years"].passed


def test_a_film_in_two_years_fails_the_check(
    fake: FakeTMDB, resources: dict[str, object], storage: Storage, instance: dg.DagsterInstance
) -> None:
    films(fake)
    materialized(resources, instance)
    elsewhere = storage.lake.read(MovieDetail, years=[1999]).head(1).with_columns(release_year=1874)
    write_deltalake(f"{storage.lake.uri}/movie_details", elsewhere.cast(MovieDetail.schema()), mode="append")

    check = no_movie_is_in_two_years(resources["storage"])

    assert isinstance(check, dg.AssetCheckResult)
    assert not check.passed
    assert "such as Film 19990 in 1874 and 1999" in (check.description or "")
    assert "| 19990 | Film 19990 | 1874, 1999 |" in str(check.metadata["examples"].value)


def test_an_asset_can_be_called_plainly(
    fake: FakeTMDB, resources: dict[str, object], storage: Storage, instance: dg.DagsterInstance
) -> None:
    films(fake)

    result = dg.materialize(
        [keyword_ids, discovered_movies], instance=instance, partition_key="1999", resources=resources
    )

    assert result.success
    assert storage.lake.row_counts(DiscoveredMovie) == {1999: 3}
    assert storage.lake.read(FailedMovie).is_empty()


@pytest.mark.usefixtures("fake")
def test_a_refused_credential_fails_the_run_in_one_sentence_without_the_key(
    resources: dict[str, object],
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TMDB_API_KEY", "not-a-key-of-ours")

    result = materialized(resources, instance)

    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert "TMDB_API_KEY" in failure.step_failure_data.user_failure_data.description
    stored = str(list(instance.all_logs(result.run_id)))
    assert "not-a-key-of-ours" not in stored


@pytest.mark.usefixtures("fake")
def test_a_run_without_years_says_what_to_choose(
    resources: dict[str, object], instance: dg.DagsterInstance
) -> None:
    job = build_defs(**resources).resolve_job_def("whole_graph")

    result = job.execute_in_process(instance=instance, raise_on_error=False)

    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert "Choose release years" in failure.step_failure_data.user_failure_data.description
