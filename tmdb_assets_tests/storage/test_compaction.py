import datetime as dt
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tmdb_assets.settings import Settings
from tmdb_assets.storage.compaction import compact
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal_answers import tombstone
from tmdb_assets.storage.journal_lines import kept_in_place, lines_of, to_oneself
from tmdb_assets.storage.segment import JournalLine
from tmdb_assets_tests.storage.answers import answer
from tmdb_assets_tests.storage.full_disk import room_for
from tmdb_assets_tests.sync.rebuilding import remade, tables
from tmdb_assets_tests.tables.rows import AT

PICTURES = "https://image.example/t/p"
DAY = 24 * 60
TITLE = "Alien"
Tables = dict[str, list[tuple[Any, ...]]]
Told = tuple[int, str, int]

told = st.tuples(
    st.integers(1, 2),
    st.sampled_from(["a", "a", "a", "b", "undated", "not_found", "failed", "deleted", "imported"]),
    st.sampled_from([100, 115, 130, 900]),
)


def line(tmdb_id: int, what: str, votes: int, day: int) -> JournalLine:
    """Return a film's answer of a day: its tagline, or what is wrong; an imported one is an hour older."""
    if what in {"not_found", "failed"}:
        return answer(tmdb_id, outcome=what, minute=day * DAY)  # type: ignore[arg-type] -- both are outcomes
    if what == "deleted":
        deleted = answer(tmdb_id, outcome="deleted", minute=day * DAY)
        return msgspec.structs.replace(deleted, body=tombstone(TITLE, 1999))
    date = "" if what == "undated" else "1999-01-01"
    tagline = "a" if what == "imported" else what
    film = {"id": tmdb_id, "title": TITLE, "tagline": tagline, "release_date": date, "vote_count": votes}
    body = msgspec.json.encode(film)
    if what == "imported":
        there = answer(tmdb_id, minute=day * DAY - 60, body=body)
        return msgspec.structs.replace(there, imported_at=AT + dt.timedelta(days=day))
    return answer(tmdb_id, minute=day * DAY, body=body)


def write(storage: Storage, answers: list[Told], first_day: int = 0) -> None:
    with storage.journal.new_segment() as segment:
        for day, (tmdb_id, what, votes) in enumerate(answers, first_day):
            segment.append(line(tmdb_id, what, votes, day))
    storage.journal.seal(segment.path)


def kept(storage: Storage) -> list[tuple[int, int]]:
    """Return the film and the day of every answer that the journal has."""
    found = lines_of(storage.journal.segments(), lambda _: None)
    return sorted((one.tmdb_id, (one.answered_at - AT).days) for one, _ in found)


def without_history(all_tables: Tables, films: set[int]) -> Tables:
    """Leave out what a deletion takes with it."""
    history = [row for row in all_tables["movie_history"] if row[0] not in films]
    return all_tables | {"movie_history": history}


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.open(Settings(data=tmp_path / "data"))


@example([(1, "a", 100)] * 3 + [(1, "deleted", 0)], [(1, "imported", 100), (1, "a", 100)])
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(told, min_size=4, max_size=12), st.lists(told, max_size=6))
def test_all_tables_come_out_the_same(
    tmp_path_factory: pytest.TempPathFactory, first: list[Told], then: list[Told]
) -> None:
    """Also after answers that came later, and when it is done twice."""
    plain, compacted = (
        Storage.open(Settings(data=tmp_path_factory.mktemp(name))) for name in ("plain", "compacted")
    )
    for storage in (plain, compacted):
        write(storage, first[: len(first) // 2])
        write(storage, first[len(first) // 2 :], first_day=6)

    compact(compacted.journal, compacted.policy, AT)
    for storage in (plain, compacted):
        write(storage, then, first_day=40)
    for _ in range(2):
        compact(compacted.journal, compacted.policy, AT)

    for storage in (plain, compacted):
        remade(storage, PICTURES)
    deleted = {tmdb_id for tmdb_id, what, _ in first + then if what == "deleted"}
    assert without_history(tables(compacted), deleted) == without_history(tables(plain), deleted)


def test_of_an_unchanged_film_the_newest_answer_stays(storage: Storage) -> None:
    write(storage, [(1, "a", 100)] * 5)

    done = compact(storage.journal, storage.policy, AT)

    assert (done.lines_before, done.lines_after) == (5, 1)
    assert kept(storage) == [(1, 4)]


def test_of_a_changed_film_each_change_stays(storage: Storage) -> None:
    write(storage, [(1, title, 100) for title in "aaabbb"])

    compact(storage.journal, storage.policy, AT)

    assert kept(storage) == [(1, 2), (1, 3), (1, 5)]


def test_failures_go_once_tmdb_has_answered(storage: Storage) -> None:
    write(storage, [(1, "failed", 0), (1, "a", 100), (2, "failed", 0)])

    compact(storage.journal, storage.policy, AT)

    assert kept(storage) == [(1, 1), (2, 2)]


def test_of_a_deleted_film_nothing_stays_but_that(storage: Storage) -> None:
    with storage.journal.new_segment() as segment:
        segment.append(line(1, "a", 100, 0))
        segment.append(msgspec.structs.replace(answer(1, minute=DAY), outcome="deleted"))
    storage.journal.seal(segment.path)

    compact(storage.journal, storage.policy, AT)

    [(only, body)] = lines_of(storage.journal.segments(), lambda _: None)
    assert only.outcome == "deleted"
    assert b'"a"' not in bytes(body)


def test_of_a_film_deleted_again_after_an_import_the_last_deletion_counts(storage: Storage) -> None:
    imported = msgspec.structs.replace(line(1, "a", 100, 2), imported_at=AT + dt.timedelta(days=2))
    with storage.journal.new_segment() as segment:
        segment.append(line(1, "a", 100, 0))
        segment.append(msgspec.structs.replace(answer(1, minute=DAY), outcome="deleted"))
        segment.append(imported)
        segment.append(msgspec.structs.replace(answer(1, minute=3 * DAY), outcome="deleted"))
    storage.journal.seal(segment.path)

    compact(storage.journal, storage.policy, AT)

    assert kept(storage) == [(1, 3)]


def test_imported_answers_count_from_their_import(storage: Storage) -> None:
    """Both were asked for before somebody deleted the film; the second found it as the first had."""
    with storage.journal.new_segment() as segment:
        segment.append(line(1, "deleted", 0, 3))
        for asked, imported in ((1, 4), (2, 5)):
            there = line(1, "a", 100, asked)
            segment.append(msgspec.structs.replace(there, imported_at=AT + dt.timedelta(days=imported)))
    storage.journal.seal(segment.path)
    remade(storage, PICTURES)
    before = tables(storage)

    compact(storage.journal, storage.policy, AT)

    remade(storage, PICTURES)
    assert [row[-1] for row in before["movie_details"]] == [1]
    assert tables(storage) == before


def test_a_damaged_segment_stays_as_it_is_and_is_named(storage: Storage) -> None:
    write(storage, [(1, "a", 100)] * 3)
    [path] = storage.journal.segments()
    path.write_bytes(path.read_bytes()[:-5])

    done = compact(storage.journal, storage.policy, AT)

    assert storage.journal.segments() == [path]
    assert path.name in done.problems[0]


def test_a_damaged_segment_does_not_hold_up_the_others(storage: Storage) -> None:
    write(storage, [(1, "a", 100)] * 3)
    [damaged] = storage.journal.segments()
    write(storage, [(1, "a", 100), (2, "b", 100), (2, "b", 100), (2, "c", 100)], first_day=6)
    data = damaged.read_bytes()[:-5]
    damaged.write_bytes(data)
    remade(storage, PICTURES)
    before = tables(storage)

    done = compact(storage.journal, storage.policy, AT)

    assert (damaged.read_bytes(), done.segments_after) == (data, 2)
    assert [(tmdb_id, day) for tmdb_id, day in kept(storage) if day >= 6] == [(1, 6), (2, 8), (2, 9)]
    remade(storage, PICTURES)
    assert tables(storage) == before


def test_a_rebuild_under_way_is_not_disturbed(storage: Storage) -> None:
    write(storage, [(1, "a", 100)] * 3)

    with kept_in_place(storage.journal):
        done = compact(storage.journal, storage.policy, AT)

    assert done.is_busy
    assert len(kept(storage)) == 3


def test_a_full_disk_leaves_the_journal_as_it_was(storage: Storage) -> None:
    write(storage, [(1, "a" * 300, 100), (2, "b" * 300, 100)])
    before = {path.name: path.read_bytes() for path in storage.journal.folder.iterdir()}

    with room_for(20), pytest.raises(OSError, match="large"):
        compact(storage.journal, storage.policy, AT)

    after = {path.name: path.read_bytes() for path in storage.journal.folder.iterdir()}
    assert after == before | {"compaction.lock": b""}


def test_a_compacted_segment_is_one_frame(storage: Storage) -> None:
    write(storage, [(1, "a", 100)])

    compact(storage.journal, storage.policy, AT)

    [path] = storage.journal.segments()
    unpacking = zstandard.ZstdDecompressor().decompressobj()
    unpacking.decompress(path.read_bytes())
    assert (unpacking.eof, unpacking.unused_data) == (True, b"")


def test_an_error_while_the_journal_is_ours_is_that_error(storage: Storage) -> None:
    with pytest.raises(BlockingIOError, match="of the block"), to_oneself(storage.journal):
        raise BlockingIOError("of the block")


def test_leftovers_of_a_killed_compaction_go(storage: Storage) -> None:
    write(storage, [(1, "a", 100)])
    left = storage.journal.folder / "x.compacting"
    left.write_bytes(b"half")

    compact(storage.journal, storage.policy, AT + dt.timedelta(days=1))

    assert not left.exists()
