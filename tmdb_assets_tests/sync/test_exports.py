"""Exports that are read from files."""

import datetime as dt
import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.exports import ReadExport, sync_exports
from tmdb_assets.sync.marks import marked_films
from tmdb_assets.tables import DiscoveredMovie, MovieDetail, TmdbExport
from tmdb_assets.transforms.exports import ExportError, export_name
from tmdb_assets_tests.tables.rows import detail, discovered

DAY = dt.date(2026, 3, 8)
ONE_DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC)


def line(film: int) -> bytes:
    return json.dumps({"adult": False, "id": film, "original_title": f"Film {film}"}).encode()


def export(folder: Path, films: Iterable[int], day: dt.date = DAY, *, odd: Iterable[bytes] = ()) -> str:
    path = folder / export_name(day)
    path.write_bytes(gzip.compress(b"\n".join([*map(line, films), *odd])))
    return str(path)


def synced(
    storage: Storage, source: str, *, now: dt.datetime = NOW, allow_shrinking: bool = False
) -> ReadExport:
    run = SyncRun(run_id="test", clock=lambda: now)
    return sync_exports(storage, run, base_url="", source=source, allow_shrinking=allow_shrinking)


def rows(storage: Storage) -> list[tuple[dt.date, int, str, bool]]:
    found = storage.lake.read(TmdbExport)
    return found.select("export_date", "tmdb_id", "change", "is_known").rows()


def test_the_first_export_tells_only_which_of_our_films_it_lacks(storage: Storage, tmp_path: Path) -> None:
    known = [detail(1), detail(2), detail(3, adult=True)]  # exports have no adult films
    storage.lake.replace_year(MovieDetail, MovieDetail.frame(known), 1979)

    read = synced(storage, export(tmp_path, [2, 4, 5]))

    assert rows(storage) == [(DAY, 1, "vanished", True)]
    assert (read.date, read.id_count) == (DAY, 3)


def test_the_next_export_tells_what_came_and_what_is_gone(storage: Storage, tmp_path: Path) -> None:
    storage.lake.replace_year(MovieDetail, MovieDetail.frame([detail(1)]), 1979)
    storage.lake.replace_year(DiscoveredMovie, DiscoveredMovie.frame([discovered(101)]), 1979)
    synced(storage, export(tmp_path, range(1, 101)))

    synced(storage, export(tmp_path, range(3, 103), DAY + ONE_DAY))

    assert rows(storage) == [
        (DAY + ONE_DAY, 1, "vanished", True),
        (DAY + ONE_DAY, 2, "vanished", False),
        (DAY + ONE_DAY, 101, "new", True),
        (DAY + ONE_DAY, 102, "new", False),
    ]
    assert storage.lake.read(TmdbExport)["original_title"].to_list() == [None, None, "Film 101", "Film 102"]


def test_a_vanished_film_that_we_know_is_marked_and_others_are_not(storage: Storage, tmp_path: Path) -> None:
    storage.lake.replace_year(MovieDetail, MovieDetail.frame([detail(1)]), 1979)
    synced(storage, export(tmp_path, range(1, 101)))

    synced(storage, export(tmp_path, range(3, 101), DAY + ONE_DAY))

    assert marked_films(storage).collect().rows() == [(1, NOW)]


def test_the_same_export_twice_leaves_the_same_rows(storage: Storage, tmp_path: Path) -> None:
    synced(storage, export(tmp_path, range(1, 101)))
    second = export(tmp_path, range(3, 103), DAY + ONE_DAY)
    synced(storage, second)
    before = storage.lake.read(TmdbExport)
    storage.lake.replace_year(MovieDetail, MovieDetail.frame([detail(1)]), 1979)

    synced(storage, second, now=NOW + ONE_DAY)

    assert len(before) == 4
    assert storage.lake.read(TmdbExport).equals(before)


def test_a_reading_that_was_killed_after_its_rows_were_stored_leaves_the_same_rows_when_repeated(
    storage: Storage, tmp_path: Path
) -> None:
    """The ids are kept last, so until then the next reading compares with the same ids as the killed one."""
    synced(storage, export(tmp_path, range(1, 101)))
    second = export(tmp_path, range(3, 103), DAY + ONE_DAY)
    synced(storage, second)
    before = storage.lake.read(TmdbExport)
    (tmp_path / "data" / "exports" / f"ids_{DAY + ONE_DAY}.parquet").unlink()
    (tmp_path / "data" / "exports" / ".work-1-abc.json.gz").write_bytes(b"left behind")

    synced(storage, second)

    assert storage.lake.read(TmdbExport).equals(before)
    assert not list((tmp_path / "data" / "exports").glob(".work*"))


def test_only_the_ids_of_the_last_two_exports_are_kept(storage: Storage, tmp_path: Path) -> None:
    days = [DAY + number * ONE_DAY for number in range(3)]
    for day in days:
        synced(storage, export(tmp_path, range(1, 101), day))

    assert storage.export_ids.dates() == days[1:]


def test_an_export_that_is_not_compressed_is_read_too(storage: Storage, tmp_path: Path) -> None:
    path = tmp_path / "movie_ids_03_08_2026.json"
    path.write_bytes(b"\n".join(map(line, range(1, 11))))

    assert synced(storage, str(path)).id_count == 10


def test_lines_that_name_no_film_are_left_out_counted_and_named(storage: Storage, tmp_path: Path) -> None:
    odd = [b"no json", b'{"id": "x"}', b"", b'{"title": "Alien"}', b'{"id": 1.5}', b"\xff\xfe", b"[]"]

    read = synced(storage, export(tmp_path, range(1, 201), odd=odd))

    assert (read.id_count, read.odd_count) == (200, 6)
    assert read.odd_lines == (201, 202, 204, 205, 206)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def bent(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[40] ^= 0xFF
    path.write_bytes(content)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def without_films(path: Path) -> None:
    path.write_bytes(b"<html>\n" * 100)


def half_odd(path: Path) -> None:
    path.write_bytes(gzip.compress(b"\n".join([*map(line, range(1, 101)), *[b"odd"] * 10])))


@pytest.mark.parametrize("spoil", [cut_off, bent, emptied, without_films, half_odd])
def test_a_damaged_export_is_refused_in_a_sentence_and_changes_nothing(
    storage: Storage, tmp_path: Path, spoil: object
) -> None:
    synced(storage, export(tmp_path, range(1, 101)))
    before = storage.lake.read(TmdbExport)
    source = export(tmp_path, range(1, 101), DAY + ONE_DAY)
    spoil(Path(source))  # type: ignore[operator] -- one of the functions above

    with pytest.raises(ExportError, match=r"Nothing was changed\.") as refused:
        synced(storage, source)

    assert "\n" not in str(refused.value)
    assert storage.lake.read(TmdbExport).equals(before)
    assert storage.export_ids.dates() == [DAY]


def test_an_export_that_lost_a_twentieth_is_believed_and_one_that_lost_more_is_not(
    storage: Storage, tmp_path: Path
) -> None:
    synced(storage, export(tmp_path, range(1, 201)))
    synced(storage, export(tmp_path, range(11, 201), DAY + ONE_DAY))

    with pytest.raises(ExportError, match="10 of the 190 films of the export before are missing in it"):
        synced(storage, export(tmp_path, range(21, 201), DAY + 2 * ONE_DAY))

    assert len(rows(storage)) == 10
    assert storage.export_ids.dates()[-1] == DAY + ONE_DAY


def test_an_export_may_shrink_where_that_is_allowed(storage: Storage, tmp_path: Path) -> None:
    synced(storage, export(tmp_path, range(1, 201)))

    synced(storage, export(tmp_path, range(1, 11), DAY + ONE_DAY), allow_shrinking=True)

    assert len(rows(storage)) == 190


def test_an_export_that_names_no_film_is_never_believed(storage: Storage, tmp_path: Path) -> None:
    synced(storage, export(tmp_path, range(1, 201)))

    with pytest.raises(ExportError, match="names no film"):
        synced(storage, export(tmp_path, [], DAY + ONE_DAY), allow_shrinking=True)


def test_an_export_older_than_the_last_one_is_refused(storage: Storage, tmp_path: Path) -> None:
    synced(storage, export(tmp_path, range(1, 11), DAY + ONE_DAY))

    with pytest.raises(ExportError, match=f"The export of {DAY} is older than that of {DAY + ONE_DAY}"):
        synced(storage, export(tmp_path, range(1, 11)))

    assert storage.export_ids.dates() == [DAY + ONE_DAY]


@pytest.mark.parametrize(
    "name", ["movies.json.gz", "movie_ids_13_01_2026.json.gz", "tv_ids_01_01_2026.json.gz"]
)
def test_a_file_that_is_no_export_is_refused_by_its_name(storage: Storage, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(line(1))

    with pytest.raises(ExportError, match="is no export of movies"):
        synced(storage, str(tmp_path / name))


def test_a_file_that_is_not_there_is_named(storage: Storage) -> None:
    with pytest.raises(ExportError, match=r"/nowhere/movie_ids_03_08_2026\.json is not there"):
        synced(storage, "/nowhere/movie_ids_03_08_2026.json")
