"""Films that go, come back, change and move from year to year, over simulated weeks."""

import asyncio
import datetime as dt
import itertools
import json
from collections.abc import Callable

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details import sync_details
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.tables import FailedMovie, MovieChange, MovieDetail, MovieHistory
from tmdb_assets_tests.sync.conftest import client_of

START = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class World:
    """A fake TMDB, our storage and a clock that only a test moves."""

    def __init__(self, fake: FakeTMDB, storage: Storage) -> None:
        self.fake, self.storage, self.now = fake, storage, START

    def run(self, *steps: Callable[..., object], years: tuple[int, ...], **choices: bool) -> None:
        """List years, or ask for their details, in an order."""
        refresh = choices.pop("refresh", False)
        run = SyncRun(run_id="test", clock=lambda: self.now, refresh=refresh)

        async def sync() -> None:
            async with client_of(self.fake) as client:
                for step in steps:
                    if step is sync_discovery:
                        listing = SyncRun(run_id="test", clock=lambda: self.now, refresh=True)
                        await sync_discovery(client, self.storage, years, listing, min_votes=1)
                    else:
                        await sync_details(client, self.storage, years, run, **choices)

        asyncio.run(sync())

    def feed(self, *tmdb_ids: int) -> None:
        """Read a day of the changes feed that names films."""
        rows = [
            MovieChange(day=self.now.date(), tmdb_id=film, adult=None, seen_at=self.now) for film in tmdb_ids
        ]
        self.storage.lake.replace_where(MovieChange, MovieChange.frame(rows), "day", self.now.date())

    def asked(self) -> list[int]:
        """Return the films that were asked for, and forget that they were."""
        prefix = "/3/movie/"
        paths = [one.path for one in self.fake.requests if one.path.startswith(prefix)]
        new = [int(path.removeprefix(prefix)) for path in paths[getattr(self, "_seen", 0) :]]
        self._seen = len(paths)
        return sorted(new)

    def films(self) -> list[tuple[int, int]]:
        """Return the films that have details, and their years."""
        return self.storage.lake.read(MovieDetail).select("tmdb_id", "release_year").rows()

    def failed(self) -> list[dict[str, object]]:
        """Return the films that could not be had."""
        return self.storage.lake.read(FailedMovie).rows(named=True)

    def history(self) -> list[tuple[int, str]]:
        """Return what is remembered, and of which films."""
        return self.storage.lake.read(MovieHistory).select("tmdb_id", "field").rows()


@pytest.fixture
def world(fake: FakeTMDB, storage: Storage) -> World:
    for film in (1, 2, 3):
        fake.add_movie(film, "1999-06-01", vote_count=100)
    return World(fake, storage)


def test_a_film_that_is_gone_becomes_a_tombstone(world: World) -> None:
    world.run(sync_discovery, sync_details, years=(1999,))
    world.fake.remove_movie(2)
    world.now += 91 * DAY

    world.run(sync_details, years=(1999,))

    assert world.films() == [(1, 1999), (3, 1999)]
    [tomb] = world.failed()
    assert (tomb["tmdb_id"], tomb["reason"], tomb["first_failed_at"]) == (2, "not_found", world.now)
    [row] = world.storage.lake.read(MovieHistory).rows(named=True)
    assert (row["tmdb_id"], row["field"], row["new_value"], row["seen_at"]) == (2, "film", None, world.now)
    assert json.loads(row["old_value"])["title"] == "Film 2"


def test_a_tombstone_that_nobody_lists_stays_and_is_not_asked_for(world: World) -> None:
    world.run(sync_discovery, sync_details, years=(1999,))
    world.fake.remove_movie(2)
    world.now += 91 * DAY
    world.run(sync_details, sync_discovery, years=(1999,))
    world.asked()
    world.now += 20 * DAY

    world.run(sync_details, years=(1999,))

    assert world.asked() == []
    assert [row["tmdb_id"] for row in world.failed()] == [2]


@pytest.mark.parametrize("is_listed_again", [True, False])
def test_a_film_that_comes_back_lives_again(world: World, *, is_listed_again: bool) -> None:
    world.run(sync_discovery, sync_details, years=(1999,))
    world.fake.remove_movie(2)
    world.now += 91 * DAY
    world.run(sync_details, sync_discovery, years=(1999,))
    world.fake.add_movie(2, "1999-06-01", title="Back", vote_count=100)
    world.now += 20 * DAY
    if is_listed_again:
        world.run(sync_discovery, years=(1999,))
    else:
        world.feed(2)

    world.run(sync_details, years=(1999,))
    world.now += DAY
    world.run(sync_details, years=(1999,))

    assert (2, 1999) in world.films()
    assert world.failed() == []
    rows = world.storage.lake.read(MovieHistory).sort("seen_at").rows(named=True)
    assert [row["field"] for row in rows] == ["film", "film"]
    assert rows[1]["old_value"] is None
    assert json.loads(rows[1]["new_value"])["title"] == "Back"


def test_failures_in_a_row_are_counted(world: World) -> None:
    world.run(sync_discovery, years=(1999,))
    world.fake.update_movie(2, runtime="odd")
    world.run(sync_details, years=(1999,))
    world.now += DAY

    world.run(sync_details, years=(1999,))

    [failure] = world.failed()
    assert (failure["failure_count"], failure["first_failed_at"], failure["checked_at"]) == (
        2,
        START,
        START + DAY,
    )


def test_a_film_that_only_nobody_wants_any_more_is_no_tombstone(world: World) -> None:
    world.run(sync_discovery, sync_details, years=(1999,))
    world.fake.update_movie(2, vote_count=0)
    world.now += DAY

    world.run(sync_discovery, sync_details, years=(1999,))

    assert world.films() == [(1, 1999), (3, 1999)]
    assert (world.failed(), world.history()) == ([], [])


def test_a_film_that_is_marked_and_unlisted_is_asked_for_before_it_leaves(world: World) -> None:
    world.run(sync_discovery, sync_details, years=(1999,))
    world.fake.remove_movie(2)
    world.fake.update_movie(3, vote_count=0)
    world.now += DAY
    world.feed(2, 3)
    world.asked()

    world.run(sync_discovery, sync_details, years=(1999,))

    assert world.asked() == [2, 3]
    assert world.films() == [(1, 1999)]
    assert [row["tmdb_id"] for row in world.failed()] == [2]
    assert world.history() == [(2, "film"), (3, "vote_count")]


def test_a_deleted_film_is_not_asked_for_whatever_happens(world: World) -> None:
    world.run(sync_discovery, sync_details, years=(1999,))
    row = {"tmdb_id": 2, "release_year": 1999, "title": "Film 2", "reason": "deleted", "message": None}
    deleted = FailedMovie(**row, attempt_count=0, checked_at=START)
    world.storage.lake.replace_year(FailedMovie, FailedMovie.frame([deleted]), 1999)
    kept = world.storage.lake.read(MovieDetail).remove(tmdb_id=2)
    world.storage.lake.replace_year(MovieDetail, kept, 1999)
    world.now += 100 * DAY
    world.feed(2)
    world.asked()

    world.run(sync_discovery, sync_details, years=(1999,), refresh=True)

    assert world.asked() == [1, 3]
    assert [row["reason"] for row in world.failed()] == ["deleted"]


def test_only_marked_films_are_asked_for_and_eight_hours_later_again(world: World) -> None:
    world.fake.add_movie(4, "2000-06-01", vote_count=100)
    world.run(sync_discovery, sync_details, years=(1999, 2000))
    world.asked()
    world.now += 200 * DAY
    world.feed(2)

    looks: list[list[int]] = []
    for hours in (0, 1, 6.9, 0.1, 1, 20):
        world.now += hours * HOUR
        world.run(sync_details, years=(1999, 2000), marked_only=True)
        looks.append(world.asked())

    assert looks == [[2], [], [], [2], [], []]


def test_years_without_marked_films_are_left_alone(world: World) -> None:
    world.fake.add_movie(4, "2000-06-01", vote_count=100)
    world.run(sync_discovery, sync_details, years=(1999, 2000))
    world.now += DAY
    world.feed(4)
    years: list[int | None] = []
    run = SyncRun(run_id="hourly", clock=lambda: world.now, on_year=lambda audit: years.append(audit.year))

    async def sync() -> None:
        async with client_of(world.fake) as client:
            await sync_details(client, world.storage, (1999, 2000), run, marked_only=True)

    asyncio.run(sync())

    assert years == [2000]


def test_what_changed_is_remembered_once(world: World) -> None:
    world.run(sync_discovery, sync_details, years=(1999,))
    world.fake.update_movie(2, title="Another", runtime=99)
    world.now += 91 * DAY
    world.run(sync_details, years=(1999,))

    world.run(sync_details, years=(1999,), refresh=True)

    rows = world.storage.lake.read(MovieHistory)
    assert rows.filter(field="title").select("tmdb_id", "old_value", "new_value").rows() == [
        (2, '"Film 2"', '"Another"')
    ]
    assert set(rows["seen_at"]) == {world.now}


def test_three_unchanged_checks_make_ninety_days_a_hundred_and_eighty(world: World) -> None:
    world.run(sync_discovery, sync_details, years=(1999,))
    world.asked()
    looks: list[int] = []
    for _ in range(7):
        world.now += 90 * DAY
        world.run(sync_details, years=(1999,))
        looks.append(len(world.asked()))

    assert looks == [3, 3, 3, 0, 3, 0, 3]


_STEPS = [(sync_discovery, 1999), (sync_discovery, 2000), (sync_details, 1999), (sync_details, 2000)]


_ORDERS = list(itertools.permutations(range(4)))


@pytest.mark.parametrize(
    ("order", "refresh"), [*((order, False) for order in _ORDERS), *((order, True) for order in _ORDERS[::5])]
)
def test_a_film_whose_date_moved_is_in_its_new_year_only(
    world: World, order: tuple[int, ...], *, refresh: bool
) -> None:
    """Whichever of discovery and details, of the old year and of the new one, comes first."""
    world.fake.add_movie(4, "2000-06-01", vote_count=100)
    world.run(sync_discovery, sync_details, years=(1999, 2000))
    world.fake.update_movie(2, release_date="2000-01-01")
    world.now += DAY

    for turn in range(2):
        for step, year in (_STEPS[number] for number in order):
            world.run(step, years=(year,), refresh=refresh)
            films = [film for film, _ in world.films()]
            assert len(films) == len(set(films)), f"after {step.__name__} of {year}, turn {turn}"
        world.now += DAY

    assert world.films() == [(1, 1999), (2, 2000), (3, 1999), (4, 2000)]
    assert world.failed() == []


def test_a_film_that_was_looked_at_while_the_clock_was_ahead_is_asked_for_once_more(world: World) -> None:
    world.now += 30 * DAY
    world.run(sync_discovery, sync_details, years=(1999,))
    world.now -= 30 * DAY
    world.asked()

    world.run(sync_details, years=(1999,))
    then = world.asked()
    world.now += HOUR
    world.run(sync_details, years=(1999,))

    assert (then, world.asked()) == ([1, 2, 3], [])
