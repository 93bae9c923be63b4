"""Windows of release dates: how a year of films is asked for within what TMDB can serve."""

import datetime as dt

import msgspec

from tmdb_assets.tmdb.page_walk import LAST_PAGE

REACHABLE = LAST_PAGE * 20
"""Films of one query that TMDB serves."""


class Window(msgspec.Struct, frozen=True, order=True):
    """A range of release dates, both included."""

    start: dt.date
    end: dt.date

    @property
    def is_one_day(self) -> bool:
        """Whether it cannot be split any more."""
        return self.start == self.end


def year_window(year: int) -> Window:
    """Return the window of a whole year."""
    return Window(dt.date(year, 1, 1), dt.date(year, 12, 31))


def halves(window: Window) -> tuple[Window, Window]:
    """Split a window of two days or more into two that cover it without overlap."""
    middle = window.start + (window.end - window.start) // 2
    return Window(window.start, middle), Window(middle + dt.timedelta(days=1), window.end)
