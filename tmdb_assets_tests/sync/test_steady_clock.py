import datetime as dt

import pytest

from tmdb_assets.sync.audit import SyncRun, steady_clock

NEW_YEAR = dt.datetime(2026, 12, 31, 23, 59, 50, tzinfo=dt.UTC)


@pytest.mark.parametrize("jump", [-dt.timedelta(hours=1), dt.timedelta(days=365)])
def test_a_clock_that_jumps_changes_no_duration(jump: dt.timedelta) -> None:
    times, seconds = iter([NEW_YEAR, NEW_YEAR + jump]), iter([100.0, 120.0])
    clock = steady_clock(lambda: next(times), lambda: next(seconds))

    assert clock() - NEW_YEAR == dt.timedelta(seconds=20)


def test_a_run_begins_at_the_present_time_and_never_goes_back() -> None:
    before = dt.datetime.now(dt.UTC)

    run = SyncRun(run_id="run")
    shown = [run.clock() for _ in range(1000)]

    assert shown == sorted(shown)
    assert dt.timedelta() <= shown[0] - before < dt.timedelta(seconds=5)
