"""Pages that are asked for ahead: the same items, sooner, and never more than were wanted ahead."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.tmdb import AsyncPages, NotFoundError, Pages, ServerError
from tmdb_assets.tmdb.models import MovieListItem
from tmdb_assets_tests.tmdb.conftest import Ask

FILMS = 130


@pytest.fixture
def long_list() -> Iterator[FakeTMDB]:
    """Start a fake whose one list has seven pages."""
    with FakeTMDB(films=0) as fake:
        for number in range(1, FILMS + 1):
            fake.add_movie(number, "2001-06-01", vote_count=1000 + number)
        yield fake


async def _some(items: AsyncIterator[MovieListItem], count: int) -> list[int]:
    found: list[int] = []
    async for movie in items:
        found.append(movie.id)
        if len(found) == count:
            break
    return found


def read(pages: Pages[MovieListItem] | AsyncPages[MovieListItem], count: int = 10_000) -> object:
    """Read so many items, and leave."""
    if isinstance(pages, AsyncPages):
        return _some(aiter(pages), count)
    return [movie.id for movie in pages.first(count)]


@pytest.mark.parametrize("ahead", [0, 1, 3, 50])
def test_pages_asked_ahead_have_the_same_items_and_are_asked_once(
    long_list: FakeTMDB, ask: Ask, ahead: int
) -> None:
    ids = ask(
        long_list.base_url,
        lambda client: read(client.discover.movie(sort_by="vote_count.asc").prefetch(ahead)),
    )

    assert ids == list(range(1, FILMS + 1))
    assert len(long_list.requests) == 7


@pytest.mark.parametrize(("ahead", "most"), [(0, 2), (1, 3), (3, 5)])
def test_leaving_early_wastes_no_more_than_was_wanted_ahead(
    long_list: FakeTMDB, ask: Ask, ahead: int, most: int
) -> None:
    ids = ask(
        long_list.base_url,
        lambda client: read(client.discover.movie(sort_by="vote_count.asc").prefetch(ahead), 21),
    )

    assert ids == list(range(1, 22))
    assert len(long_list.requests) <= most


def test_pages_asked_ahead_are_on_their_way_together(ask: Ask) -> None:
    with FakeTMDB(films=0, latency_ms=100) as fake:
        for number in range(1, 81):
            fake.add_movie(number, "2001-06-01", vote_count=1000)
        ids = ask(fake.base_url, lambda client: read(client.discover.movie().prefetch(3)))

        assert (len(ids), fake.stats()["peak_concurrency"]) == (80, 3)


@pytest.mark.parametrize("ahead", [0, 3])
def test_a_page_that_cannot_be_had_is_an_error_in_its_place(ask: Ask, ahead: int) -> None:
    with FakeTMDB(films=0, faults="500@3,500@4,500@5,500@6,500@7,500@8,500@9,500@10,500@11") as fake:
        for number in range(1, 81):
            fake.add_movie(number, "2001-06-01")

        with pytest.raises(ServerError):
            ask(fake.base_url, lambda client: read(client.discover.movie().prefetch(ahead)))


def test_a_number_of_pages_below_zero_is_refused(long_list: FakeTMDB, ask: Ask) -> None:
    with pytest.raises(ValueError, match="prefetch"):
        ask(long_list.base_url, lambda client: client.discover.movie().prefetch(-1))


def test_a_list_says_whether_it_has_more_than_can_be_reached(long_list: FakeTMDB, ask: Ask) -> None:
    def truncated(pages: Pages[MovieListItem] | AsyncPages[MovieListItem]) -> object:
        return pages.truncated() if isinstance(pages, AsyncPages) else pages.truncated

    assert ask(long_list.base_url, lambda client: truncated(client.discover.movie())) is False


def test_reviews_of_a_film_that_is_not_there_are_an_error_at_the_first(long_list: FakeTMDB, ask: Ask) -> None:
    with pytest.raises(NotFoundError):
        ask(long_list.base_url, lambda client: read(client.movies.reviews(9999).prefetch(2)))
