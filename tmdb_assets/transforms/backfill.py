"""Which release years a night's allowance of requests goes to."""

import datetime as dt
from collections.abc import Collection, Iterable

import msgspec


class YearNeed(msgspec.Struct, frozen=True, kw_only=True):
    """What a release year that is not up to date needs.

    Attributes
    ----------
    year
        The release year.
    is_incomplete
        Whether it holds nothing yet, or a film that was promised has never been asked for. A film that TMDB
        was asked for and did not give is due again as a stale one is: it must not come first for ever.
    list_requests
        Pages of its lists to ask for.
    new_films, stale_films
        Films to ask for: for the first time, and again.
    checked_at
        When the oldest part of what is due was checked last; None for never.
    """

    year: int
    is_incomplete: bool
    list_requests: int = 0
    new_films: int = 0
    stale_films: int = 0
    checked_at: dt.datetime | None = None

    @property
    def requests(self) -> int:
        """About how many requests bring it up to date."""
        return self.list_requests + self.new_films + self.stale_films


def years_most_in_need(needs: Iterable[YearNeed], allowance: int) -> list[int]:
    """Choose the years to ask for.

    The year most in need is always chosen, whatever it takes, so that none waits for ever. Of the others each
    that still fits is chosen: a dear one that does not fit keeps its place and does not hold up cheaper ones.

    Parameters
    ----------
    needs
        What each year needs; a year that is up to date has none.
    allowance
        Requests that may be sent.

    Returns
    -------
    list[int]
        Most in need first: the incomplete years, newest first, then those whose oldest check is longest ago.
    """
    chosen: list[int] = []
    left = allowance
    for need in sorted(needs, key=_place):
        if not chosen or need.requests <= left:
            chosen.append(need.year)
            left -= need.requests
    return chosen


def refresh_limit(need: YearNeed, allowance: int) -> int | None:
    """Return how many stale films to ask for of a year that alone takes more than the allowance; else None.

    The rest of them is due the next night, when the year is again the one checked longest ago.
    """
    if need.requests <= allowance:
        return None
    return max(0, allowance - need.list_requests - need.new_films)


def year_ranges(years: Collection[int], *, at_most: int) -> list[range]:
    """Return the years as ranges without gaps, newest first, each of so many years at most."""
    ranges: list[range] = []
    for year in sorted(set(years), reverse=True):
        if ranges and ranges[-1].start == year + 1 and len(ranges[-1]) < at_most:
            ranges[-1] = range(year, ranges[-1].stop)
        else:
            ranges.append(range(year, year + 1))
    return ranges


def _place(need: YearNeed) -> tuple[bool, float, int]:
    checked = need.checked_at.timestamp() if need.checked_at and not need.is_incomplete else float("-inf")
    return (not need.is_incomplete, checked, -need.year)
