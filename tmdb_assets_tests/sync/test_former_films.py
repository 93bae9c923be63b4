"""Films that leave because nobody wants them, and that somebody wants again."""

import asyncio
import threading
from pathlib import Path

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.local_folder import LocalFolder
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details import sync_details
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.sync.doctor.journal import compare_with_lake, read_journal
from tmdb_assets.sync.due import due_years
from tmdb_assets.tables import FailedMovie, FormerDetail, MovieDetail
from tmdb_assets_tests.sync import local_films
from tmdb_assets_tests.sync.conftest import client_of
from tmdb_assets_tests.sync.test_details_over_time import DAY, World
from tmdb_assets_tests.sync.test_live_as_rebuilt import look_and_die, rebuilt, tables


@pytest.fixture
def world(fake: FakeTMDB, storage: Storage) -> World:
    for film in (1, 2, 3):
        fake.add_movie(film, "1999-06-01", vote_count=100)
    world = World(fake, storage)
    world.run(sync_discovery, sync_details, years=(1999,))
    return world


def unlist(world: World, film: int) -> None:
    world.fake.update_movie(film, vote_count=0)
    world.now += DAY
    world.run(sync_discovery, sync_details, years=(1999,))


def list_again(world: World, film: int, **now: object) -> None:
    world.fake.update_movie(film, vote_count=100, **now)
    world.now += DAY
    world.run(sync_discovery, sync_details, years=(1999,))


def test_a_film_that_is_listed_again_in_time_is_not_asked_for_again(world: World) -> None:
    before = tables(world)
    unlist(world, 2)
    assert [film for film, _ in world.films()] == [1, 3]
    assert [row[0] for row in tables(world)["former_details"]] == [2]
    assert rebuilt(world) == tables(world)
    world.asked()

    list_again(world, 2)

    assert world.asked() == []
    assert tables(world) == before
    assert rebuilt(world) == before


def test_what_changed_while_nobody_wanted_a_film_is_a_change(world: World) -> None:
    unlist(world, 2)
    world.now += 91 * DAY

    list_again(world, 2, tagline="Back again")

    live = tables(world)
    assert world.history() == [(2, "tagline")]
    assert live["former_details"] == []
    assert rebuilt(world) == live


def test_a_film_that_went_while_nobody_wanted_it_becomes_a_tombstone(world: World) -> None:
    unlist(world, 2)
    list_again(world, 2)
    unlist(world, 2)
    world.now += 91 * DAY
    world.fake.update_movie(2, vote_count=100)
    world.run(sync_discovery, years=(1999,))
    world.fake.remove_movie(2)

    world.run(sync_details, years=(1999,))

    live = tables(world)
    assert world.history() == [(2, "film")]
    assert ([row["tmdb_id"] for row in world.failed()], live["former_details"]) == ([2], [])
    assert rebuilt(world) == live


def test_a_run_that_died_between_the_two_tables_takes_nothing_back(world: World) -> None:
    """The film is in both: what a later look says of it counts, and the former row is not shown again."""
    stale = world.storage.lake.read(MovieDetail).filter(tmdb_id=2)
    world.storage.lake.rewrite_year(FormerDetail, 1999, lambda _: stale)
    world.fake.remove_movie(2)
    world.now += 91 * DAY

    world.run(sync_details, years=(1999,))
    world.now += DAY
    world.asked()

    world.run(sync_details, years=(1999,))

    assert world.asked() == []
    assert [row["reason"] for row in world.failed()] == ["not_found"]


def test_a_film_that_nobody_wants_can_be_deleted(world: World) -> None:
    unlist(world, 2)

    local_films.delete(world.storage, 2, clock=lambda: world.now)

    live = tables(world)
    assert world.history() == [(2, "film")]
    assert ([row["reason"] for row in world.failed()], live["former_details"]) == (["deleted"], [])
    assert rebuilt(world) == live


def test_a_film_that_nobody_wanted_goes_on_with_what_is_imported(world: World, tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path / "films")
    unlist(world, 2)
    world.fake.update_movie(2, tagline="Fetched", vote_count=100)
    local_films.fetch(world.fake, folder, world.storage, 2, clock=lambda: world.now)

    found = local_films.imported(world.storage, folder, world.fake.image_base_url, lambda: world.now)

    live = tables(world)
    assert (local_films.counts(found), world.history()) == ((1, 0, 0, []), [(2, "tagline")])
    assert live["former_details"] == []
    assert rebuilt(world) == live


def test_what_a_killed_run_learned_of_a_film_counts_though_it_has_left_again(world: World) -> None:
    unlist(world, 2)
    world.now += 91 * DAY
    world.fake.update_movie(2, vote_count=100, tagline="Seen by the killed")
    world.run(sync_discovery, years=(1999,))
    look_and_die(world)
    unlist(world, 2)
    world.now += 91 * DAY

    list_again(world, 2, tagline="Later")

    live = tables(world)
    assert world.history() == [(2, "tagline"), (2, "tagline")]
    assert rebuilt(world) == live


def test_a_film_that_another_run_takes_out_meanwhile_does_not_begin_anew(world: World) -> None:
    world.now += 91 * DAY
    world.fake.update_movie(2, tagline="Changed")
    planned_at = world.now

    def another_run(*_: object) -> None:
        world.fake.update_movie(2, vote_count=0)
        world.now += DAY
        other = threading.Thread(
            target=world.run, args=(sync_discovery, sync_details), kwargs={"years": (1999,)}
        )
        other.start()
        other.join()

    async def look() -> None:
        async with client_of(world.fake) as client:
            run = SyncRun(run_id="first", clock=lambda: planned_at, on_plan=another_run)
            await sync_details(client, world.storage, (1999,), run)

    asyncio.run(look())
    list_again(world, 2)

    live = tables(world)
    assert (2, "tagline") in world.history()
    assert rebuilt(world) == live


def test_a_film_that_is_listed_again_is_due_though_no_request_is(world: World) -> None:
    """The run that listed it was killed; its row is not lost, so no table has to be made again."""
    unlist(world, 2)
    world.fake.update_movie(2, vote_count=100)
    world.now += DAY
    world.run(sync_discovery, years=(1999,))
    fingerprint = world.storage.lake.read(MovieDetail)["request_fingerprint"][0]
    run = SyncRun(run_id="due", clock=lambda: world.now)

    due = due_years(world.storage, run, details_fingerprint=fingerprint)

    assert [(year.year, year.films) for year in due] == [(1999, {})]
    assert compare_with_lake(world.storage, read_journal(world.storage, lambda *_: None)) == []


def test_a_film_that_a_kill_left_in_both_tables_is_in_one_after_the_next_run(world: World) -> None:
    world.fake.remove_movie(2)
    world.now += 91 * DAY
    world.run(sync_details, years=(1999,))
    tomb = world.storage.lake.read(FailedMovie)
    world.fake.add_movie(2, "1999-06-01", vote_count=100)
    world.now += 91 * DAY
    world.run(sync_discovery, sync_details, years=(1999,))
    world.storage.lake.replace_year(FailedMovie, tomb, 1999)

    world.run(sync_details, years=(1999,))

    assert [film for film, _ in world.films()] == [1, 2, 3]
    assert world.failed() == []


def test_of_a_year_whose_list_is_empty_now_no_film_stays(world: World) -> None:
    for film in (1, 3):
        world.fake.update_movie(film, vote_count=0)

    unlist(world, 2)

    assert world.films() == []
    assert [row[0] for row in tables(world)["former_details"]] == [1, 2, 3]
    assert rebuilt(world) == tables(world)
