import datetime as dt
from pathlib import Path

import msgspec
import polars as pl
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.segment import JournalLine
from tmdb_assets.storage.snapshot import open_snapshot
from tmdb_assets.sync.rebuild import NothingToRebuildError, RebuildUnderWayError
from tmdb_assets.tables import (
    CuratedCarousel,
    DiscoveredMovie,
    FailedMovie,
    KeywordId,
    MovieDetail,
    MovieHistory,
)
from tmdb_assets_tests.storage.answers import answer
from tmdb_assets_tests.sync.busy_lake import busy
from tmdb_assets_tests.sync.rebuilding import (
    finish,
    keep_lists,
    lose_the_lake,
    reasons,
    remade,
    tables,
    titles,
    years_of,
)
from tmdb_assets_tests.sync.test_details import films, synced
from tmdb_assets_tests.tables.rows import AT, keyword

PICTURES = "https://image.example/t/p"


def details(tmdb_id: int, title: str, date: str, minute: int, **line: object) -> JournalLine:
    body = msgspec.json.encode({"id": tmdb_id, "title": title, "release_date": date})
    return msgspec.structs.replace(answer(tmdb_id, minute=minute, body=body), **line)


def write(storage: Storage, *lines: JournalLine, seals: bool = False) -> Path:
    with storage.journal.new_segment() as segment:
        for line in lines:
            segment.append(line)
    if seals:
        assert storage.journal.seal(segment.path)
    return segment.path


def test_all_tables_come_out_as_they_were_without_a_request(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, *range(1, 31))
    films(fake, *range(31, 41), date="2001-02-28")
    synced(fake, storage, 1999, 2001)
    keep_lists(storage)
    finish(storage, 1999, 2001)
    before, asked = tables(storage), fake.stats()["requests"]
    lose_the_lake(storage)

    rebuilt = remade(storage, fake.image_base_url)

    assert tables(storage) == before
    assert (rebuilt.answers, rebuilt.films, rebuilt.problems) == (40, 40, [])
    assert fake.stats()["requests"] == asked
    with open_snapshot(storage.snapshot) as snapshot:
        assert snapshot.execute("SELECT count(*) FROM movies").fetchall() == [(40,)]


def test_what_waits_on_the_disk_makes_the_same_tables(storage: Storage) -> None:
    for minute, title in enumerate(["old", "new"]):
        lines = [
            details(n, title, f"{1999 + n % 3}-01-01", minute, fingerprint="x" * 9000) for n in range(1, 30)
        ]
        write(storage, *lines, answer(40 + minute, outcome="not_found"), seals=not minute)
    remade(storage, PICTURES)
    at_once = tables(storage)
    lose_the_lake(storage)

    remade(storage, PICTURES, films_at_once=4)

    assert tables(storage) == at_once
    assert len(at_once["movie_details"]) == 29
    assert not list(storage.journal.folder.glob(".spool-*"))


def test_tables_that_are_there_are_replaced(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1, 2)
    synced(fake, storage, 1999)
    before = tables(storage)
    row = storage.lake.read(MovieDetail)
    storage.lake.replace_year(MovieDetail, row.head(1).with_columns(title=row["title"].head(1) + "?"), 1999)

    remade(storage, fake.image_base_url)

    assert tables(storage) == before


@pytest.mark.parametrize("table", [MovieDetail, DiscoveredMovie, CuratedCarousel])
@pytest.mark.parametrize("damage", ["log", "file", "bytes"])
def test_a_damaged_lake_is_made_again(
    fake: FakeTMDB, storage: Storage, table: type[MovieDetail], damage: str
) -> None:
    for number in range(1, 13):
        fake.add_movie(number, "1999-06-01", 9715, vote_count=number)
    storage.lake.replace(KeywordId, KeywordId.frame([keyword("heroes", 9715)]))
    synced(fake, storage, 1999)
    keep_lists(storage)
    finish(storage, 1999)
    before = tables(storage)
    folder = Path(storage.lake.uri) / table.table
    [file, *_] = sorted(folder.glob("release_year=1999/*.parquet"))
    if damage == "log":
        for log in (folder / "_delta_log").glob("*.json"):
            log.write_bytes(b"{")
    elif damage == "file":
        file.unlink()
    else:
        file.write_bytes(b"PAR1" + b"\0" * 100 + b"PAR1")

    remade(storage, fake.image_base_url)

    assert tables(storage) == before


def test_the_newest_answer_wins_whatever_segment_it_is_in(storage: Storage) -> None:
    write(storage, details(1, "new", "2000-01-01", 9), details(2, "old", "2000-01-01", 0), seals=True)
    write(storage, details(1, "old", "1999-01-01", 5), details(2, "new", "1998-01-01", 1))

    remade(storage, PICTURES)

    assert titles(storage) == {1: "new", 2: "new"}
    assert years_of(storage) == {1: 2000, 2: 1998}


def test_a_failure_never_takes_the_place_of_a_row(storage: Storage) -> None:
    write(storage, details(1, "Alien", "1979-05-25", 0), answer(1, outcome="failed", minute=5))

    remade(storage, PICTURES)

    assert (titles(storage), reasons(storage)) == ({1: "Alien"}, {})


def test_a_film_that_tmdb_has_no_more_is_a_tombstone_with_its_date(storage: Storage) -> None:
    gone = [answer(1, outcome="not_found", minute=minute) for minute in (5, 6)]
    write(storage, details(1, "Alien", "1979-05-25", 0), *gone)

    remade(storage, PICTURES)

    assert titles(storage) == {}
    [(first, count, year)] = (
        storage.lake.read(FailedMovie).select("first_failed_at", "failure_count", "release_year").rows()
    )
    assert (first, count, year) == (AT + dt.timedelta(minutes=5), 2, 1979)


def test_a_film_that_comes_back_lives_again(storage: Storage) -> None:
    write(
        storage,
        details(1, "Alien", "1979-05-25", 0),
        answer(1, outcome="not_found", minute=5),
        details(1, "Alien", "1979-05-25", 9),
    )

    remade(storage, PICTURES)

    assert (titles(storage), reasons(storage)) == ({1: "Alien"}, {})


def test_a_deleted_film_stays_deleted_until_it_is_imported(storage: Storage) -> None:
    deleted = [msgspec.structs.replace(answer(one, minute=5), outcome="deleted") for one in (1, 2)]
    write(
        storage,
        details(1, "a", "1979-05-25", 0),
        details(2, "b", "1979-05-25", 0),
        *deleted,
        details(1, "asked for by a run that did not know", "1979-05-25", 6),
        details(2, "imported", "1979-05-25", 1, imported_at=AT + dt.timedelta(minutes=9)),
    )

    remade(storage, PICTURES)

    assert (titles(storage), reasons(storage)) == ({2: "imported"}, {1: "deleted"})


def test_an_undated_film_leaves_its_year(storage: Storage) -> None:
    write(storage, details(1, "Alien", "1979-05-25", 0), details(1, "Alien", "", 5))

    remade(storage, PICTURES)

    assert (titles(storage), reasons(storage)) == ({}, {1: "undated"})


def test_damage_costs_the_damaged_answers_alone_and_is_named(storage: Storage) -> None:
    sealed = write(storage, *(details(n, "x" * 9000, "2000-01-01", n) for n in range(1, 40)), seals=True)
    sealed = sealed.with_suffix(".ndjson.zst")
    sealed.write_bytes(sealed.read_bytes()[:-20])
    plain = write(storage, details(50, "a", "2000-01-01", 0), details(51, "b", "2000-01-01", 0))
    first, second = plain.read_bytes().splitlines(keepends=True)
    plain.write_bytes(first[:40] + b"\0" + first[41:] + second + b'{"tmdb_id":52,"ans')

    rebuilt = remade(storage, PICTURES)

    assert 51 in titles(storage)
    assert 50 not in titles(storage)
    assert sorted(
        name for problem in rebuilt.problems for name in (sealed.name, plain.name) if name in problem
    )


def test_films_that_no_list_names_leave_where_the_year_was_listed(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1)
    synced(fake, storage, 1999)
    keep_lists(storage)
    write(storage, details(7, "no list names it", "1999-01-01", 0), details(8, "not listed", "1950-01-01", 0))
    lose_the_lake(storage)

    remade(storage, fake.image_base_url)

    assert sorted(titles(storage)) == [1, 8]


def test_what_another_process_stored_meanwhile_stays(fake: FakeTMDB, storage: Storage) -> None:
    films(fake, 1, 2)
    synced(fake, storage, 1999)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=100)
    newer = storage.lake.read(MovieDetail).head(1).with_columns(checked_at=later, title=pl.lit("newer"))
    # stored, and its answer is in a segment that this rebuild did not see any more
    storage.lake.rewrite_year(MovieDetail, 1999, lambda old: pl.concat([newer, old.collect().tail(1)]))

    remade(storage, fake.image_base_url)

    assert titles(storage)[1] == "newer"


def test_history_that_another_process_stores_meanwhile_stays(storage: Storage) -> None:
    write(storage, details(1, "Alien", "1979-05-25", 0))
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    change = MovieHistory(
        tmdb_id=1, title="Alien", field="title", old_value='"A"', new_value='"Alien"', seen_at=later
    )
    stale = msgspec.structs.replace(change, seen_at=AT)

    def add() -> None:
        storage.lake.add(MovieHistory, MovieHistory.frame([change, stale]))

    remade(busy(storage, MovieHistory, add), PICTURES)

    assert storage.lake.read(MovieHistory)["seen_at"].to_list() == [later]


def test_keywords_that_another_process_looks_up_meanwhile_stay(storage: Storage) -> None:
    write(storage, details(1, "Alien", "1979-05-25", 0))
    storage.lists.keep(KeywordId, KeywordId.frame([keyword("heroes", 1)]))
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    rows = [msgspec.structs.replace(keyword("heroes", 2), checked_at=later), keyword("others", 3)]

    def look_up() -> None:
        storage.lake.replace(KeywordId, KeywordId.frame(rows))

    remade(busy(storage, KeywordId, look_up), PICTURES)

    assert storage.lake.read(KeywordId)["keyword_id"].to_list() == [2, 3]


def test_without_a_journal_nothing_is_touched(storage: Storage) -> None:
    with pytest.raises(NothingToRebuildError, match="no answers"):
        remade(storage, PICTURES)

    assert not Path(storage.lake.uri).exists()


def test_of_two_rebuilds_at_once_the_second_says_so_and_touches_nothing(storage: Storage) -> None:
    write(storage, details(1, "Alien", "1979-05-25", 0))
    remade(storage, PICTURES)
    log = Path(storage.lake.uri) / MovieDetail.table / "_delta_log"
    for version in log.glob("*.json"):
        version.write_bytes(b"{")
    refused: list[str] = []

    def rebuild_again(done: int, total: int) -> None:
        del done, total
        with pytest.raises(RebuildUnderWayError) as error:
            remade(storage, PICTURES)
        refused.append(str(error.value))

    rebuilt = remade(storage, PICTURES, on_progress=rebuild_again)

    assert refused
    assert titles(storage) == {1: "Alien"}
    assert list(Path(storage.lake.uri).glob("*.damaged-*")) == [Path(rebuilt.set_aside["movie_details"])]
