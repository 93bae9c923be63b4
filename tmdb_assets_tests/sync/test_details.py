import asyncio
import datetime as dt

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details import sync_details
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.sync.outage import TMDBUnavailableError
from tmdb_assets.tables import FailedMovie, MovieDetail, SyncAudit
from tmdb_assets.tmdb import AuthenticationError
from tmdb_assets_tests.sync.conftest import client_of

NOW = dt.datetime.now(dt.UTC)


def synced(
    fake: FakeTMDB,
    storage: Storage,
    *years: int,
    run: SyncRun | None = None,
    refresh_limit: int | None = None,
) -> list[SyncAudit]:
    """Discover years and fetch their films, as the two assets do."""
    audits: list[SyncAudit] = []
    chosen = run or SyncRun(run_id="test")
    discovering = SyncRun(run_id=chosen.run_id, refresh=True)
    fetching = SyncRun(
        run_id=chosen.run_id, refresh=chosen.refresh, clock=chosen.clock, on_year=audits.append
    )

    async def sync() -> None:
        async with client_of(fake) as client:
            await sync_discovery(client, storage, years, discovering, min_votes=1)
            await sync_details(client, storage, years, fetching, refresh_limit=refresh_limit)

    asyncio.run(sync())
    return audits


def details_asked(fake: FakeTMDB) -> list[int]:
    prefix = "/3/movie/"
    return [int(one.path.removeprefix(prefix)) for one in fake.requests if one.path.startswith(prefix)]


def ids(storage: Storage, *years: int) -> list[int]:
    return storage.lake.read(MovieDetail, years=years or None)["tmdb_id"].to_list()


def films(fake: FakeTMDB, *movie_ids: int, date: str = "1999-06-01") -> None:
    for movie_id in movie_ids:
        fake.add_movie(movie_id, date, vote_count=movie_id + 1)


def test_each_film_costs_one_request(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, *range(1, 31))

    [audit] = synced(fake, storage, 1999)

    assert sorted(details_asked(fake)) == list(range(1, 31)) == ids(storage)
    assert (audit.request_count, audit.promised_count, audit.missing_count) == (30, 30, 0)


def test_fresh_films_are_not_asked_for_again(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1, 2, 3)
    synced(fake, storage, 1999)
    films(fake, 4)

    synced(fake, storage, 1999)

    assert sorted(details_asked(fake)) == [1, 2, 3, 4]
    assert ids(storage) == [1, 2, 3, 4]


def test_a_refresh_asks_for_every_film(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1, 2)
    synced(fake, storage, 1999)

    synced(fake, storage, 1999, run=SyncRun(run_id="again", refresh=True))

    assert sorted(details_asked(fake)) == [1, 1, 2, 2]


def test_a_refresh_limit_takes_those_checked_longest_ago(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1)
    synced(fake, storage, 1999)
    films(fake, 2, 3)
    synced(fake, storage, 1999)
    later = NOW + dt.timedelta(days=200)

    synced(fake, storage, 1999, run=SyncRun(run_id="later", clock=lambda: later), refresh_limit=1)

    assert sorted(details_asked(fake)) == [1, 1, 2, 3]


def test_a_film_that_tmdb_does_not_have_is_named_and_not_asked_for_again(storage: Storage) -> None:
    def vanish(_count: int, path: str) -> None:
        if path == "/3/movie/2":
            fake.remove_movie(2)

    with FakeTMDB(films=0, on_request=vanish) as fake:
        films(fake, 1, 2)
        [audit] = synced(fake, storage, 1999)
        films(fake, 2)  # its lists name it again
        synced(fake, storage, 1999)

        assert sorted(details_asked(fake)) == [1, 2]
    failed = storage.lake.read(FailedMovie).select("tmdb_id", "release_year", "title", "reason").rows()
    assert failed == [(2, 1999, "Film 2", "not_found")]
    assert (audit.missing_count, ids(storage)) == (1, [1])


def test_a_film_without_a_date_belongs_to_no_year(storage: Storage) -> None:
    def undate(_count: int, path: str) -> None:
        if path == "/3/movie/1":
            fake.update_movie(1, release_date="")

    with FakeTMDB(films=0, on_request=undate) as fake:
        films(fake, 1)
        synced(fake, storage, 1999)

    assert ids(storage) == []
    assert storage.lake.read(FailedMovie)["reason"].to_list() == ["undated"]


def test_an_odd_answer_fails_that_film_alone(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1, 2)
    fake.update_movie(2, runtime="two hours")

    synced(fake, storage, 1999)

    assert ids(storage) == [1]
    [failed] = storage.lake.read(FailedMovie).rows(named=True)
    assert (failed["tmdb_id"], failed["reason"]) == (2, "failed")
    assert "runtime" in failed["message"]


def test_failed_films_are_swept_again_before_the_year_ends(storage: Storage) -> None:
    """At one fault in two a film fails four attempts in a row once in sixteen."""
    faults = "500:0.2,reset:0.1,truncate:0.1,empty:0.1"
    with FakeTMDB(films=0, faults=faults, seed=11) as fake:
        films(fake, *range(1, 101))
        [audit] = synced(fake, storage, 1999)

    assert ids(storage) == list(range(1, 101))
    assert audit.failed_count > 0
    assert audit.missing_count == 0


def test_when_tmdb_is_down_what_it_had_answered_is_kept(storage: Storage) -> None:
    down = ",".join(f"503@{number}" for number in range(30, 2000))
    with FakeTMDB(films=0, faults=down) as fake:
        films(fake, *range(1, 101))
        with pytest.raises(TMDBUnavailableError, match="run the same again"):
            synced(fake, storage, 1999)
    had = set(details_answered(fake))

    with FakeTMDB(films=0) as fake:
        films(fake, *range(1, 101))
        synced(fake, storage, 1999)

    assert had
    assert set(details_asked(fake)) == set(range(1, 101)) - had
    assert ids(storage) == list(range(1, 101))


def details_answered(fake: FakeTMDB) -> list[int]:
    prefix = "/3/movie/"
    return [
        int(one.path.removeprefix(prefix))
        for one in fake.requests
        if one.path.startswith(prefix) and one.status == 200
    ]


def test_a_refused_credential_stops_at_once(storage: Storage) -> None:
    with FakeTMDB(films=0, api_key="f" * 32) as fake, pytest.raises(AuthenticationError):
        synced(fake, storage, 1999)


def test_years_are_stored_one_by_one(fake: FakeTMDB, storage: Storage) -> None:
    for year in (1999, 2000, 2001):
        films(fake, *range(year * 10, year * 10 + 10), date=f"{year}-06-01")

    audits = synced(fake, storage, 1999, 2000, 2001)

    assert sorted(audit.year or 0 for audit in audits) == [1999, 2000, 2001]
    assert [audit.request_count for audit in audits] == [10, 10, 10]
    assert storage.lake.row_counts(MovieDetail) == {1999: 10, 2000: 10, 2001: 10}


def test_the_journal_is_sealed_when_all_of_it_is_in_the_lake(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1)

    synced(fake, storage, 1999)

    assert [path.suffix for path in storage.journal.folder.iterdir()] == [".zst"]


@pytest.mark.parametrize("first", [1999, 2000])
def test_a_film_whose_date_moved_is_in_its_new_year_only(
    fake: FakeTMDB, storage: Storage, first: int
) -> None:
    films(fake, 1, 2, date="1999-12-31")
    films(fake, 3, date="2000-06-01")
    synced(fake, storage, 1999, 2000)
    fake.update_movie(2, release_date="2000-01-01")

    again = SyncRun(run_id="again", refresh=True)
    synced(fake, storage, first, run=again)
    synced(fake, storage, 1999 if first == 2000 else 2000, run=again)

    rows = storage.lake.read(MovieDetail).select("tmdb_id", "release_year").rows()
    assert rows == [(1, 1999), (2, 2000), (3, 2000)]


def test_a_change_is_told_from_a_check(fake: FakeTMDB, storage: Storage) -> None:
    """Votes and popularity move daily: they are no change of the film."""
    films(fake, 1, 2)
    synced(fake, storage, 1999)
    before = storage.lake.read(MovieDetail)
    fake.update_movie(1, vote_count=12, popularity=3.0)
    fake.update_movie(2, overview="Now there is one.")

    synced(fake, storage, 1999, run=SyncRun(run_id="again", refresh=True))

    after = storage.lake.read(MovieDetail)
    assert after["vote_count"].to_list() == [12, 3]
    assert (after["checked_at"] > before["checked_at"]).to_list() == [True, True]
    assert (after["changed_at"] > before["changed_at"]).to_list() == [False, True]


def test_an_older_row_is_better_than_none(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1, 2)
    synced(fake, storage, 1999)
    fake.update_movie(2, runtime="two hours")

    [audit] = synced(fake, storage, 1999, run=SyncRun(run_id="again", refresh=True))

    assert ids(storage) == [1, 2]
    assert storage.lake.read(FailedMovie).is_empty()
    assert (audit.missing_count, audit.failed_count) == (0, 1)


def test_a_film_that_is_not_wanted_any_more_leaves(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1, 2)
    synced(fake, storage, 1999)
    fake.remove_movie(2)

    synced(fake, storage, 1999)

    assert ids(storage) == [1]


def test_asking_twice_stores_the_same_rows(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1, 2, 3)
    synced(fake, storage, 1999)
    before = storage.lake.read(MovieDetail)

    synced(fake, storage, 1999)

    assert storage.lake.read(MovieDetail).equals(before)
