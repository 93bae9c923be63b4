import datetime as dt
from typing import Any

import msgspec
import pytest

from tmdb_assets.tables import KeywordId
from tmdb_assets.transforms.renumbered import moved_keywords, with_former_ids
from tmdb_assets_tests.tables.rows import AT, keyword

LATER = AT + dt.timedelta(days=7)


def moth(keyword_id: int | None, **values: Any) -> KeywordId:  # noqa: ANN401 -- any column
    row = keyword("moth", keyword_id)
    return msgspec.structs.replace(row, **{"status": "found" if keyword_id else "missing", **values})


def renumbered(rows: list[KeywordId]) -> list[tuple[int | None, list[int], dt.datetime | None]]:
    return [(row.keyword_id, row.former_ids, row.renumbered_at) for row in rows]


def test_the_first_lookup_has_no_former_ids() -> None:
    assert renumbered(with_former_ids([moth(1)], [])) == [(1, [], None)]


@pytest.mark.parametrize("now", [[2], [1, 2], [None]])
def test_ids_that_changed_are_remembered(now: list[int | None]) -> None:
    found = [moth(each, checked_at=LATER) for each in now]

    rows = with_former_ids(found, [moth(1)])

    assert renumbered(rows) == [(each, [1], LATER) for each in now]


def test_what_is_remembered_stays_while_the_ids_do() -> None:
    before = moth(2, former_ids=[1], renumbered_at=AT)

    rows = with_former_ids([moth(2, checked_at=LATER)], [before])

    assert renumbered(rows) == [(2, [1], AT)]


def test_a_name_that_tmdb_had_not_before_was_not_renumbered() -> None:
    assert renumbered(with_former_ids([moth(5)], [moth(None)])) == [(5, [], None)]


def test_a_pin_that_was_corrected_by_hand_is_no_renumbering() -> None:
    before = moth(7, pinned_id=1, former_ids=[1], renumbered_at=AT)

    rows = with_former_ids([moth(7, pinned_id=7, status="pinned", checked_at=LATER)], [before])

    assert renumbered(rows) == [(7, [], None)]


def test_a_pin_that_died_is_remembered_also_from_rows_of_the_release_before() -> None:
    """They do not say which id was pinned."""
    before = moth(1, status="pinned")

    rows = with_former_ids([moth(7, pinned_id=1, checked_at=LATER)], [before])

    assert renumbered(rows) == [(7, [1], LATER)]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            [moth(7, pinned_id=1)],
            "The pinned id 1 of moth is dead, the name has the id 7 now: correct themes.yaml.",
        ),
        (
            [moth(7, pinned_id=1), moth(9, pinned_id=1)],
            "The pinned id 1 of moth is dead, the name has the ids 7, 9 now: correct themes.yaml.",
        ),
        (
            [moth(None, pinned_id=1)],
            "The pinned id 1 of moth is dead, the name is gone, too: correct themes.yaml.",
        ),
        (
            [moth(1, pinned_id=1, status="pinned", tmdb_name="butterfly")],
            "The pinned id 1 of moth is called butterfly at TMDB: correct the name or the id in themes.yaml.",
        ),
        (
            [moth(7, former_ids=[1, 2], renumbered_at=AT)],
            "moth had the ids 1, 2 until 2026-11-21; the name has the id 7 now.",
        ),
    ],
)
def test_what_moved_is_a_sentence(rows: list[KeywordId], sentence: str) -> None:
    [moved] = moved_keywords(rows, LATER)

    assert moved.sentence == sentence


@pytest.mark.parametrize(
    "row",
    [
        moth(1, pinned_id=1, status="pinned", tmdb_name="Moth"),
        moth(7),
        moth(None),
        moth(7, former_ids=[1], renumbered_at=LATER - dt.timedelta(days=30)),
    ],
)
def test_what_is_where_it_was_is_not_mentioned(row: KeywordId) -> None:
    assert moved_keywords([row], LATER) == []
