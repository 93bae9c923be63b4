import datetime as dt
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

import dagster as dg
import pytest

from tmdb_assets.assets.configuration import DiscoveryConfig
from tmdb_assets.definitions import build_defs
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.partitions import YEARS_AHEAD
from tmdb_assets.resources.progress import ProgressResource
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.resources.tmdb import TMDBResource
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.discovery_plan import DiscoveryQuestion
from tmdb_assets.tables import DiscoveredMovie, KeywordId, MovieDetail
from tmdb_assets.transforms.years import FIRST_YEAR
from tmdb_assets_tests.tables.rows import audit, keyword

KEY = "0123456789abcdef0123456789abcdef"
TODAY = dt.datetime.now(dt.UTC)
THIS_YEAR = TODAY.year
SCHEDULES = ("keywords_weekly", "current_years_daily", "rolling_backfill_nightly")
NIGHTLY = "rolling_backfill_nightly"


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTMDB]:
    """Start a fake without films, and make it the environment's TMDB."""
    with FakeTMDB(films=0) as fake:
        monkeypatch.setenv("TMDB_BASE_URL", fake.base_url)
        monkeypatch.setenv("TMDB_API_KEY", KEY)
        yield fake


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Name a data folder that is not there yet."""
    return tmp_path / "data"


@pytest.fixture
def defs(data: Path) -> dg.Definitions:
    return build_defs(
        tmdb=TMDBResource(requests_per_second=5000),
        storage=StorageResource(data=str(data)),
        progress=ProgressResource(),
    )


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """Open an instance on the disk: a schedule's context takes no other."""
    home = tmp_path / "dagster"
    home.mkdir()
    with dg.DagsterInstance.local_temp(str(home)) as instance:
        yield instance


@pytest.fixture
def storage(defs: dg.Definitions) -> Storage:
    """Open the storage, in which a theme's keyword is known."""
    storage = defs.resources["storage"].open_to_fetch()
    storage.lake.replace(KeywordId, KeywordId.frame([keyword("space", 9882)]))
    return storage


def ticked(
    defs: dg.Definitions, instance: dg.DagsterInstance, name: str, at: dt.datetime = TODAY
) -> "dg.ScheduleExecutionData":
    repository = defs.get_repository_def()
    with dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=at,
        repository_def=repository,
        resources={key: defs.resources[key] for key in ("tmdb", "storage")},
    ) as context:
        return repository.get_schedule_def(name).evaluate_tick(context)


def ranges(tick: "dg.ScheduleExecutionData") -> list[tuple[int, int]]:
    found = [request.partition_key_range for request in tick.run_requests]
    return [(int(one.start), int(one.end)) for one in found if one]


def launched(
    defs: dg.Definitions, instance: dg.DagsterInstance, name: str, request: dg.RunRequest
) -> dg.ExecuteInProcessResult:
    """Do what the daemon does with a run request, in this process."""
    job = defs.get_repository_def().get_schedule_def(name).job_name
    return defs.resolve_job_def(job).execute_in_process(
        instance=instance,
        run_config=request.run_config,
        tags=dict(request.tags),
        asset_selection=request.asset_selection,
        raise_on_error=False,
    )


def list_all_years(storage: Storage, *, but: Collection[int] = ()) -> None:
    """Let all years be listed, without films, except some that were never asked for."""
    question = DiscoveryQuestion(DiscoveryConfig().min_votes, (9882,), "en-US")
    for year in range(FIRST_YEAR, THIS_YEAR + YEARS_AHEAD + 1):
        if year not in but:
            storage.state.add_audit(
                audit(
                    asset="discovered_movies",
                    year=year,
                    fingerprint=question.fingerprint,
                    request_count=2,
                    row_count=0,
                    missing_count=0,
                    finished_at=TODAY,
                )
            )


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_runs_by_itself_at_utc_and_says_what_it_does(defs: dg.Definitions, name: str) -> None:
    schedule = defs.get_repository_def().get_schedule_def(name)

    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert schedule.execution_timezone == "UTC"
    assert "UTC" in (schedule.description or "")
    assert schedule.tags


@pytest.mark.parametrize("name", SCHEDULES)
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
    newest = THIS_YEAR + 3
    instance.create_run_for_job(
        defs.resolve_job_def("films"),
        status=dg.DagsterRunStatus.STARTED,
        tags={
            "dagster/asset_partition_range_start": str(newest - 5),
            "dagster/asset_partition_range_end": str(newest),
        },
    )

    tick = ticked(defs, instance, NIGHTLY, TODAY + dt.timedelta(minutes=1))

    assert ranges(tick) == [(newest - 7, newest - 6)]


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


@pytest.mark.parametrize("name", SCHEDULES)
def test_without_a_credential_a_tick_says_what_to_set_and_touches_nothing(
    defs: dg.Definitions,
    instance: dg.DagsterInstance,
    data: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TMDB_API_KEY")

    tick = ticked(defs, instance, name)

    assert not tick.run_requests
    assert "TMDB_API_KEY" in (tick.skip_message or "")
    assert not data.exists()


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.usefixtures("storage")
def test_films_of_another_origin_are_left_alone(
    defs: dg.Definitions, instance: dg.DagsterInstance, data: Path, name: str
) -> None:
    (data / "origin.json").write_text('{"base_url": "https://tmdb.example/3"}')

    tick = ticked(defs, instance, name)

    assert not tick.run_requests
    assert "https://tmdb.example/3" in (tick.skip_message or "")


def test_a_damaged_lake_is_a_sentence_not_a_traceback(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage
) -> None:
    shutil.rmtree(Path(storage.lake.uri) / "keyword_ids" / "_delta_log")
    (Path(storage.lake.uri) / "keyword_ids" / "_delta_log").mkdir()
    (Path(storage.lake.uri) / "keyword_ids" / "_delta_log" / f"{0:020}.json").write_text("odd")

    tick = ticked(defs, instance, NIGHTLY)

    assert not tick.run_requests
    assert "A table of the lake cannot be used" in (tick.skip_message or "")


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_damaged_state_is_a_sentence_not_a_traceback(
    defs: dg.Definitions, instance: dg.DagsterInstance, data: Path, name: str
) -> None:
    data.mkdir()
    (data / "state.db").write_text("no database at all, however long one looks at it" * 100)

    tick = ticked(defs, instance, name)

    assert "The state database cannot be used" in (tick.skip_message or "")


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_wrong_setting_is_a_sentence_that_names_it(
    defs: dg.Definitions, instance: dg.DagsterInstance, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMDB_ASSETS_NIGHTLY_REQUESTS", "all")

    tick = ticked(defs, instance, name)

    assert "TMDB_ASSETS_NIGHTLY_REQUESTS" in (tick.skip_message or "")
