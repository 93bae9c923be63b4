import dagster as dg
import pytest

from tmdb_assets.definitions import build_defs
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.settings import Settings
from tmdb_assets.storage.origin import claim_storage
from tmdb_assets.tables import MovieDetail, TmdbExport
from tmdb_assets_tests.tables.rows import detail


def materialized(
    resources: dict[str, object], instance: dg.DagsterInstance, **config: object
) -> dg.ExecuteInProcessResult:
    return (
        build_defs(**resources)
        .resolve_job_def("exports")
        .execute_in_process(
            instance=instance, raise_on_error=False, run_config={"ops": {"tmdb_exports": {"config": config}}}
        )
    )


def sentence(result: dg.ExecuteInProcessResult) -> str:
    [failure] = [event for event in result.all_events if event.is_step_failure]
    return failure.step_failure_data.user_failure_data.description


def test_it_says_which_of_our_films_are_gone(
    fake: FakeTMDB,
    resources: dict[str, object],
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TMDB_EXPORT_BASE_URL", fake.export_base_url)
    claim_storage(Settings.load())
    resource = resources["storage"]
    assert isinstance(resource, StorageResource)
    lake = resource.open().lake
    lake.replace_year(MovieDetail, MovieDetail.frame([detail(1), detail(2)]), 1979)
    fake.add_movie(2, "1979-05-25")

    result = materialized(resources, instance)

    assert result.success
    [event] = result.asset_materializations_for_node("tmdb_exports")
    said = {name: event.metadata[name].value for name in ("films", "new", "vanished", "known_films")}
    assert said == {"films": 1, "new": 0, "vanished": 1, "known_films": 1}
    assert lake.read(TmdbExport)["tmdb_id"].to_list() == [1]


@pytest.mark.usefixtures("fake")
def test_the_exports_of_another_tmdb_than_the_films_are_not_read(
    resources: dict[str, object], instance: dg.DagsterInstance
) -> None:
    """Else every film of a fake would count as vanished."""
    result = materialized(resources, instance)

    assert "TMDB_EXPORT_BASE_URL" in sentence(result)


@pytest.mark.usefixtures("fake")
def test_a_source_that_is_no_export_fails_in_a_sentence(
    resources: dict[str, object], instance: dg.DagsterInstance
) -> None:
    result = materialized(resources, instance, source="/nowhere/movie_ids_03_08_2026.json.gz")

    assert sentence(result).startswith("/nowhere/movie_ids_03_08_2026.json.gz is not there")
