"""What runs leave in the tables of films is what the journal alone makes of them."""

import asyncio
from typing import Any

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details import sync_details
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.sync.former import former_rows
from tmdb_assets.tables import FailedMovie, FormerDetail, MovieDetail, MovieHistory
from tmdb_assets_tests.sync.conftest import client_of
from tmdb_assets_tests.sync.rebuilding import remade
from tmdb_assets_tests.sync.test_details_over_time import DAY, START, World

Tables = dict[str, list[tuple[Any, ...]]]


class _KilledError(BaseException):
    """The process dies here: nothing of ours may catch it."""


@pytest.fixture
def world(fake: FakeTMDB, storage: Storage) -> World:
    for film in (1, 2, 3):
        fake.add_movie(film, "1999-06-01", vote_count=100)
    return World(fake, storage)


def look_and_die(world: World) -> None:
    """Run over 1999 until all films are answered, and die before any of it is stored."""

    def die(done: int, total: int) -> None:
        if done == total:
            raise _KilledError

    async def look() -> None:
        async with client_of(world.fake) as client:
            run = SyncRun(run_id="killed", clock=lambda: world.now, on_progress=die)
            await sync_details(client, world.storage, (1999,), run)

    with pytest.raises(_KilledError):
        asyncio.run(look())


def tables(world: World) -> Tables:
    found = {
        table.table: world.storage.lake.read(table).rows()
        for table in (MovieDetail, FailedMovie, MovieHistory)
    }
    return found | {FormerDetail.table: former_rows(world.storage, range(10)).rows()}


def rebuilt(world: World) -> Tables:
    remade(world.storage, world.fake.image_base_url)
    return tables(world)


def test_of_several_killed_runs_every_answer_counts(world: World) -> None:
    world.run(sync_discovery, sync_details, years=(1999,))
    for title in ("Second", "Third"):
        world.fake.update_movie(2, title=title)
        world.now += 91 * DAY
        look_and_die(world)

    world.run(sync_details, years=(1999,))

    live = tables(world)
    titles = world.storage.lake.read(MovieHistory).filter(field="title", tmdb_id=2).sort("seen_at")
    assert titles["new_value"].to_list() == ['"Second"', '"Third"']
    counts = world.storage.lake.read(MovieDetail).select("tmdb_id", "unchanged_count").rows()
    assert counts == [(1, 2), (2, 0), (3, 2)]
    assert rebuilt(world) == live


def test_failures_of_killed_runs_are_counted(world: World) -> None:
    world.run(sync_discovery, years=(1999,))
    world.fake.update_movie(2, runtime="odd")
    for _ in range(2):
        look_and_die(world)
        world.now += DAY

    world.run(sync_details, years=(1999,))

    live = tables(world)
    [failed] = world.failed()
    assert (failed["failure_count"], failed["first_failed_at"]) == (3, START)
    assert rebuilt(world) == live


def test_a_film_that_never_was_there_is_forgotten_with_the_list_that_named_it(world: World) -> None:
    world.run(sync_discovery, years=(1999,))
    world.fake.remove_movie(2)
    world.run(sync_details, years=(1999,))
    [tomb] = world.failed()
    world.now += DAY

    world.run(sync_discovery, sync_details, years=(1999,))

    live = tables(world)
    assert tomb["tmdb_id"] == 2
    assert world.failed() == []
    assert rebuilt(world) == live


def test_a_tombstone_stands_where_the_lists_have_its_film_now(world: World) -> None:
    world.run(sync_discovery, sync_details, years=(1999, 2000))
    world.fake.update_movie(2, release_date="", title="Undated")
    world.now += 91 * DAY
    world.run(sync_details, years=(1999, 2000))
    world.fake.update_movie(2, release_date="2000-06-01", title="Listed")
    world.now += DAY
    world.run(sync_discovery, years=(2000,))
    world.run(sync_discovery, years=(1999,))

    world.run(sync_details, years=(2000,))

    live = tables(world)
    assert [(row["release_year"], row["title"]) for row in world.failed()] == [(2000, "Listed")]
    assert rebuilt(world) == live


def test_a_tombstone_that_nobody_wants_stands_where_its_last_row_was(world: World) -> None:
    world.run(sync_discovery, sync_details, years=(1999, 2000))
    world.fake.update_movie(2, release_date="2000-06-01")
    world.now += DAY
    world.run(sync_discovery, years=(1999, 2000))
    world.fake.remove_movie(2)
    world.now += DAY
    world.run(sync_details, years=(1999, 2000))
    assert [row["release_year"] for row in world.failed()] == [2000]

    world.run(sync_discovery, sync_details, years=(2000,))

    live = tables(world)
    assert [row["release_year"] for row in world.failed()] == [1999]
    assert rebuilt(world) == live


def test_what_a_killed_run_learned_of_a_film_that_nobody_wants_any_more_stays(world: World) -> None:
    world.fake.add_movie(4, "2000-06-01", vote_count=100)
    world.run(sync_discovery, sync_details, years=(1999, 2000))
    world.fake.remove_movie(2)
    world.now += 91 * DAY
    gone_at = world.now
    look_and_die(world)
    world.run(sync_discovery, years=(1999,))
    world.now += DAY
    world.run(sync_details, years=(2000,))

    world.run(sync_details, years=(1999,))

    live = tables(world)
    assert [(row["tmdb_id"], row["first_failed_at"]) for row in world.failed()] == [(2, gone_at)]
    assert world.history() == [(2, "film")]
    assert rebuilt(world) == live
