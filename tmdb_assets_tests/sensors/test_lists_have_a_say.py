import dagster as dg

from tmdb_assets.jobs import carousels_and_snapshot
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import MovieDetail
from tmdb_assets_tests.sensors.dropping import Say, session
from tmdb_assets_tests.tables.rows import detail


def test_carousels_of_all_years_with_films_are_made_again_once_after_a_list(
    resource: StorageResource, storage: Storage
) -> None:
    for year in (1995, 2001):
        storage.lake.replace_year(MovieDetail, MovieDetail.frame([detail(year, year)]), year)
    say = Say(resource)
    before = say.run_requests()
    storage.state.save_session(session("anna.csv", "completed"))

    [request], after = say.run_requests(), say.run_requests()

    assert (before, after) == ([], [])
    assert request.job_name == carousels_and_snapshot.name
    assert request.tags["dagster/asset_partition_range_start"] == "1995"
    assert request.tags["dagster/asset_partition_range_end"] == "2001"


def test_several_lists_at_once_are_waited_for(resource: StorageResource, storage: Storage) -> None:
    storage.state.save_session(session("anna.csv", "completed"))
    storage.state.save_session(session("ben.csv", "enriching"))
    say = Say(resource)
    while_one_is_enriched = say.run_requests()
    storage.state.save_session(session("ben.csv", "completed"))

    [request] = say.run_requests()

    assert while_one_is_enriched == []
    assert request.asset_selection == [dg.AssetKey("warehouse")]  # there are no films yet
