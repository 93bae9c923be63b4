import datetime as dt

import dagster as dg
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import KeywordId, MovieDetail
from tmdb_assets_tests.schedules.ticks import ALWAYS_ASKING, SCHEDULES, THIS_YEAR, launched, ranges, ticked


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_runs_by_itself_at_utc_and_says_what_it_does(defs: dg.Definitions, name: str) -> None:
    schedule = defs.get_repository_def().get_schedule_def(name)

    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert schedule.execution_timezone == "UTC"
    assert "UTC" in (schedule.description or "")
    assert schedule.tags


@pytest.mark.parametrize("name", ALWAYS_ASKING)
@pytest.mark.usefixtures("storage")
def test_a_tick_that_is_repeated_asks_for_the_same_runs(
    defs: dg.Definitions, instance: dg.DagsterInstance, name: str
) -> None:
    """Dagster launches one run per schedule, scheduled time and key."""
    first, again = (ticked(defs, instance, name).run_requests for _ in range(2))

    keys = [request.run_key for request in first]
    assert all(keys)
    assert len(set(keys)) == len(keys) > 0
    assert [request.run_key for request in again] == keys


def test_keywords_are_looked_up_every_week_also_when_the_last_time_is_just_not_a_week_ago(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage, fake: FakeTMDB
) -> None:
    [request] = ticked(defs, instance, "keywords_weekly").run_requests
    launched(defs, instance, "keywords_weekly", request)
    asked = len(fake.requests)

    result = launched(defs, instance, "keywords_weekly", request)

    assert result.success
    assert len(fake.requests) == 2 * asked > 0
    assert len(storage.lake.read(KeywordId)) > 1
    assert request.tags["tmdb_assets/reason"] == "weekly"


@pytest.mark.parametrize(
    ("at", "years"),
    [
        (dt.datetime(THIS_YEAR - 1, 12, 31, 23, 59, tzinfo=dt.UTC), (THIS_YEAR - 1, THIS_YEAR)),
        (dt.datetime(THIS_YEAR, 1, 1, 5, tzinfo=dt.UTC), (THIS_YEAR, THIS_YEAR + 1)),
        (
            dt.datetime(THIS_YEAR - 1, 12, 31, 23, tzinfo=dt.timezone(dt.timedelta(hours=-8))),
            (THIS_YEAR, THIS_YEAR + 1),
        ),
    ],
    ids=[
        "the last minute of a year",
        "the first morning of a year",
        "a new year at UTC, not yet in California",
    ],
)
@pytest.mark.usefixtures("storage")
def test_the_current_years_are_those_of_the_tick_at_utc(
    defs: dg.Definitions, instance: dg.DagsterInstance, at: dt.datetime, years: tuple[int, int]
) -> None:
    tick = ticked(defs, instance, "current_years_daily", at)

    assert ranges(tick) == [years]
    assert tick.run_requests[0].tags["tmdb_assets/reason"] == "daily"


def test_the_daily_run_lists_the_current_years_anew_and_keeps_the_films_that_are_fresh(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage, fake: FakeTMDB
) -> None:
    fake.add_movie(1, f"{THIS_YEAR}-01-02", vote_count=500)
    [request] = ticked(defs, instance, "current_years_daily").run_requests
    launched(defs, instance, "current_years_daily", request)
    fake.add_movie(2, f"{THIS_YEAR + 1}-01-02", vote_count=500)

    result = launched(defs, instance, "current_years_daily", request)

    assert result.success
    assert storage.lake.row_counts(MovieDetail) == {THIS_YEAR: 1, THIS_YEAR + 1: 1}
    assert instance.get_materialized_partitions(dg.AssetKey("failed_movies")) == {
        str(THIS_YEAR),
        str(THIS_YEAR + 1),
    }
    assert [request.path for request in fake.requests if request.path.endswith("/movie/1")] == ["/3/movie/1"]
