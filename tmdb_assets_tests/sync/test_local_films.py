import datetime as dt
import json
import os

import msgspec
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.local_folder import LARGEST_ANSWER, LocalFolder
from tmdb_assets.storage.snapshot import PublishingError, open_snapshot
from tmdb_assets.sync.deletion import UnknownFilmError
from tmdb_assets.tables import FailedMovie, MovieDetail
from tmdb_assets_tests.sync.local_films import PICTURES, counts, delete, fetch, gone, imported, line
from tmdb_assets_tests.sync.rebuilding import reasons, remade, tables, titles, years_of
from tmdb_assets_tests.sync.test_details import details_asked, films, synced


def test_fetched_films_become_rows_and_a_rebuild_keeps_them(
    fake: FakeTMDB, folder: LocalFolder, storage: Storage
) -> None:
    films(fake, 1, 2)
    synced(fake, storage, 1999)
    fake.update_movie(1, title="Renamed")
    films(fake, 3, date="1950-02-03")
    fetch(fake, folder, storage, 1, 2, 3)

    found = imported(storage, folder, fake.image_base_url)

    assert counts(found) == (1, 1, 1, [])
    assert titles(storage) == {1: "Renamed", 2: "Film 2", 3: "Film 3"}
    assert sorted(path.name for path in folder.imported.iterdir()) == ["1.json", "2.json", "3.json"]
    before = tables(storage)
    remade(storage, fake.image_base_url)
    assert tables(storage) | {"discovered_movies": []} == before | {"discovered_movies": []}


def test_importing_again_changes_nothing(fake: FakeTMDB, folder: LocalFolder, storage: Storage) -> None:
    films(fake, 1, 2)
    fetch(fake, folder, storage, 1, 2)
    imported(storage, folder)
    for path in folder.imported.iterdir():  # as when it is killed before they are moved
        path.rename(folder.pending / path.name)
    before = tables(storage)

    found = imported(storage, folder)

    assert counts(found) == (0, 0, 2, [])
    assert tables(storage) == before
    assert list(folder.pending.iterdir()) == []


def test_what_could_not_be_published_is_imported_again(folder: LocalFolder, storage: Storage) -> None:
    """As when it is killed before that: the files are still there, and what they say is stored already."""
    folder.keep(line(1, "a"))
    storage.snapshot.mkdir(parents=True)
    with pytest.raises(PublishingError):
        imported(storage, folder)
    storage.snapshot.rmdir()

    found = imported(storage, folder)

    assert counts(found) == (0, 0, 1, [])
    with open_snapshot(storage.snapshot) as snapshot:
        assert snapshot.table("movie_details").select("title").fetchall() == [("a",)]


def test_an_import_killed_between_two_tables_is_brought_to_its_end(
    folder: LocalFolder, storage: Storage
) -> None:
    folder.keep(line(1, "a", days_ago=3))
    imported(storage, folder)
    delete(storage, 1)
    deleted = storage.lake.read(FailedMovie)
    folder.keep(line(1, "a", days_ago=3))
    imported(storage, folder)
    storage.lake.replace_year(FailedMovie, deleted, 1999)  # as before its last step
    (folder.imported / "1.json").rename(folder.pending / "1.json")

    imported(storage, folder)

    assert (titles(storage), reasons(storage)) == ({1: "a"}, {})


def test_an_older_answer_is_no_step_back(folder: LocalFolder, storage: Storage) -> None:
    folder.keep(line(1, "new"))
    imported(storage, folder)
    folder.keep(line(1, "old", days_ago=3))

    found = imported(storage, folder)

    assert counts(found) == (0, 0, 1, [])
    assert titles(storage) == {1: "new"}


def test_a_film_moves_to_the_year_of_its_new_date(folder: LocalFolder, storage: Storage) -> None:
    folder.keep(line(1, "a", days_ago=3))
    imported(storage, folder)
    folder.keep(line(1, "a", date="2001-01-01"))

    found = imported(storage, folder)

    assert (counts(found), years_of(storage)) == ((0, 1, 0, []), {1: 2001})


def test_what_is_no_film_is_refused_by_name_and_the_rest_goes_on(
    folder: LocalFolder, storage: Storage
) -> None:
    folder.keep(line(100, "a film"))
    plain = json.dumps({"id": 101, "title": "As TMDB gives it", "release_date": "2000-01-01", "genres": []})
    (folder.pending / "101.json").write_text(plain)
    wrong: dict[str, bytes] = {
        "cut.json": plain[:40].encode(),
        "empty.json": b"",
        "html.json": b"<html>busy</html>",
        "latin.json": b'{"id":1,"title":"\xe9"}',
        "list.json": b"[1,2]",
        "export.json": b'{"adult":false,"id":7,"original_title":"x","popularity":1.0,"video":false}',
        "item.json": b'{"id":7,"title":"x","release_date":"2000-01-01","genre_ids":[1]}',
        "error.json": b'{"success":false,"status_code":34,"status_message":"Not found."}',
        "undated.json": b'{"id":7,"title":"x","release_date":"","genres":[]}',
        "odd.json": b'{"id":7,"title":"x","release_date":"2000-01-01","genres":[],"runtime":"long"}',
        "8.json": b'{"id":7,"title":"x","release_date":"2000-01-01","genres":[]}',
        "bare.json": b'{"id":7,"title":"x","release_date":"2000-01-01"}',
        "negative.json": b'{"id":-7,"title":"x","release_date":"2000-01-01","genres":[]}',
        "no-id.json": b'{"id":2147483648,"title":"x","release_date":"2000-01-01","genres":[]}',
        "deleted.json": msgspec.json.encode(msgspec.structs.replace(line(9, "x"), outcome="deleted")),
        "future.json": msgspec.json.encode(line(9, "x", days_ago=-9)),
        "11.json": msgspec.json.encode(gone(12)),
        "error-in-latin.json": b'{"status_message":"Supprim\xe9"}',
        "line-in-latin.json": msgspec.json.encode(line(9, "x")).replace(b'"f"', b'"\xe9"'),
        "other.json": msgspec.json.encode(msgspec.structs.replace(line(9, "x"), tmdb_id=10)),
    }
    for name, data in wrong.items():
        (folder.pending / name).write_bytes(data)
    (folder.pending / "link.json").symlink_to(folder.pending / "101.json")
    (folder.pending / "folder.json").mkdir()
    with (folder.pending / "huge.json").open("wb") as huge:
        huge.truncate(LARGEST_ANSWER + 1)

    found = imported(storage, folder)

    assert counts(found) == (2, 0, 0, sorted([*wrong, "link.json", "folder.json", "huge.json"]))
    assert all(why.strip() and "`" not in why for why in found.refused.values()), found.refused
    assert titles(storage) == {100: "a film", 101: "As TMDB gives it"}
    assert sorted(path.name for path in folder.pending.iterdir()) == sorted(found.refused)


def test_a_file_that_is_no_answer_by_its_name_is_named(folder: LocalFolder) -> None:
    folder.keep(line(100, "a film"))
    (folder.pending / "notes.txt").write_text("call back")

    assert folder.others() == ["notes.txt"]


def test_bodies_in_the_folder_itself_are_imported_with_the_files_time(
    folder: LocalFolder, storage: Storage
) -> None:
    folder.folder.mkdir()
    path = folder.folder / "the film.json"
    path.write_text('{"id": 5, "title": "Five", "release_date": "2000-01-01", "genres": []}')
    os.utime(path, (10**9, 10**9))

    found = imported(storage, folder)

    assert counts(found) == (1, 0, 0, [])
    assert (folder.imported / path.name).exists()
    [checked_at] = storage.lake.read(MovieDetail)["checked_at"]
    assert checked_at == dt.datetime.fromtimestamp(10**9, dt.UTC)


def test_a_film_that_tmdb_has_no_more_becomes_a_tombstone(
    fake: FakeTMDB, folder: LocalFolder, storage: Storage
) -> None:
    films(fake, 1, 2)
    synced(fake, storage, 1999)
    fake.remove_movie(2)
    fetch(fake, folder, storage, 2, 3)

    found = imported(storage, folder)

    assert counts(found) == (0, 1, 1, [])
    assert (titles(storage), reasons(storage)) == ({1: "Film 1"}, {2: "not_found"})


def test_a_deleted_film_stays_deleted_through_a_rebuild_and_a_run(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1, 2)
    synced(fake, storage, 1999)

    delete(storage, 1)

    assert (titles(storage), reasons(storage)) == ({2: "Film 2"}, {1: "deleted"})
    before = tables(storage)
    remade(storage, fake.image_base_url)
    assert tables(storage) == before
    synced(fake, storage, 1999)
    assert (titles(storage), reasons(storage)) == ({2: "Film 2"}, {1: "deleted"})
    assert sorted(details_asked(fake)) == [1, 2]


def test_a_rebuild_does_not_count_a_deletion_with_the_failures_before_it(
    fake: FakeTMDB, storage: Storage
) -> None:
    films(fake, 1)
    fake.update_movie(1, runtime="odd")
    synced(fake, storage, 1999)
    delete(storage, 1)
    before = tables(storage)

    remade(storage, fake.image_base_url)

    assert storage.lake.read(FailedMovie)["failure_count"].to_list() == [1]
    assert tables(storage) == before


def test_a_deleted_film_comes_back_by_an_import_older_than_the_deletion(
    folder: LocalFolder, storage: Storage
) -> None:
    folder.keep(line(1, "a", days_ago=3))
    imported(storage, folder)
    delete(storage, 1)
    folder.keep(line(1, "a", days_ago=3))

    found = imported(storage, folder)

    assert counts(found) == (1, 0, 0, [])
    assert (titles(storage), reasons(storage)) == ({1: "a"}, {})
    before = tables(storage)
    remade(storage, PICTURES)
    assert tables(storage) == before


def test_an_unknown_film_deletes_nothing(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1)
    synced(fake, storage, 1999)

    with pytest.raises(UnknownFilmError, match="film 7"):
        delete(storage, 1, 7)

    assert titles(storage) == {1: "Film 1"}
