"""The feed of changed films, and the details that TMDB's cache still has."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.fake_tmdb.asking import client_of

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    now: dt.datetime = NOON


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake(clock: Clock) -> Iterator[FakeTMDB]:
    with FakeTMDB(films=0, clock=lambda: clock.now, details_cached_hours=8) as fake:
        yield fake


@pytest.fixture
def client(fake: FakeTMDB) -> Iterator[httpx.Client]:
    with client_of(fake) as client:
        yield client


def changed(client: httpx.Client, **query: object) -> list[int]:
    answer = client.get("/movie/changes", params=query)
    assert answer.status_code == 200, answer.text
    return [film["id"] for film in answer.json()["results"]]


def title(client: httpx.Client) -> str:
    return client.get("/movie/1").json()["title"]


def test_without_dates_the_last_24_hours_are_answered(
    fake: FakeTMDB, client: httpx.Client, clock: Clock
) -> None:
    fake.add_movie(1, "2020-01-01", at=NOON - DAY)
    fake.add_movie(2, "2020-01-01", at=NOON - DAY - dt.timedelta(seconds=1))

    first = changed(client)
    clock.now += HOUR

    assert (first, changed(client)) == ([1], [])


def test_a_day_holds_what_changed_from_midnight_to_midnight(fake: FakeTMDB, client: httpx.Client) -> None:
    midnight = dt.datetime(2026, 3, 8, tzinfo=dt.UTC)
    for film, at in enumerate((midnight - HOUR, midnight, midnight + 23 * HOUR, midnight + DAY), start=1):
        fake.add_movie(film, "2020-01-01", at=at)

    assert changed(client, start_date="2026-03-08", end_date="2026-03-08") == [3, 2]
    assert changed(client, start_date="2026-03-08", end_date="2026-03-09") == [4, 3, 2]


def test_a_film_that_changed_twice_is_there_once_and_one_that_was_removed_is_not(
    fake: FakeTMDB, client: httpx.Client
) -> None:
    fake.add_movie(1, "2020-01-01", at=NOON - 3 * HOUR)
    fake.add_movie(2, "2020-01-01", at=NOON - 2 * HOUR)
    fake.update_movie(1, at=NOON - HOUR, title="New")
    fake.remove_movie(2)

    assert changed(client) == [1]


def test_a_page_has_a_hundred_changes(fake: FakeTMDB, client: httpx.Client) -> None:
    for film in range(1, 252):
        fake.add_movie(film, "2020-01-01", at=NOON - HOUR)

    last = client.get("/movie/changes", params={"page": 3}).json()

    assert (len(last["results"]), last["total_pages"], last["total_results"]) == (51, 3, 251)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"start_date": "2026-02-01", "end_date": "2026-02-16"}, 422, 20),
        ({"start_date": "1 March"}, 400, 23),
        ({"start_date": "2026-03-02", "end_date": "2026-03-01"}, 422, 5),
    ],
    ids=["more than 14 days", "no date", "the end before the start"],
)
def test_a_range_that_tmdb_refuses_is_refused(
    client: httpx.Client, query: dict[str, str], status: int, code: int
) -> None:
    answer = client.get("/movie/changes", params=query)

    assert (answer.status_code, answer.json()["status_code"]) == (status, code)


def test_details_are_the_former_ones_for_eight_hours_after_a_change(
    fake: FakeTMDB, client: httpx.Client, clock: Clock
) -> None:
    fake.add_movie(1, "2020-01-01", title="Old")
    fake.update_movie(1, title="New")

    before = title(client)
    clock.now += 8 * HOUR - dt.timedelta(seconds=1)
    still = title(client)
    clock.now += dt.timedelta(seconds=1)

    assert (before, still, title(client)) == ("Old", "Old", "New")


def test_a_second_change_does_not_keep_the_first_ones_film_any_longer(
    fake: FakeTMDB, client: httpx.Client, clock: Clock
) -> None:
    fake.add_movie(1, "2020-01-01", title="Old")
    fake.update_movie(1, title="New")
    clock.now += 4 * HOUR
    fake.update_movie(1, title="Newer")

    clock.now += 4 * HOUR

    assert title(client) == "Newer"


def test_a_film_that_is_not_there_cannot_be_changed_and_is_not_in_the_feed(
    fake: FakeTMDB, client: httpx.Client
) -> None:
    with pytest.raises(KeyError):
        fake.update_movie(7, title="New")
    fake.add_movie(7, "2020-01-01", at=NOON - 2 * DAY)

    assert changed(client) == []
