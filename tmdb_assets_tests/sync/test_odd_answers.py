"""What odd servers and bad moments must not do: lose a film, a year, or a run."""

import asyncio
import datetime as dt
import json

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.segment import NO_BODY, JournalLine
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details import request_fingerprint, sync_details
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.tables import DiscoveredMovie, FailedMovie, MovieDetail, SyncAudit
from tmdb_assets.tmdb import AsyncTMDBClient, AuthenticationError, TMDBError
from tmdb_assets_tests.sync.conftest import AT_ONCE, KEY
from tmdb_assets_tests.sync.odd_tmdb import odd_tmdb
from tmdb_assets_tests.sync.rebuilding import remade

DOWN = (503, b'{"success": false, "status_code": 9, "status_message": "Service offline."}')


def synced(
    base_url: str,
    storage: Storage,
    *,
    refresh: bool = False,
    discover: bool = True,
    region: str | None = None,
) -> list[SyncAudit]:
    """Discover 1999 and fetch its films."""
    audits: list[SyncAudit] = []
    run = SyncRun(run_id="test", refresh=refresh, on_year=audits.append)

    async def sync() -> None:
        async with AsyncTMDBClient(KEY, base_url=base_url, requests_per_second=5000, retry=AT_ONCE) as client:
            if discover:
                await sync_discovery(
                    client, storage, [1999], SyncRun(run_id="test", refresh=True), min_votes=1
                )
            await sync_details(client, storage, [1999], run, region=region)

    asyncio.run(sync())
    return audits


def films(fake: FakeTMDB, count: int) -> None:
    for movie_id in range(1, count + 1):
        fake.add_movie(movie_id, "1999-06-01", vote_count=500)


def ids(storage: Storage) -> list[int]:
    return storage.lake.read(MovieDetail)["tmdb_id"].to_list()


@pytest.mark.parametrize("broken", [4, 10, 40])
def test_films_that_never_answer_have_their_reason_and_the_year_ends(
    fake: FakeTMDB, storage: Storage, broken: int
) -> None:
    """They are told from a TMDB that is down."""
    films(fake, broken + 5)
    never = {f"/3/movie/{movie_id}" for movie_id in range(1, broken + 1)}

    with odd_tmdb(fake, lambda path: DOWN if path in never else None) as server:
        synced(server.base_url, storage)

    failed = storage.lake.read(FailedMovie)
    assert failed["tmdb_id"].to_list() == list(range(1, broken + 1))
    assert set(failed["reason"]) == {"failed"}
    assert failed["attempt_count"].to_list() == [12] * broken
    assert ids(storage) == list(range(broken + 1, broken + 6))


def test_a_rebuild_says_as_a_run_how_often_a_film_was_asked_for(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 4)
    fake.update_movie(3, revenue=2**63)
    undated = (200, b'{"id": 2, "title": "Film 2", "release_date": ""}')
    stumbles = {"/3/movie/2": 5, "/3/movie/3": 2}

    def odd(path: str) -> tuple[int, bytes] | None:
        stumbles[path] = stumbles.get(path, 0) - 1
        is_down = path == "/3/movie/1" or stumbles[path] >= 0
        return DOWN if is_down else undated if path == "/3/movie/2" else None

    with odd_tmdb(fake, odd) as server:
        synced(server.base_url, storage)
    as_it_was = storage.lake.read(FailedMovie)

    remade(storage, fake.image_base_url)

    rebuilt = storage.lake.read(FailedMovie)
    assert rebuilt.select("tmdb_id", "attempt_count").rows() == [(1, 12), (2, 6), (3, 3)]
    assert rebuilt.rows() == as_it_was.rows()


def test_an_answer_about_another_film_is_not_stored(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 2)
    other = json.dumps({"id": 9, "title": "Nine", "release_date": "1999-01-01"}).encode()

    with odd_tmdb(fake, lambda path: (200, other) if path == "/3/movie/1" else None) as server:
        synced(server.base_url, storage)

    assert ids(storage) == [2]
    [failed] = storage.lake.read(FailedMovie).rows(named=True)
    assert (failed["tmdb_id"], failed["message"]) == (1, "TMDB answered about film 9.")


def test_a_number_that_no_column_can_hold_fails_that_film_alone(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 2)
    fake.update_movie(1, revenue=2**63 + 5)

    synced(fake.base_url, storage)
    synced(fake.base_url, storage)

    assert ids(storage) == [2]
    assert storage.lake.read(FailedMovie)["tmdb_id"].to_list() == [1]


def test_an_odd_film_in_a_list_does_not_take_the_year_with_it(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 3)
    fake.update_movie(2, popularity="high")

    synced(fake.base_url, storage)

    assert storage.lake.read(DiscoveredMovie)["tmdb_id"].to_list() == [1, 3]
    [audit] = storage.state.newest_audits(DiscoveredMovie.table).values()
    assert audit.missing_count == 1


def test_a_refused_credential_stops_discovery_at_its_first_answer(storage: Storage) -> None:
    async def sync(base_url: str) -> None:
        async with AsyncTMDBClient(KEY, base_url=base_url, requests_per_second=5000) as client:
            await sync_discovery(client, storage, range(1900, 2000), SyncRun(run_id="test"))

    with FakeTMDB(films=0, api_key="f" * 32) as fake, pytest.raises(AuthenticationError):
        asyncio.run(sync(fake.base_url))

    assert len(fake.requests) < 20


def journaled(storage: Storage, tmdb_id: int, title: str, *, age: dt.timedelta, outcome: str = "ok") -> None:
    """Leave an answer in the journal, as a killed run does."""
    body = json.dumps({"id": tmdb_id, "title": title, "release_date": "1999-06-01"}).encode()
    with storage.journal.new_segment() as segment:
        segment.append(
            JournalLine(
                tmdb_id=tmdb_id,
                answered_at=dt.datetime.now(dt.UTC) - age,
                outcome="ok" if outcome == "ok" else "not_found",
                fingerprint=fingerprint(),
                body=type(NO_BODY)(body) if outcome == "ok" else NO_BODY,
            )
        )


def fingerprint() -> str:
    return request_fingerprint(AsyncTMDBClient(KEY, base_url="http://127.0.0.1:1/3"), None)


def test_what_a_killed_run_had_got_is_used(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 2)
    journaled(storage, 1, "From the journal", age=dt.timedelta(minutes=1))

    synced(fake.base_url, storage)

    assert storage.lake.read(MovieDetail)["title"].to_list() == ["From the journal", "Film 2"]
    assert [one.path for one in fake.requests if "/movie/" in one.path and "discover" not in one.path] == [
        "/3/movie/2"
    ]


def test_what_a_killed_refresh_had_got_is_used_by_a_plain_run(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1)
    synced(fake.base_url, storage)
    journaled(storage, 1, "Newer", age=dt.timedelta(seconds=-1))

    synced(fake.base_url, storage)

    assert storage.lake.read(MovieDetail)["title"].to_list() == ["Newer"]
    assert not list(storage.journal.folder.glob("*.ndjson"))


def test_an_old_answer_does_not_bring_a_deleted_film_back(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 2)
    journaled(storage, 1, "Old", age=dt.timedelta(days=3))
    missing = (404, b'{"success": false, "status_code": 34, "status_message": "Not there."}')

    with odd_tmdb(fake, lambda path: missing if path == "/3/movie/1" else None) as server:
        synced(server.base_url, storage, refresh=True)
        synced(server.base_url, storage)

    assert ids(storage) == [2]
    assert storage.lake.read(FailedMovie)["reason"].to_list() == ["not_found"]


def test_an_answer_about_a_film_that_nobody_wants_does_not_stay_unsealed(
    fake: FakeTMDB, storage: Storage
) -> None:
    films(fake, 1)
    journaled(storage, 77, "Nobody wants it", age=dt.timedelta(minutes=1))

    synced(fake.base_url, storage)

    assert not list(storage.journal.folder.glob("*.ndjson"))


def test_another_region_makes_details_due(fake: FakeTMDB, storage: Storage) -> None:
    """The certification in the row is that of a region."""
    films(fake, 1)
    synced(fake.base_url, storage, region="US")

    [audit] = synced(fake.base_url, storage, discover=False, region="DE")

    assert audit.request_count == 1


def test_a_date_that_moved_in_the_lists_makes_details_due(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 2)
    synced(fake.base_url, storage)
    fake.update_movie(2, release_date="1999-07-01")

    [audit] = synced(fake.base_url, storage)

    assert (audit.request_count, audit.reused_count) == (1, 1)
    assert storage.lake.read(MovieDetail)["release_date"].to_list()[1] == dt.date(1999, 7, 1)


def test_rows_that_stayed_are_never_fewer_than_none(fake: FakeTMDB, storage: Storage) -> None:
    """Also when a film leaves for another year while its own is stored."""
    films(fake, 2)
    moved = json.dumps({"id": 1, "title": "Moved", "release_date": "2000-01-01"}).encode()

    with odd_tmdb(fake, lambda path: (200, moved) if path == "/3/movie/1" else None) as server:
        [audit] = synced(server.base_url, storage)

    assert (audit.row_count, audit.reused_count, audit.missing_count) == (1, 0, 0)
    assert storage.lake.row_counts(MovieDetail) == {1999: 1, 2000: 1}


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"page": 1, "results": null, "total_pages": null, "total_results": null}',
        b'{"page": 1, "results": [{"id": 1}], "total_pages": null, "total_results": null}',
    ],
)
def test_a_list_without_its_totals_does_not_empty_a_year(
    fake: FakeTMDB, storage: Storage, body: bytes
) -> None:
    films(fake, 2)
    synced(fake.base_url, storage)

    with (
        odd_tmdb(fake, lambda path: (200, body) if path == "/3/discover/movie" else None) as server,
        pytest.raises(TMDBError),
    ):
        synced(server.base_url, storage)

    assert storage.lake.read(DiscoveredMovie)["tmdb_id"].to_list() == [1, 2] == ids(storage)


def test_a_list_that_is_short_is_not_asked_for_again_the_same_day(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 2)
    lie = json.dumps(
        {"page": 1, "results": [{"id": 1, "title": "One"}], "total_pages": 1, "total_results": 3}
    ).encode()

    async def discover(base_url: str) -> None:
        async with AsyncTMDBClient(KEY, base_url=base_url, requests_per_second=5000) as client:
            await sync_discovery(client, storage, [1999], SyncRun(run_id="test"))

    with odd_tmdb(fake, lambda path: (200, lie) if path == "/3/discover/movie" else None) as server:
        asyncio.run(discover(server.base_url))
        asked = server.asked.total()
        asyncio.run(discover(server.base_url))

        assert server.asked.total() == asked == 23  # in halves three times over, then from the end
