"""Keeping up with changes by the hour, and with the exports by the day."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import dagster as dg
import polars as pl
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.partitions import range_tags
from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import FailedMovie, MovieChange, MovieDetail, TmdbExport
from tmdb_assets_tests.schedules.conftest import KEY
from tmdb_assets_tests.schedules.ticks import TODAY, launched, ranges, ticked
from tmdb_assets_tests.tables.rows import audit, detail

DAYS, FILMS, EXPORTS = "changes_hourly", "changed_films_hourly", "exports_daily"
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@dataclass
class Time:
    """How far the fake is ahead of the clock on the wall."""

    ahead: dt.timedelta = dt.timedelta()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(autouse=True)
def fake(time: Time, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTMDB]:
    """Start a fake that keeps details for 8 hours after a change, as TMDB's cache may."""
    with FakeTMDB(
        films=0, details_cached_hours=8, clock=lambda: dt.datetime.now(dt.UTC) + time.ahead
    ) as fake:
        monkeypatch.setenv("TMDB_BASE_URL", fake.base_url)
        monkeypatch.setenv("TMDB_EXPORT_BASE_URL", fake.export_base_url)
        monkeypatch.setenv("TMDB_API_KEY", KEY)
        yield fake


def ago(days: int) -> dt.date:
    return TODAY.date() - days * DAY


def noon(days: int) -> dt.datetime:
    return dt.datetime.combine(ago(days), dt.time(12), dt.UTC)


def days_asked(tick: "dg.ScheduleExecutionData") -> list[tuple[str, str]]:
    found = [request.partition_key_range for request in tick.run_requests]
    return [(one.start, one.end) for one in found if one]


def read(storage: Storage, *days: int) -> None:
    """Let the changes of these days be read, without any."""
    for each in days:
        storage.state.add_audit(
            audit(asset="movie_changes", year=None, fingerprint=str(ago(each)), missing_count=0)
        )


def test_at_first_the_last_14_days_are_read_in_one_run(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage
) -> None:
    del storage

    tick = ticked(defs, instance, DAYS)

    assert days_asked(tick) == [(str(ago(14)), str(ago(1)))]
    assert tick.run_requests[0].tags["tmdb_assets/reason"] == "hourly"


def test_only_days_that_are_missing_are_read(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage
) -> None:
    read(storage, *(each for each in range(1, 15) if each not in {7, 3, 2}))

    tick = ticked(defs, instance, DAYS)

    assert days_asked(tick) == [(str(ago(7)), str(ago(7))), (str(ago(3)), str(ago(2)))]


def test_days_that_a_run_reads_already_are_left_to_it(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage
) -> None:
    read(storage, *range(4, 15))
    instance.create_run_for_job(
        defs.resolve_job_def("changes"),
        status=dg.DagsterRunStatus.STARTED,
        tags=range_tags(ago(3), ago(2)),
    )

    tick = ticked(defs, instance, DAYS, TODAY + dt.timedelta(minutes=1))

    assert days_asked(tick) == [(str(ago(1)), str(ago(1)))]


def test_once_all_days_are_read_the_hour_is_skipped_until_the_next_midnight(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage
) -> None:
    read(storage, *range(1, 15))

    tick = ticked(defs, instance, DAYS)
    next_day = ticked(defs, instance, DAYS, TODAY + DAY)

    assert tick.skip_message == "The changes of the last 14 days are read: there is nothing to ask for."
    assert days_asked(next_day) == [(str(ago(0)), str(ago(0)))]


def test_the_hour_reads_the_days_that_it_asks_for(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage, fake: FakeTMDB
) -> None:
    fake.add_movie(1, "1999-01-01", at=noon(3))
    [request] = ticked(defs, instance, DAYS).run_requests

    result = launched(defs, instance, DAYS, request)

    assert result.success
    assert storage.lake.read(MovieChange).select("day", "tmdb_id").rows() == [(ago(3), 1)]
    assert not ticked(defs, instance, DAYS).run_requests


def pass_hours(storage: Storage, time: Time, count: float) -> None:
    """Let the fake's clock go on, and all that was noted get older: a run's own clock cannot be set."""
    time.ahead += count * HOUR
    for table, column in ((MovieChange, "day"), (MovieDetail, "release_year")):
        rows = storage.lake.read(table).with_columns(pl.selectors.ends_with("_at") - count * HOUR)
        for (value,), part in rows.partition_by(column, as_dict=True).items():
            storage.lake.replace_where(table, part, column, value)


def look(defs: dg.Definitions, instance: dg.DagsterInstance) -> list[str]:
    """Let the hour come and do what it asks for; return the years."""
    tick = ticked(defs, instance, FILMS, dt.datetime.now(dt.UTC))
    results = [launched(defs, instance, FILMS, request) for request in tick.run_requests]
    assert all(result.success for result in results)
    return [request.partition_key_range.start for request in tick.run_requests]


def test_a_changed_film_is_looked_at_once_its_day_is_read_and_again_8_hours_later_and_never_after(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage, fake: FakeTMDB, time: Time
) -> None:
    for film in (1, 2):
        fake.add_movie(film, "1999-01-01", vote_count=500, title="Old", at=noon(20))
    fake.add_movie(3, "2001-01-01", vote_count=500, at=noon(20))
    job = defs.resolve_job_def("films")
    for year in (1999, 2001):
        assert job.execute_in_process(instance=instance, partition_key=str(year)).success
    pass_hours(storage, time, 13)
    fake.update_movie(1, title="New", at=dt.datetime.now(dt.UTC) + time.ahead)
    storage.lake.replace_where(
        MovieChange,
        MovieChange.frame([MovieChange(day=ago(1), tmdb_id=1, adult=False, seen_at=dt.datetime.now(dt.UTC))]),
        "day",
        ago(1),
    )
    before = len(fake.requests)

    first = look(defs, instance), title_of(storage, 1)
    at_once = look(defs, instance)
    pass_hours(storage, time, 8.1)
    second = look(defs, instance), title_of(storage, 1)
    pass_hours(storage, time, 13)
    later = look(defs, instance)

    assert first == (["1999"], "Old")
    assert second == (["1999"], "New")
    assert (at_once, later) == ([], [])
    asked = [request.path for request in list(fake.requests)[before:]]
    assert asked == ["/3/movie/1", "/3/movie/1"]


def title_of(storage: Storage, film: int) -> str:
    return storage.lake.read(MovieDetail).filter(pl.col("tmdb_id") == film)["title"].item()


def test_where_no_known_film_has_changed_the_hour_is_skipped(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage
) -> None:
    row = MovieChange(day=ago(1), tmdb_id=1, adult=False, seen_at=TODAY)
    storage.lake.replace_where(MovieChange, MovieChange.frame([row]), "day", ago(1))

    tick = ticked(defs, instance, FILMS)

    assert tick.skip_message == "No film that is known has changed: there is nothing to ask for."


def test_only_years_with_changed_films_run_neighbours_together_and_without_those_under_way(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage
) -> None:
    for film, year in enumerate((1999, 2000, 2001, 2010, 2015), start=1):
        row = detail(film, year, checked_at=TODAY - 2 * DAY)
        storage.lake.replace_year(MovieDetail, MovieDetail.frame([row]), year)
    changed = [MovieChange(day=ago(1), tmdb_id=film, adult=False, seen_at=TODAY) for film in (1, 2, 3, 5)]
    storage.lake.replace_where(MovieChange, MovieChange.frame(changed), "day", ago(1))
    instance.create_run_for_job(
        defs.resolve_job_def("films"), status=dg.DagsterRunStatus.STARTED, tags=range_tags(2001, 2001)
    )

    tick = ticked(defs, instance, FILMS, TODAY + dt.timedelta(minutes=1))

    assert ranges(tick) == [(2015, 2015), (1999, 2000)]
    assert {request.tags["tmdb_assets/reason"] for request in tick.run_requests} == {"changed"}


def test_a_film_that_vanished_from_the_export_becomes_a_tombstone_by_itself(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage, fake: FakeTMDB, time: Time
) -> None:
    for film in (1, 2):
        fake.add_movie(film, "1999-01-01", vote_count=500, at=noon(20))
    assert defs.resolve_job_def("films").execute_in_process(instance=instance, partition_key="1999").success
    pass_hours(storage, time, 13)
    fake.remove_movie(2)
    [request] = ticked(defs, instance, EXPORTS).run_requests

    exported = launched(defs, instance, EXPORTS, request)
    years = look(defs, instance)

    assert exported.success
    assert storage.lake.read(TmdbExport).select("tmdb_id", "change").rows() == [(2, "vanished")]
    assert years == ["1999"]
    assert storage.lake.read(MovieDetail)["tmdb_id"].to_list() == [1]
    assert storage.lake.read(FailedMovie).select("tmdb_id", "reason").rows() == [(2, "not_found")]


def test_an_export_that_was_read_is_not_asked_for_again_that_day_one_that_failed_is(
    defs: dg.Definitions, instance: dg.DagsterInstance, storage: Storage
) -> None:
    nine = dt.datetime.now(dt.UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    keys = [ticked(defs, instance, EXPORTS, nine + hours * HOUR).run_requests[0].run_key for hours in (0, 3)]
    with storage.export_ids.alone():
        storage.export_ids.keep(nine.date(), pl.Series("tmdb_id", [1], dtype=pl.Int64))

    tick = ticked(defs, instance, EXPORTS, nine + 6 * HOUR)

    assert len(set(keys)) == 2
    assert not tick.run_requests
    assert "is read" in (tick.skip_message or "")
    assert ticked(defs, instance, EXPORTS, nine + DAY).run_requests


def test_the_exports_of_another_tmdb_are_not_asked_for(
    defs: dg.Definitions, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMDB_EXPORT_BASE_URL")

    tick = ticked(defs, instance, EXPORTS)

    assert not tick.run_requests
    assert "TMDB_EXPORT_BASE_URL" in (tick.skip_message or "")
