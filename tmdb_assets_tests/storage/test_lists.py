"""What TMDB's lists gave: kept whole or not at all, read film by film in the year that listed it last."""

import datetime as dt
import multiprocessing
import os
import signal
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from tmdb_assets.storage.lists import ListFiles
from tmdb_assets.tables import DiscoveredMovie, KeywordId
from tmdb_assets_tests.tables.rows import AT, discovered, keyword

LATER = AT + dt.timedelta(days=1)


@pytest.fixture
def lists(tmp_path: Path) -> ListFiles:
    return ListFiles(tmp_path / "my films" / "raw")


def keep(lists: ListFiles, year: int, *films: int, at: dt.datetime = AT) -> None:
    rows = [discovered(film, year, discovered_at=at, title=f"Film {film}") for film in films]
    lists.keep(DiscoveredMovie, DiscoveredMovie.frame(rows), year)


def ids(lists: ListFiles) -> dict[int | None, list[int]]:
    return {year: rows["tmdb_id"].to_list() for year, rows in lists.read(DiscoveredMovie)}


def test_a_year_comes_back_equal(lists: ListFiles) -> None:
    row = discovered(1, 1888, release_date=dt.date(1888, 2, 29), title="Größe\u2028\n", vote_average=0.1)
    frame = DiscoveredMovie.frame([row])

    lists.keep(DiscoveredMovie, frame, 1888)

    [(year, rows)] = lists.read(DiscoveredMovie)
    assert year == 1888
    assert rows.equals(frame)


def test_a_table_without_years_is_one_file(lists: ListFiles) -> None:
    frame = KeywordId.frame([keyword("drag", 1), keyword("moths")])

    lists.keep(KeywordId, frame)

    [(year, rows)] = lists.read(KeywordId)
    assert year is None
    assert rows.equals(frame)
    assert (lists.folder / "keyword_ids" / "keyword_ids.ndjson.zst").is_file()


def test_what_was_never_kept_is_nothing(lists: ListFiles) -> None:
    assert [*lists.read(DiscoveredMovie), *lists.read(KeywordId)] == []


def test_a_year_takes_the_place_of_what_it_had(lists: ListFiles) -> None:
    keep(lists, 1999, 1, 2)
    keep(lists, 2000, 3)

    keep(lists, 1999)

    assert ids(lists) == {1999: [], 2000: [3]}


@pytest.mark.parametrize("newer", [1999, 2000])
def test_a_film_is_in_the_year_that_listed_it_last(lists: ListFiles, newer: int) -> None:
    keep(lists, 1999, 1, 7, at=LATER if newer == 1999 else AT)
    keep(lists, 2000, 2, 7, at=LATER if newer == 2000 else AT)

    found = ids(lists)

    assert [year for year, films in found.items() if 7 in films] == [newer]
    assert {*found[1999], *found[2000]} == {1, 2, 7}


@pytest.mark.parametrize("kept_bytes", [0, 1, 40, -1])
def test_a_cut_file_is_left_out_with_a_sentence(
    lists: ListFiles, caplog: pytest.LogCaptureFixture, kept_bytes: int
) -> None:
    keep(lists, 1999, *range(1, 100))
    keep(lists, 2000, 500)
    path = lists.folder / "discovered_movies" / "1999.ndjson.zst"
    path.write_bytes(path.read_bytes()[:kept_bytes])

    found = ids(lists)

    assert found == {2000: [500]}
    [message] = caplog.messages
    assert message.startswith(f"{path} is left out, for it cannot be read (")


def test_a_flipped_bit_is_found(lists: ListFiles, caplog: pytest.LogCaptureFixture) -> None:
    keep(lists, 1999, *range(1, 100))
    path = lists.folder / "discovered_movies" / "1999.ndjson.zst"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    assert ids(lists) == {}
    assert len(caplog.messages) == 1


def test_a_full_disk_leaves_what_was_kept(lists: ListFiles) -> None:
    keep(lists, 1999, 1)
    writer = multiprocessing.get_context("spawn").Process(target=keep_within, args=(lists.folder, 1000))

    writer.start()
    writer.join(60)

    assert writer.exitcode == 3
    assert ids(lists) == {1999: [1]}
    assert files(lists) == [".lock", "1999.ndjson.zst"]


def keep_within(folder: Path, most_bytes: int) -> None:
    """Keep a long list where no file may become larger; a disk that is full refuses in the same way."""
    import resource  # noqa: PLC0415 -- of the child alone

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    try:
        keep(ListFiles(folder), 1999, *range(1, 5000))
    except OSError:
        os._exit(3)


def test_what_a_killed_writer_left_goes_with_the_next(lists: ListFiles) -> None:
    spawning = multiprocessing.get_context("spawn")
    started = spawning.Event()
    writer = spawning.Process(target=keep_for_ever, args=(lists.folder, started))
    writer.start()
    assert started.wait(60)
    folder = lists.folder / "discovered_movies"
    while not list(folder.glob("*.tmp")):
        pass  # it writes a list after the other: the next moment there is one
    writer.kill()
    writer.join()
    (folder / "1999-1-abc.tmp").write_bytes(b"half a list")

    keep(lists, 2000, 500)

    assert files(lists) == [".lock", "1999.ndjson.zst", "2000.ndjson.zst"]
    assert ids(lists) == {1999: list(range(1, 200)), 2000: [500]}


def keep_for_ever(folder: Path, started: Event) -> None:
    """Keep the same list again and again."""
    while True:
        keep(ListFiles(folder), 1999, *range(1, 200))
        started.set()


def files(lists: ListFiles) -> list[str]:
    return sorted(path.name for path in (lists.folder / "discovered_movies").iterdir())
