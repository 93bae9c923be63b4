"""Windows: how a year of films is asked for within what TMDB can serve."""

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec

from tmdb_assets.tmdb.models import MovieListItem
from tmdb_assets.tmdb.page_walk import LAST_PAGE
from tmdb_assets.transforms.movies import whole_date

REACHABLE = LAST_PAGE * 20
"""Films of one query that TMDB serves."""

_MOST_VOTES = 1 << 31
"""No film has as many; from there on votes are not split any more."""

Order = Literal[
    "primary_release_date.asc", "primary_release_date.desc", "original_title.asc", "original_title.desc"
]


class Window(msgspec.Struct, frozen=True):
    """A part of TMDB's films: those released within some days, with some number of votes, of a language.

    Attributes
    ----------
    start, end
        Release dates, both included.
    min_votes, max_votes
        Both included; without a most, any number from the least on.
    language
        The original language, ISO 639-1; by default any.
    """

    start: dt.date
    end: dt.date
    min_votes: int = 0
    max_votes: int | None = None
    language: str | None = None

    @property
    def is_one_day(self) -> bool:
        """Whether its dates cannot be split any more."""
        return self.start == self.end

    @property
    def order(self) -> Order:
        """The order to read it in: dates are steadier than popularity while it is paged."""
        return "original_title.asc" if self.is_one_day else "primary_release_date.asc"

    @property
    def reverse_order(self) -> Order:
        """The same order from its end, where what slipped from page to page is found in other places."""
        return "original_title.desc" if self.is_one_day else "primary_release_date.desc"

    def holds(self, movie: MovieListItem) -> bool:
        """Say whether a film that another window listed is in this one, too."""
        released = whole_date(movie.release_date)
        votes = movie.vote_count or 0
        return (
            released is not None
            and self.start <= released <= self.end
            and self.min_votes <= votes
            and (self.max_votes is None or votes <= self.max_votes)
            and self.language in {None, movie.original_language}
        )


def year_window(year: int, *, min_votes: int = 0) -> Window:
    """Return the window of a whole year."""
    return Window(dt.date(year, 1, 1), dt.date(year, 12, 31), min_votes)


def halves(window: Window) -> tuple[Window, Window]:
    """Split a window of two days or more into two that cover it without overlap."""
    middle = window.start + (window.end - window.start) // 2
    return (
        msgspec.structs.replace(window, end=middle),
        msgspec.structs.replace(window, start=middle + dt.timedelta(days=1)),
    )


def parts(window: Window) -> tuple[Window, ...]:
    """Split a window by its dates, and a day by votes; none where that is as fine as it goes.

    Most films of a crowded day have hardly any votes, so where there is no most, the first part is narrow: no
    vote and the rest; 1 to 2 votes and the rest; 3 to 6 and the rest.
    """
    if not window.is_one_day:
        return halves(window)
    least, most = window.min_votes, window.max_votes
    if least == most or least > _MOST_VOTES:
        return ()
    middle = 2 * least if most is None else (least + most) // 2
    return (
        msgspec.structs.replace(window, max_votes=middle),
        msgspec.structs.replace(window, min_votes=middle + 1),
    )


def by_language(window: Window, languages: Iterable[str]) -> tuple[Window, ...]:
    """Split a window by original language; films of other languages, or of none, are in no part."""
    if window.language is not None:
        return ()
    return tuple(msgspec.structs.replace(window, language=code) for code in languages)
