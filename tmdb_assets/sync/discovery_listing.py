"""One window of a list, read in one order: what came of it, and what did not."""

import dataclasses
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tmdb_assets.tmdb.models import MovieListItem, Page
from tmdb_assets.transforms.windows import Order, Window

PER_PAGE = 20
"""Films on a page of TMDB's."""


@dataclasses.dataclass(frozen=True)
class Gap:
    """Films of a window that TMDB promised and that could not be had.

    Attributes
    ----------
    promised, obtained
        Films of the window; promised is None where not even its first page could be had.
    missing
        How many are missing, without those that the gap of a smaller window counts.
    reason
        A sentence.
    """

    window: Window
    promised: int | None
    obtained: int
    missing: int
    reason: str


@dataclasses.dataclass(frozen=True)
class Found:
    """Films of a window by id, and what is missing beside them."""

    movies: dict[int, MovieListItem]
    gaps: tuple[Gap, ...] = ()

    @property
    def missing(self) -> int:
        """How many films were promised and could not be had."""
        return sum(gap.missing for gap in self.gaps)


@dataclasses.dataclass
class Listing:
    """A window as far as it was read in one order.

    Attributes
    ----------
    movies
        Its films by id.
    totals
        How many films each page said that there are.
    page_count
        How many pages the first one said that there are.
    is_read
        Whether the pages after the first were asked for, too.
    has_news
        Whether a film was on it that no window had shown before.
    failures
        Pages that could not be had, each with a sentence.
    """

    window: Window
    order: Order
    movies: dict[int, MovieListItem] = dataclasses.field(default_factory=dict[int, MovieListItem])
    totals: list[int] = dataclasses.field(default_factory=list[int])
    page_count: int = 0
    is_read: bool = False
    has_news: bool = False
    failures: dict[int, str] = dataclasses.field(default_factory=dict[int, str])

    @property
    def promised(self) -> int | None:
        """How many films the pages promise; where they disagree, the most that most of them say."""
        return max(most_said(self.totals), default=None)

    def add(self, page: Page[MovieListItem]) -> None:
        """Take what a page has."""
        self.page_count = self.page_count or page.total_pages
        self.totals.append(page.total_results)
        self.movies |= {movie.id: movie for movie in page.results}

    def infer(self, promised: int) -> None:
        """Take for promised what the whole has beyond the other parts, where the first page failed."""
        self.page_count = math.ceil(promised / PER_PAGE)
        self.totals.append(promised)


def most_said(totals: Iterable[int]) -> list[int]:
    """Return what most of the pages say; several numbers where as many say one as another."""
    ranked = Counter(totals).most_common()
    return [total for total, votes in ranked if votes == ranked[0][1]]


def still_open(gaps: Sequence[Gap], movies: Mapping[int, MovieListItem]) -> tuple[Gap, ...]:
    """Return the gaps that films found since do not fill."""
    left: list[Gap] = []
    for gap in gaps:
        obtained = max(gap.obtained, sum(gap.window.holds(movie) for movie in movies.values()))
        missing = gap.missing - (obtained - gap.obtained)
        if missing > 0 or gap.promised is None:
            left.append(dataclasses.replace(gap, obtained=obtained, missing=max(0, missing)))
    return tuple(left)
