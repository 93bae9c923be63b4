"""Reading windows of a catalogue in memory: whatever there is of films, what can be had is found."""

import asyncio
import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmdb_assets.sync.discovery_listing import Found
from tmdb_assets.sync.discovery_windows import WindowReader
from tmdb_assets.tmdb import AuthenticationError, ServerError
from tmdb_assets.tmdb.models import MovieListItem, Page
from tmdb_assets.transforms.windows import Order, Window, year_window

REACHABLE = 40
LISTED = ("de", "en")
Fails = Callable[[Window, Order, int], bool]


@dataclasses.dataclass
class Catalogue:
    """A list of TMDB's that serves the first films of each query only."""

    movies: Sequence[MovieListItem]
    fails: Fails = lambda *_: False
    asked: Counter[tuple[Window, Order, int]] = dataclasses.field(
        default_factory=Counter[tuple[Window, Order, int]]
    )

    async def page(self, window: Window, order: Order, number: int) -> Page[MovieListItem]:
        """Answer a page; one that TMDB refuses must not be asked for."""
        self.asked[window, order, number] += 1
        if number > REACHABLE // 20:
            raise AssertionError("TMDB refuses such a page.")
        if self.fails(window, order, number):
            raise ServerError("TMDB has a problem of its own.")
        found = [movie for movie in self.movies if window.holds(movie)]
        field, _, direction = order.partition(".")
        by_date = field == "primary_release_date"
        found.sort(
            key=lambda movie: (movie.release_date if by_date else movie.original_title) or "",
            reverse=direction == "desc",
        )
        return page_of(found[20 * number - 20 : 20 * number], len(found))

    async def languages(self) -> Iterable[str]:
        """Name some languages only."""
        return LISTED


def page_of(movies: Iterable[MovieListItem], total: int) -> Page[MovieListItem]:
    return Page(results=tuple(movies), total_results=total, total_pages=max(1, -(-total // 20)))


def film(
    number: int, day: str = "1999-06-01", *, votes: int = 0, language: str | None = "en"
) -> MovieListItem:
    return MovieListItem(
        id=number,
        release_date=day,
        vote_count=votes,
        original_language=language,
        original_title=f"Film {number:06}",
    )


def read(catalogue: Catalogue, window: Window | None = None) -> Found:
    reader = WindowReader(catalogue.page, catalogue.languages, REACHABLE)
    return asyncio.run(reader.read(window or year_window(1999)))


def in_reach(movies: Sequence[MovieListItem]) -> int:
    """Count the films that can be had: of one day, vote count and language, both ends of the list."""
    return sum(
        min(count, 2 * REACHABLE)
        for count in Counter(
            (one.release_date, one.vote_count, one.original_language) for one in movies
        ).values()
    )


films = st.lists(
    st.tuples(
        st.sampled_from([1, 1, 1, 2, 59, 364]),
        st.sampled_from([0, 0, 0, 1, 2, 7, 200, 3_000_000_000]),
        st.sampled_from(LISTED),
        st.integers(1, 50),
    ),
    max_size=12,
)


@given(films)
@settings(max_examples=150, deadline=None)
def test_of_any_catalogue_all_that_can_be_had_is_found_and_the_rest_is_a_gap(
    drawn: list[tuple[int, int, str, int]],
) -> None:
    """Many films of one day, one vote count, one language: as few as TMDB serves of one query."""
    movies: list[MovieListItem] = []
    for past, votes, language, count in drawn:
        day = (dt.date(1999, 1, 1) + dt.timedelta(days=past)).isoformat()
        movies += [film(len(movies) + n, day, votes=votes, language=language) for n in range(count)]

    catalogue = Catalogue(movies)
    found = read(catalogue)

    assert len(found.movies) == in_reach(movies)
    assert len(movies) - len(found.movies) == found.missing
    assert max(catalogue.asked.values()) == 1


@given(st.integers(0, 90), st.integers(0, 90))
@settings(max_examples=60, deadline=None)
def test_films_of_languages_that_tmdb_does_not_name_are_looked_for_from_both_ends(
    unnamed: int, named: int
) -> None:
    movies = [film(number, language=None) for number in range(unnamed)]
    movies += [film(number, language="de") for number in range(unnamed, unnamed + named)]

    found = read(Catalogue(movies))

    assert found.missing == len(movies) - len(found.movies)
    assert len(found.movies) >= min(len(movies), 2 * REACHABLE)


@pytest.mark.parametrize("count", [0, 1, 20, 21, 40])
def test_a_window_that_fits_costs_a_request_for_twenty_films(count: int) -> None:
    catalogue = Catalogue([film(number) for number in range(count)])

    read(catalogue)

    assert catalogue.asked.total() == max(1, -(-count // 20))


def test_a_split_costs_a_request_more_for_each_window_that_was_too_large() -> None:
    catalogue = Catalogue([film(number, f"1999-{number % 12 + 1:02}-01") for number in range(120)])

    found = read(catalogue)

    too_large = {window for window, _, _ in catalogue.asked if window.start.month + 3 < window.end.month}
    assert found.missing == 0
    assert catalogue.asked.total() <= 120 / 20 + 2 * len(too_large) + 4


def test_what_is_out_of_reach_is_named_by_day_votes_and_language() -> None:
    found = read(Catalogue([film(number) for number in range(100)]))

    [gap] = found.gaps
    assert gap.window == Window(dt.date(1999, 6, 1), dt.date(1999, 6, 1), 0, 0, "en")
    assert (gap.promised, gap.obtained, gap.missing) == (100, 80, 20)
    assert gap.reason == "TMDB serves 40 films of one query, and it cannot be split any further."


def test_a_page_that_never_comes_costs_only_the_films_that_are_on_it_whichever_way_it_is_asked_for() -> None:
    """It is narrowed down to the film that TMDB cannot show."""
    movies = [film(day, (dt.date(1999, 1, 1) + dt.timedelta(days=day)).isoformat()) for day in range(40)]

    def fails(window: Window, order: Order, number: int) -> bool:
        shown = sorted((one for one in movies if window.holds(one)), key=lambda one: one.id)
        if order.endswith("desc"):
            shown.reverse()
        return movies[13] in shown[20 * number - 20 : 20 * number] and number > 1 - (len(shown) < 40)

    found = read(Catalogue(movies, fails))

    assert set(range(40)) - set(found.movies) <= {13}
    assert found.missing == 40 - len(found.movies)


def test_a_second_page_that_fails_in_one_order_is_had_in_the_other() -> None:
    """On a single day, which cannot be halved."""
    movies = [film(number) for number in range(40)]

    found = read(Catalogue(movies, lambda _, order, page: (order, page) == ("original_title.asc", 2)))

    assert (len(found.movies), found.gaps) == (40, ())


def test_pages_that_fail_are_a_gap_with_their_error() -> None:
    movies = [film(number) for number in range(40)]

    found = read(
        Catalogue(movies, lambda _window, _order, page: page == 2), Window(*[dt.date(1999, 6, 1)] * 2)
    )

    assert (len(found.movies), found.missing) == (40, 0)


def test_the_first_page_of_the_whole_is_needed() -> None:
    with pytest.raises(ServerError):
        read(Catalogue([], lambda *_: True))


@pytest.mark.parametrize("page", [1, 2])
def test_a_refused_credential_ends_everything(page: int) -> None:
    movies = [film(number) for number in range(40)]

    def fails(_window: Window, _order: Order, number: int) -> bool:
        if number == page:
            raise AuthenticationError("TMDB refuses the credential.")
        return False

    with pytest.raises(AuthenticationError):
        read(Catalogue(movies, fails))


def test_a_server_that_ignores_dates_is_not_split_for_ever() -> None:
    asked = Counter[int]()

    async def page(_window: Window, _order: Order, number: int) -> Page[MovieListItem]:
        asked[number] += 1
        return page_of([film(number)], 5000)

    async def languages() -> Iterable[str]:
        return LISTED

    found = asyncio.run(WindowReader(page, languages, REACHABLE).read(year_window(1999)))

    assert found.missing == 5000 - 2
    assert asked.total() <= 8
