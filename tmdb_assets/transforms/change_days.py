"""Which days of TMDB's changes there are to read, and which were missed."""

import datetime as dt
from collections.abc import Collection, Iterable

FIRST_DAY = dt.date(2026, 1, 1)
"""The first day of changes that can be read."""

READ_BACK = 14
"""So many finished days are read by themselves; of older ones films are refreshed by their age alone."""

_DAY = dt.timedelta(days=1)


def days_to_read(read: Collection[dt.date], today: dt.date) -> list[dt.date]:
    """Return the finished days within the last 14 that were not read yet, oldest first.

    Parameters
    ----------
    read
        The days that were read.
    today
        The date at UTC, which is not finished.
    """
    days = (today - age * _DAY for age in range(READ_BACK, 0, -1))
    return [day for day in days if day >= FIRST_DAY and day not in read]


def missed_days(read: Collection[dt.date], today: dt.date) -> list[dt.date]:
    """Return the days since the first that was read which are too old to be read by themselves."""
    if not read:
        return []
    first, end = min(read), today - READ_BACK * _DAY
    days = (first + number * _DAY for number in range(max(0, (end - first).days)))
    return [day for day in days if day not in read]


def day_ranges(days: Iterable[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Return days as ranges of neighbours, the first and the last of each."""
    ranges: list[tuple[dt.date, dt.date]] = []
    for day in sorted(days):
        if ranges and day == ranges[-1][1] + _DAY:
            ranges[-1] = ranges[-1][0], day
        else:
            ranges.append((day, day))
    return ranges
