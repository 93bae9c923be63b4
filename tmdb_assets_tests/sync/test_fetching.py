import datetime as dt
import os

import msgspec
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.local_folder import LocalFolder
from tmdb_assets.sync.outage import TMDBUnavailableError
from tmdb_assets_tests.sync.doctor.damage import dead_process
from tmdb_assets_tests.sync.local_films import NOW, fetch, imported
from tmdb_assets_tests.sync.odd_tmdb import odd_tmdb
from tmdb_assets_tests.sync.test_details import details_asked, films


def test_each_film_is_a_file_and_costs_one_request(
    fake: FakeTMDB, folder: LocalFolder, storage: Storage
) -> None:
    films(fake, 1, 2)

    fetched = fetch(fake, folder, storage, 1, 2, 2, 3)

    assert (fetched.ok, fetched.not_found, fetched.failed) == (2, 1, {})
    assert sorted(path.name for path in folder.pending.iterdir()) == ["1.json", "2.json", "3.json"]
    assert sorted(details_asked(fake)) == [1, 2, 3]


def test_what_the_folder_has_is_not_asked_for_again(
    fake: FakeTMDB, folder: LocalFolder, storage: Storage
) -> None:
    films(fake, 1, 2)
    fetch(fake, folder, storage, 1)
    imported(storage, folder)

    fetched = fetch(fake, folder, storage, 1, 2)

    assert (fetched.fresh, sorted(details_asked(fake))) == (1, [1, 2])


def test_a_refresh_asks_again(fake: FakeTMDB, folder: LocalFolder, storage: Storage) -> None:
    films(fake, 1)
    fetch(fake, folder, storage, 1)

    fetch(fake, folder, storage, 1, refresh=True)

    assert details_asked(fake) == [1, 1]


def test_an_old_file_is_asked_for_again(fake: FakeTMDB, folder: LocalFolder, storage: Storage) -> None:
    films(fake, 1)
    fetch(fake, folder, storage, 1)

    fetch(fake, folder, storage, 1, clock=lambda: NOW + dt.timedelta(days=100))

    assert details_asked(fake) == [1, 1]


def test_a_file_whose_time_has_no_zone_is_asked_for_again(
    fake: FakeTMDB, folder: LocalFolder, storage: Storage
) -> None:
    films(fake, 1)
    fetch(fake, folder, storage, 1)
    kept = msgspec.json.decode((folder.pending / "1.json").read_bytes(), type=dict[str, object])
    kept["answered_at"] = f"{NOW:%Y-%m-%dT%H:%M:%S}"
    folder.imported.mkdir()
    (folder.imported / "1.json").write_bytes(msgspec.json.encode(kept))
    (folder.pending / "1.json").unlink()

    fetch(fake, folder, storage, 1)

    assert details_asked(fake) == [1, 1]


def test_a_file_of_a_time_to_come_hides_no_newer_one(
    fake: FakeTMDB, folder: LocalFolder, storage: Storage
) -> None:
    films(fake, 1)
    fetch(fake, folder, storage, 1)
    ahead = msgspec.json.decode((folder.pending / "1.json").read_bytes(), type=dict[str, object])
    ahead["answered_at"] = NOW + dt.timedelta(days=3650)
    folder.imported.mkdir()
    (folder.imported / "1.json").write_bytes(msgspec.json.encode(ahead))
    (folder.pending / "1.json").unlink()

    fetched = [fetch(fake, folder, storage, 1) for _ in range(2)]

    assert [(once.ok, once.fresh) for once in fetched] == [(1, 0), (0, 1)]


def test_of_what_was_being_written_that_of_dead_processes_goes(
    fake: FakeTMDB, folder: LocalFolder, storage: Storage
) -> None:
    folder.pending.mkdir(parents=True)
    left, live = (folder.pending / f".film7-{pid}-ab.tmp" for pid in (dead_process(), os.getpid()))
    left.write_bytes(b"{")
    live.write_bytes(b"{")

    fetch(fake, folder, storage)

    assert list(folder.pending.iterdir()) == [live]


def test_when_tmdb_is_down_what_it_had_answered_is_kept(folder: LocalFolder, storage: Storage) -> None:
    with FakeTMDB(films=0) as fake:
        films(fake, *range(1, 200))
        fetch(fake, folder, storage, 1, 2)

    with (
        FakeTMDB(films=0, faults="503:1.0") as down,
        pytest.raises(TMDBUnavailableError, match="in a row"),
    ):
        fetch(down, folder, storage, *range(1, 200))

    assert len(list(folder.pending.glob("*.json"))) == 2
    assert not list(folder.pending.glob(".*"))


def test_films_that_cannot_be_had_are_told_from_a_tmdb_that_is_down(
    fake: FakeTMDB, folder: LocalFolder, storage: Storage
) -> None:
    films(fake, *range(1, 41))
    broken = {f"/3/movie/{film}" for film in range(1, 31)}

    with odd_tmdb(fake, lambda path: (503, b"{}") if path in broken else None) as odd:
        fetched = fetch(odd, folder, storage, *range(1, 41))

    assert (fetched.ok, sorted(fetched.failed)) == (10, [*range(1, 31)])
