import datetime as dt
from pathlib import Path

import dagster as dg
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import DiscoveredMovie, KeywordId, MovieDetail
from tmdb_assets.transforms.years import FIRST_YEAR
from tmdb_assets_tests.schedules.ticks import (
    NIGHTLY,
    THIS_YEAR,
    TODAY,
    launched,
    list_all_years,
    ranges,
    ticked,
)


def test_the_first_night_begins_with_the_keywords_and_the_newest_years(
    defs: dg.Definitions, instance: dg.DagsterInstance, data: Path
) -> None:
    tick = ticked(defs, instance, NIGHTLY)

    [request] = tick.run_requests
    assert dg.AssetKey("keyword_ids") in (request.asset_selection or [])
    assert ranges(tick) == [(THIS_YEAR - 6, THIS_YEAR + 3)]
    assert not data.exists()


def test_the_first_night_fills_an_empty_folder(
    defs: dg.Definitions, instance: dg.DagsterInstance, fake: FakeTMDB, data: Path
) -> None:
    fake.add_movie(1, f"{THIS_YEAR}-01-02", vote_count=500)
    [request] = ticked(defs, instance, NIGHTLY).run_requests

    result = launched(defs, instance, NIGHTLY, request)

    assert result.success
    lake = StorageResource(data=str(data)).open().lake
    assert lake.row_counts(MovieDetail) == {THIS_YEAR: 1}
    assert not lake.read(KeywordId).is_empty()


@pytest.mark.usefixtures("storage")
def test_a_night_stays_within_its_allowance_in_runs_of_ten_years_at_most(
    defs: dg.Definitions, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year of which nothing is known counts 316 requests: 300 films and two lists, one of 15 pages."""
    monkeypatch.setenv("TMDB_ASSETS_NIGHTLY_REQUESTS", str(316 * 23))

    tick = ticked(defs, instance, NIGHTLY)

    newest = THIS_YEAR + 3
    assert ranges(tick) == [(newest - 9, newest), (newest - 19, newest - 10), (newest - 22, newest - 20)]
    assert {request.tags["tmdb_assets/reason"] for request in tick.run_requests} == {"nightly"}
    assert all(dg.AssetKey("keyword_ids") not in request.asset_selection for request in tick.run_requests)


@pytest.mark.usefixtures("storage")
def test_years_for_which_a_run_is_under_way_are_left_to_it(
    defs: dg.Definitions, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMDB_ASSETS_NIGHTLY_REQUESTS", "700")
    start_run_over(defs, instance, THIS_YEAR - 2, THIS_YEAR + 3)

    tick = ticked(defs, instance, NIGHTLY, TODAY + dt.timedelta(minutes=1))

    assert ranges(tick) == [(THIS_YEAR - 4, THIS_YEAR - 3)]


@pytest.mark.usefixtures("storage")
def test_a_run_that_died_long_ago_keeps_no_year_from_its_turn(
    defs: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    start_run_over(defs, instance, FIRST_YEAR, THIS_YEAR + 3)

    tick = ticked(defs, instance, NIGHTLY, TODAY + dt.timedelta(days=2))

    assert tick.run_requests


@pytest.mark.usefixtures("storage")
def test_where_runs_are_under_way_for_all_years_the_night_is_skipped(
    defs: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    start_run_over(defs, instance, FIRST_YEAR, THIS_YEAR + 3)

    tick = ticked(defs, instance, NIGHTLY, TODAY + dt.timedelta(minutes=1))

    assert not tick.run_requests
    assert tick.skip_message == "Runs that are under way ask for all that is due."


def start_run_over(defs: dg.Definitions, instance: dg.DagsterInstance, first: int, last: int) -> None:
    """Let a run over these years be under way."""
    instance.create_run_for_job(
        defs.resolve_job_def("films"),
        status=dg.DagsterRunStatus.STARTED,
        tags={
            "dagster/asset_partition_range_start": str(first),
            "dagster/asset_partition_range_end": str(last),
        },
    )


def test_scattered_years_in_need_become_runs_of_neighbours(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage, fake: FakeTMDB
) -> None:
    list_all_years(storage, but=(1950, 1951, 1990))
    for year in (1950, 1951, 1990):
        fake.add_movie(year, f"{year}-06-01", vote_count=500)

    tick = ticked(defs, instance, NIGHTLY)
    results = [launched(defs, instance, NIGHTLY, request) for request in tick.run_requests]

    assert ranges(tick) == [(1990, 1990), (1950, 1951)]
    assert all(result.success for result in results)
    assert storage.lake.row_counts(DiscoveredMovie) == {1950: 1, 1951: 1, 1990: 1}
    assert storage.lake.row_counts(MovieDetail) == {1950: 1, 1951: 1, 1990: 1}


def test_where_all_is_fresh_the_night_is_skipped_in_plain_words(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage
) -> None:
    list_all_years(storage)

    tick = ticked(defs, instance, NIGHTLY)

    assert not tick.run_requests
    assert tick.skip_message == (
        f"All {THIS_YEAR + 4 - 1874} release years are fresh: there is nothing to ask for."
    )


def test_a_year_that_takes_more_than_the_allowance_is_asked_for_in_part(
    defs: dg.Definitions,
    instance: dg.DagsterInstance,
    storage: Storage,
    fake: FakeTMDB,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a change of the country all details are due again."""
    list_all_years(storage, but=[1950])
    for number in range(1, 31):
        fake.add_movie(number, "1950-06-01", vote_count=500)
    [request] = ticked(defs, instance, NIGHTLY).run_requests
    launched(defs, instance, NIGHTLY, request)
    monkeypatch.setenv("TMDB_REGION", "DK")
    monkeypatch.setenv("TMDB_ASSETS_NIGHTLY_REQUESTS", "12")
    before = len(fake.requests)

    [request] = ticked(defs, instance, NIGHTLY, TODAY + dt.timedelta(hours=1)).run_requests
    launched(defs, instance, NIGHTLY, request)

    assert len(fake.requests) - before == 12
    assert storage.lake.row_counts(MovieDetail) == {1950: 30}


def test_a_night_stays_within_what_the_daily_cap_has_left(
    defs: dg.Definitions,
    instance: dg.DagsterInstance,
    storage: Storage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A year that nobody knows is taken for 316 requests; the allowance would be 10,000."""
    monkeypatch.setenv("TMDB_ASSETS_DAILY_REQUESTS", "5000")
    storage.state.add_usage(TODAY.date(), "movie_details", {"request_count": 4300})

    tick = ticked(defs, instance, NIGHTLY)

    assert sum(last - first + 1 for first, last in ranges(tick)) == 2
