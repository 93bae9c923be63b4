"""Several processes that want the same films at once: each is asked for once, and all end with all rows."""

import asyncio
import datetime as dt
import multiprocessing
import sys
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

import msgspec

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.storage.claims import Claims
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.segment import JournalLine
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details import request_fingerprint, sync_details
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.tables import FailedMovie, MovieDetail, SyncAudit
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets_tests.sync.conftest import KEY, client_of

YEARS = (1999, 2000)
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
FILMS = {year * 100 + number: f"{year}-06-01" for year in YEARS for number in range(40)}


def fetch(data: str, base_url: str, only: list[int] | None, start: Barrier) -> None:
    """Bring the films up to date, as a run does, or as an upload that wants some of them."""
    storage = Storage.open(Settings(data=Path(data)))
    audits: list[SyncAudit] = []

    async def sync() -> None:
        async with AsyncTMDBClient(
            KEY, base_url=base_url, requests_per_second=5000, max_concurrent=5
        ) as client:
            run = SyncRun(run_id="together", on_year=audits.append)
            await sync_details(client, storage, YEARS, run, only=only)

    start.wait(60)
    asyncio.run(sync())
    missing = sum(audit.missing_count for audit in audits)
    sys.exit(1 if missing and only is None else 0)


def test_two_runs_and_two_uploads_ask_for_each_film_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    data = tmp_path / "data"
    storage = Storage.open(Settings(data=data))
    with FakeTMDB(films=0, latency_ms=20) as fake:
        for film, date in FILMS.items():
            fake.add_movie(film, date, vote_count=10)
        asyncio.run(listed(fake, storage))
        start = spawn.Barrier(4)
        some = list(FILMS)
        wanted = [None, None, some[10:50], some[30:70]]
        processes = [
            spawn.Process(target=fetch, args=(str(data), fake.base_url, only, start)) for only in wanted
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join(240)
        asked = [one.path for one in fake.requests if one.path.startswith("/3/movie/")]

    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert sorted(asked) == sorted(f"/3/movie/{film}" for film in FILMS)
    assert set(storage.lake.read(MovieDetail)["tmdb_id"]) == set(FILMS)
    assert storage.lake.read(FailedMovie).is_empty()
    assert {path.suffix for path in storage.journal.folder.iterdir()} == {".zst"}


def test_a_film_that_another_process_has_claimed_is_waited_for_without_spinning(
    fake: FakeTMDB, storage: Storage
) -> None:
    fake.add_movie(1, "1999-06-01", vote_count=10)
    asyncio.run(listed(fake, storage))

    planned = asyncio.Event()
    run = SyncRun(run_id="patient", on_plan=lambda *_: planned.set())

    async def sync() -> float:
        async with client_of(fake) as client:
            with Claims(storage.claims / "movie_details") as other:
                other.try_claim(1)
                fetching = asyncio.create_task(sync_details(client, storage, (1999,), run))
                await planned.wait()
                begun = time.process_time()
                await asyncio.wait([fetching], timeout=1)
                used = time.process_time() - begun
                assert not fetching.done()
                other.release(1)
            await asyncio.wait_for(fetching, 60)
        return used

    used = asyncio.run(sync())

    assert used < 0.5
    assert storage.lake.read(MovieDetail)["tmdb_id"].to_list() == [1]


def test_an_old_answer_that_is_imported_beside_a_run_does_not_save_the_request(
    fake: FakeTMDB, storage: Storage
) -> None:
    for film in (1, 2):
        fake.add_movie(film, "1999-06-01", vote_count=10)
    asyncio.run(listed(fake, storage))
    body = msgspec.Raw(b'{"id":2,"title":"Old","release_date":"1999-06-01"}')

    def import_old(fingerprint: str) -> None:
        with storage.journal.new_segment() as theirs:
            theirs.append(
                JournalLine(tmdb_id=2, answered_at=LONG_AGO, outcome="ok", fingerprint=fingerprint, body=body)
            )
        storage.journal.seal(theirs.path)

    async def sync() -> None:
        async with client_of(fake) as client:
            asked_for = request_fingerprint(client, None)
            run = SyncRun(run_id="beside", on_plan=lambda *_: import_old(asked_for))
            await sync_details(client, storage, (1999,), run)

    asyncio.run(sync())

    assert "Old" not in storage.lake.read(MovieDetail)["title"].to_list()
    assert len([one for one in fake.requests if one.path.startswith("/3/movie/")]) == 2


def test_what_a_run_got_that_was_killed_beside_another_is_left_for_the_next(
    fake: FakeTMDB, storage: Storage
) -> None:
    """The other one looked at the journal when it began, and seals what it finds at its end."""
    fake.add_movie(1, "1999-06-01", vote_count=10)
    asyncio.run(listed(fake, storage))
    asyncio.run(_sync(fake, storage, SyncRun(run_id="first")))
    killed = storage.journal.new_segment()

    def get_one_more_and_die(*_: object) -> None:
        later = dt.datetime.now(dt.UTC)
        killed.append(JournalLine(tmdb_id=1, answered_at=later, outcome="not_found", fingerprint="f"))
        killed.close()

    asyncio.run(_sync(fake, storage, SyncRun(run_id="other", on_plan=get_one_more_and_die)))

    with storage.journal.pending() as pending:
        assert set(pending.positions) == {1}


async def _sync(fake: FakeTMDB, storage: Storage, run: SyncRun) -> None:
    async with client_of(fake) as client:
        await sync_details(client, storage, (1999,), run)


async def listed(fake: FakeTMDB, storage: Storage) -> None:
    async with client_of(fake) as client:
        await sync_discovery(client, storage, YEARS, SyncRun(run_id="list"), min_votes=1)
