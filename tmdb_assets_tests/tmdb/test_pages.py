import logging

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.tmdb import AsyncTMDBClient, TMDBClient, endpoints
from tmdb_assets.tmdb.models import MovieListItem, Page
from tmdb_assets.tmdb.page_walk import PageWalk
from tmdb_assets_tests.tmdb.conftest import Ask


def page(number: int, ids: list[int], total_pages: int) -> Page[MovieListItem]:
    return Page(
        page=number,
        results=tuple(MovieListItem(id=id_) for id_ in ids),
        total_pages=total_pages,
        total_results=total_pages * 20,
    )


def test_an_item_that_is_on_two_pages_is_new_once() -> None:
    walk = PageWalk(endpoints.discover.movie())

    assert [item.id for item in walk.new_items(page(1, [1, 2, 3], 2))] == [1, 2, 3]
    assert [item.id for item in walk.new_items(page(2, [3, 4], 2))] == [4]
    assert walk.next_page() is None


def test_the_last_page_is_the_one_that_the_latest_page_names() -> None:
    walk = PageWalk(endpoints.discover.movie())
    walk.new_items(page(1, [1], 2))
    walk.new_items(page(2, [2], 3))

    third = walk.next_page()

    assert third is not None
    assert third.params["page"] == "3"


def test_no_page_beyond_500_is_asked_and_a_warning_says_so(caplog: pytest.LogCaptureFixture) -> None:
    walk = PageWalk(endpoints.discover.movie(page=500))
    walk.new_items(page(500, [1], 58_324))

    assert walk.next_page() is None
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "58324" in caplog.text


def test_iterating_asks_page_after_page_and_nothing_twice(fake: FakeTMDB, ask: Ask) -> None:
    async def all_async(client: AsyncTMDBClient) -> tuple[int, list[int]]:
        pages = client.discover.movie(sort_by="vote_count.asc")
        return await pages.total(), [movie.id async for movie in pages]

    def all_sync(client: TMDBClient) -> tuple[int, list[int]]:
        pages = client.discover.movie(sort_by="vote_count.asc")
        return pages.total, [movie.id for movie in pages]

    total, ids = ask(
        fake.base_url,
        lambda client: all_async(client) if isinstance(client, AsyncTMDBClient) else all_sync(client),
    )

    assert (total, ids) == (30, list(range(1, 31)))
    assert [request.query["page"] for request in fake.requests] == ["1", "2"]


def test_the_first_items_need_only_their_pages(fake: FakeTMDB, ask: Ask) -> None:
    items = ask(fake.base_url, lambda client: client.discover.movie(sort_by="vote_count.asc").first(5))

    assert [item.id for item in items] == [1, 2, 3, 4, 5]
    assert len(fake.requests) == 1


def test_pages_come_as_they_are(fake: FakeTMDB, ask: Ask) -> None:
    async def sizes_async(client: AsyncTMDBClient) -> list[int]:
        return [len(page.results) async for page in client.discover.movie().pages()]

    def sizes_sync(client: TMDBClient) -> list[int]:
        return [len(page.results) for page in client.discover.movie().pages()]

    sizes = ask(
        fake.base_url,
        lambda client: sizes_async(client) if isinstance(client, AsyncTMDBClient) else sizes_sync(client),
    )

    assert sizes == [20, 10]


def test_a_page_is_an_endpoint_too(fake: FakeTMDB, ask: Ask) -> None:
    page = ask(fake.base_url, lambda client: client.send(endpoints.discover.movie(page=2)))

    assert (page.page, len(page.results), page.total_pages) == (2, 10, 2)
