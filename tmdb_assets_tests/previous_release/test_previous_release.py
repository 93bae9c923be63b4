"""A data folder of the release before, opened with today's code."""

import asyncio
import datetime as dt
import tarfile
from pathlib import Path

import msgspec
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.snapshot import open_snapshot, publish
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details import sync_details
from tmdb_assets.tables import LAKE_TABLES, FailedMovie, MovieChange, MovieDetail, MovieHistory, TmdbExport
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets_tests.commands.running import environment, finished
from tmdb_assets_tests.sync.conftest import client_of

MADE_AT = dt.datetime(2026, 11, 21, 19, 40, tzinfo=dt.UTC)
FILMS, FAILED = 12, 9000038


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with tarfile.open(Path(__file__).parent / "release-0.1.0.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "data"


@pytest.fixture
def storage(data: Path) -> Storage:
    return Storage.open(Settings(data=data))


SINCE = (MovieHistory, MovieChange, TmdbExport)
"""Tables that the release before did not have."""


def test_every_row_of_the_lake_is_a_row_of_today(storage: Storage) -> None:
    for table in LAKE_TABLES:
        found = storage.lake.read(table)
        assert found.schema == table.schema()
        rows = msgspec.convert(found.to_dicts(), list[table], strict=False)
        assert bool(rows) == (table not in SINCE)
    assert storage.lake.read(MovieDetail)["unchanged_count"].to_list() == [0] * FILMS
    assert storage.lake.read(FailedMovie)["failure_count"].to_list() == [1]


def test_the_state_has_all_that_it_had(storage: Storage) -> None:
    state = storage.state

    assert len(state.audits()) == 11
    assert state.sessions()["anna.csv"].status == "completed"
    assert [film.tmdb_id for film in state.requested_movies()] == [9000042, 9000060, 9000071, 9000074]
    assert [run.run_id for run in state.failed_runs(since=MADE_AT - dt.timedelta(days=1))] == ["broken"]


def test_the_snapshot_shows_defaults_in_columns_that_the_files_lack(storage: Storage) -> None:
    counts = publish(storage.lake, storage.state, storage.snapshot)

    assert (counts["movie_details"], counts["failed_movies"]) == (FILMS, 1)
    with open_snapshot(storage.snapshot) as connection:
        shown = connection.execute("SELECT DISTINCT unchanged_count FROM movie_details").fetchall()
        failed = connection.execute("SELECT failure_count, first_failed_at FROM failed_movies").fetchall()
    assert (shown, failed) == ([(0,)], [(1, None)])


async def sync(client: AsyncTMDBClient, storage: Storage) -> None:
    run = SyncRun(run_id="today", clock=lambda: MADE_AT)
    await sync_details(client, storage, (2024, 2025, 2026), run)


def test_a_run_has_the_same_films_and_asks_for_none_that_is_fresh(storage: Storage) -> None:
    before = storage.lake.read(MovieDetail)

    async def run(fake: FakeTMDB) -> None:
        async with client_of(fake) as client:
            await sync(client, storage)

    with FakeTMDB(films=300, seed=5) as fake:
        asyncio.run(run(fake))
        asked = [one.path for one in fake.requests]

    after = storage.lake.read(MovieDetail)
    assert asked == []
    assert after["tmdb_id"].to_list() == before["tmdb_id"].to_list()
    assert storage.lake.read(FailedMovie)["tmdb_id"].to_list() == [FAILED]
    assert not list(storage.journal.folder.glob("*.ndjson"))  # what the killed run left was taken up


def test_a_year_is_written_over_rows_that_lack_columns(storage: Storage) -> None:
    before = storage.lake.read(MovieDetail, years=[2025])

    async def refresh(fake: FakeTMDB) -> None:
        run = SyncRun(run_id="today", refresh=True, clock=lambda: MADE_AT + dt.timedelta(days=1))
        async with client_of(fake) as client:
            await sync_details(client, storage, [2025], run)

    with FakeTMDB(films=300, seed=5) as fake:
        fake.remove_movie(FAILED)
        asyncio.run(refresh(fake))

    after = storage.lake.read(MovieDetail, years=[2025])
    [failed] = storage.lake.read(FailedMovie).to_dicts()
    assert after["tmdb_id"].to_list() == before["tmdb_id"].to_list()
    assert after["checked_at"].min() > before["checked_at"].max()
    assert msgspec.convert(failed, FailedMovie, strict=False).reason == "not_found"


@pytest.mark.parametrize("command", [["status"], ["sql", "FROM movies"], ["sql", "FROM failed_movies"]])
def test_commands_read_it(data: Path, command: list[str]) -> None:
    done = finished(*command, env=environment(None, data))

    assert done.returncode == 0, done.stderr


def test_a_whole_run_over_one_of_its_years_ends_well(data: Path) -> None:
    with FakeTMDB(films=300, seed=5) as fake:
        (data / "origin.json").write_text(f'{{"base_url": "{fake.base_url}"}}')
        done = finished("run", "--years", "2024", env=environment(fake, data))

    assert done.returncode == 0, done.stderr
    with open_snapshot(data / "warehouse.duckdb") as connection:
        found = connection.execute("SELECT release_year, count(*) FROM movies GROUP BY ALL ORDER BY 1")
        assert found.fetchall() == [(2024, 5), (2025, 3), (2026, 4)]
