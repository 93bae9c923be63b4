"""A data folder is damaged in one way; the doctor says so, mends it, and then finds nothing."""

import datetime as dt
import shutil
from pathlib import Path

import msgspec

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal_lines import lines_of
from tmdb_assets.storage.local_folder import LocalFolder
from tmdb_assets.sync.deletion import delete_films
from tmdb_assets.sync.importing import import_films
from tmdb_assets.sync.rebuild import rebuild
from tmdb_assets.tables import MovieDetail
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets_tests.sync.doctor.conftest import YEAR, CheckUp


def test_an_answer_that_was_imported_after_a_deletion_counts_though_it_is_older(
    data: Path, storage: Storage, check: CheckUp
) -> None:
    rows = storage.lake.read(MovieDetail, years=[YEAR])
    film = int(rows["tmdb_id"].item(0))
    folder = LocalFolder(data.parent / "films")
    for line, body in lines_of(storage.journal.segments(), print):
        if line.tmdb_id == film:
            folder.keep(msgspec.structs.replace(line, body=msgspec.Raw(bytes(body))))
    delete_films(storage, [film], clock=lambda: dt.datetime.now(dt.UTC))
    import_films(
        storage,
        folder,
        region=None,
        images=ImageURLs("https://image.example/t/p"),
        on_progress=lambda *_: None,
    )

    findings = check()

    assert findings == []
    assert film in storage.lake.read(MovieDetail, years=[YEAR])["tmdb_id"]


def test_a_rebuild_without_lists_says_so(storage: Storage) -> None:
    shutil.rmtree(storage.lists.folder / "keyword_ids")
    shutil.rmtree(storage.lake.uri)

    rebuilt = rebuild(storage, region=None, images=ImageURLs("https://image.example/t/p"))

    assert any("keyword_ids is empty" in problem for problem in rebuilt.problems)


def test_a_folder_in_the_snapshots_place_is_left_to_people(storage: Storage, check: CheckUp) -> None:
    storage.snapshot.unlink()
    storage.snapshot.mkdir()

    [finding] = check()

    assert (finding.part, finding.is_mended) == ("snapshot", False)
    assert finding.what.endswith("is a folder.")
