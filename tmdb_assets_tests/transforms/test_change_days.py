import datetime as dt

import pytest

from tmdb_assets.transforms.change_days import day_ranges, days_to_read, missed_days

TODAY = dt.date(2026, 11, 21)


def ago(*days: int) -> list[dt.date]:
    return [TODAY - dt.timedelta(days=each) for each in days]


def test_the_last_14_finished_days_are_read_and_today_is_not() -> None:
    assert days_to_read((), TODAY) == ago(*range(14, 0, -1))


def test_what_was_read_is_not_read_again() -> None:
    assert days_to_read(ago(*range(2, 20)), TODAY) == ago(1)


def test_no_day_before_the_first_partition_is_read() -> None:
    assert days_to_read((), dt.date(2026, 1, 3)) == [dt.date(2026, 1, 1), dt.date(2026, 1, 2)]


@pytest.mark.parametrize(
    ("read", "missed"),
    [
        ([], []),
        ([*range(1, 30)], []),
        ([20, 19, 18, 15, *range(1, 15)], [17, 16]),
        ([16], [15]),
        ([15], []),
        ([3], []),
    ],
    ids=["none yet", "all", "a gap", "the last just too old", "14 are still to come", "begun lately"],
)
def test_missed_days_are_those_that_are_read_no_more(read: list[int], missed: list[int]) -> None:
    assert missed_days(ago(*read), TODAY) == ago(*missed)


def test_neighbouring_days_are_one_range() -> None:
    assert day_ranges(ago(9, 3, 2, 1)) == [(*ago(9), *ago(9)), (*ago(3), *ago(1))]


def test_a_leap_day_is_a_day() -> None:
    days = [dt.date(2028, 2, 28), dt.date(2028, 2, 29), dt.date(2028, 3, 1)]

    assert day_ranges(days) == [(days[0], days[2])]
    assert days_to_read(days[:1], days[2])[-1] == days[1]
