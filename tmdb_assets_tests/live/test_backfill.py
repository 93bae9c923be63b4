"""The graph as it lives: the real daemon, the UI's own GraphQL."""

import datetime as dt

import pytest

from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets.storage.state import State
from tmdb_assets.tables import EnrichedUpload, FailedRun, MovieDetail
from tmdb_assets_tests.commands.running import environment, finished
from tmdb_assets_tests.live.conftest import REQUESTS_PER_SECOND, YEARS
from tmdb_assets_tests.live.running import Dagster

FOREVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
pytestmark = pytest.mark.timeout(600)


def test_a_backfill_of_twelve_years_materializes_each(backfilled: Dagster) -> None:
    years = [str(year) for year in YEARS]

    assert backfilled.materialized("discovered_movies") == years
    assert backfilled.materialized("movie_details") == years
    assert set(Lake(backfilled.data / "lake").row_counts(MovieDetail)) == set(YEARS)


def test_a_backfill_runs_ten_years_at_a_time(backfilled: Dagster) -> None:
    runs = [
        run
        for run in backfilled.runs()
        if any(tag["key"] == "dagster/backfill" for tag in run["tags"])
        and {"path": ["movie_details"]} in (run["assetSelection"] or [])
    ]

    assert [run["status"] for run in runs] == ["SUCCESS", "SUCCESS"]


def test_the_runs_of_a_backfill_share_one_budget(backfilled: Dagster) -> None:
    stats = backfilled.fake.stats()

    assert stats["by_status"].get("429", 0) == 0
    assert stats["peak_per_second"] <= REQUESTS_PER_SECOND + 2


def test_carousels_follow_and_are_published(backfilled: Dagster) -> None:
    published = [run for run in backfilled.runs() if {"path": ["warehouse"]} in (run["assetSelection"] or [])]

    with open_snapshot(backfilled.data / "warehouse.duckdb") as snapshot:
        [(yearly, all_time)] = snapshot.execute(
            "SELECT (SELECT count(*) FROM curated_carousels), (SELECT count(*) FROM all_time_carousels)"
        ).fetchall()
    assert 0 < yearly == all_time
    assert len(published) in {1, 2}  # twice, where the last year came a tick after the others


def test_schedules_and_sensors_are_on(backfilled: Dagster) -> None:
    query = """{
        schedulesOrError(repositorySelector: {repositoryLocationName: "tmdb_assets.definitions",
                                              repositoryName: "__repository__"}) {
            ... on Schedules { results { name scheduleState { status } } } }
        sensorsOrError(repositorySelector: {repositoryLocationName: "tmdb_assets.definitions",
                                            repositoryName: "__repository__"}) {
            ... on Sensors { results { name sensorState { status } } } } }"""

    told = backfilled.ask(query)

    schedules = {
        each["name"]: each["scheduleState"]["status"] for each in told["schedulesOrError"]["results"]
    }
    sensors = {each["name"]: each["sensorState"]["status"] for each in told["sensorsOrError"]["results"]}
    assert schedules == dict.fromkeys(
        [
            *("changed_films_hourly", "changes_hourly", "current_years_daily", "exports_daily"),
            *("keywords_weekly", "rolling_backfill_nightly", "upkeep_weekly"),
        ],
        "RUNNING",
    )
    assert sensors == dict.fromkeys(
        ["carousels_and_snapshot_follow", "dropped_files", "failed_runs", "lists_have_a_say"], "RUNNING"
    )


def test_a_file_that_is_no_list_is_a_failed_run_in_one_line_of_status(backfilled: Dagster) -> None:
    (backfilled.data / "uploads" / "export.zip").write_bytes(b"PK\x03\x04 and so on")

    def failures() -> list[FailedRun] | None:
        return State(f"sqlite:///{backfilled.data / 'state.db'}").failed_runs(since=FOREVER) or None

    [failed] = backfilled.wait_for(failures)
    assert failed.what == "upload_enrichment export.zip"
    assert "unpack it" in failed.why
    told = finished("status", env=environment(None, backfilled.data)).stdout
    assert f"{failed.what}: {failed.why}" in told


def test_a_dropped_list_is_enriched_and_published_by_itself(backfilled: Dagster) -> None:
    with open_snapshot(backfilled.data / "warehouse.duckdb") as snapshot:
        [(title, year)] = snapshot.execute("SELECT title, release_year FROM movies LIMIT 1").fetchall()
    before = len(backfilled.fake.requests)
    path = backfilled.data / "uploads" / "family" / "anna.csv"
    path.parent.mkdir()
    path.write_text(f'Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,"{title}",{year},https://a.b/1,4.5\n')

    def rows() -> list[dict[str, object]] | None:
        found = Lake(backfilled.data / "lake").read(EnrichedUpload)
        return list(found.iter_rows(named=True)) or None

    [row] = backfilled.wait_for(rows)
    assert (row["upload"], row["status"], row["tmdb_enriched"]) == ("family/anna.csv", "matched", True)
    asked = [one.path for one in backfilled.fake.requests[before:]]  # a schedule's tick may come between
    assert [path for path in asked if path in {"/3/search/movie", f"/3/movie/{row['tmdb_id']}"}] == []
    backfilled.wait_for(lambda: _lists(backfilled) or None)


def _lists(dagster: Dagster) -> int:
    with open_snapshot(dagster.data / "warehouse.duckdb") as snapshot:
        query = "SELECT count(*) FROM curated_carousels WHERE theme = 'from-your-lists'"
        [(count,)] = snapshot.execute(query).fetchall()
    return int(count)
