import datetime as dt
import json
from typing import Any

import polars as pl
import pytest

from tmdb_assets.storage.policy_file import shipped_policy
from tmdb_assets.tables import CrewMember, MovieDetail
from tmdb_assets.transforms.comparison import Compared, compared
from tmdb_assets_tests.tables.rows import AT, detail

POLICY = shipped_policy()
LATER = AT + dt.timedelta(days=90)
DIRECTOR = CrewMember(person_id=1, name="A", department="Directing", job="Director")
WRITER = CrewMember(person_id=2, name="B", department="Writing", job="Writer")


def frame(**columns: object) -> pl.DataFrame:
    """Make the row of film 7 of 1979."""
    return MovieDetail.frame([detail(7, 1979, **columns)])


def after(was: dict[str, Any], *, at: dt.datetime = LATER, **columns: object) -> Compared:
    answered = {"fetched_at": at, "checked_at": at, "changed_at": at, "unchanged_count": 0}
    new = frame(**{**was, **answered, **columns})
    return compared(new, frame(**was), POLICY)


def change_times(found: Compared) -> tuple[dt.datetime, int]:
    [(changed_at, unchanged_count)] = found.rows.select("changed_at", "unchanged_count").iter_rows()
    return changed_at, unchanged_count


def test_a_film_that_is_as_it_was_keeps_the_time_of_its_last_change() -> None:
    found = after({"unchanged_count": 2})

    assert change_times(found) == (AT, 3)
    assert found.history.is_empty()


def test_a_change_is_told_field_by_field() -> None:
    found = after({"title": "Alien", "runtime": 117, "unchanged_count": 2}, title="Aliens", runtime=None)

    assert change_times(found) == (LATER, 0)
    assert found.history.select("field", "old_value", "new_value", "title").rows() == [
        ("runtime", "117", None, "Aliens"),
        ("title", '"Alien"', '"Aliens"', "Aliens"),
    ]
    assert found.history["seen_at"].unique().to_list() == [LATER]


def test_people_are_told_as_json() -> None:
    found = after({"crew": [DIRECTOR]}, crew=[DIRECTOR, WRITER])

    [(field, old, new)] = found.history.select("field", "old_value", "new_value").rows()
    assert field == "crew"
    assert [member["name"] for member in json.loads(old)] == ["A"]
    assert [member["name"] for member in json.loads(new)] == ["A", "B"]


@pytest.mark.parametrize(
    ("was", "columns"),
    [
        ({"popularity": 1.0}, {"popularity": 99.0}),
        ({"crew": [DIRECTOR, WRITER]}, {"crew": [WRITER, DIRECTOR]}),
        ({"keywords": ["a", "b"]}, {"keywords": ["b", "a"]}),
        (
            {"poster_url": "https://one.example/w500/a.jpg"},
            {"poster_url": "https://other.example/w500/a.jpg"},
        ),
        ({"vote_average": 7.0}, {"vote_average": 7.3}),
        ({"vote_count": 10}, {"vote_count": 29}),
        ({"vote_count": 1000}, {"vote_count": 1099}),
        ({"vote_count": 1000}, {"vote_count": 901}),
        ({"vote_average": None}, {"vote_average": None}),
    ],
)
def test_what_moves_for_no_reason_is_no_change(was: dict[str, Any], columns: dict[str, Any]) -> None:
    assert change_times(after(was, **columns)) == (AT, 1)


@pytest.mark.parametrize(
    ("was", "columns"),
    [
        ({"vote_average": 7.0}, {"vote_average": 7.31}),
        ({"vote_average": None}, {"vote_average": 5.0}),
        ({"vote_count": 10}, {"vote_count": 30}),
        ({"vote_count": 1000}, {"vote_count": 900}),
        ({"vote_count": 5}, {"vote_count": None}),
        ({"keywords": ["a", "b"]}, {"keywords": ["a"]}),
        ({"genres": ["a", "b"]}, {"genres": ["b", "a"]}),
        ({"poster_url": "https://one.example/w500/a.jpg"}, {"poster_url": "https://one.example/w500/b.jpg"}),
        ({"poster_url": None}, {"poster_url": "https://one.example/w500/b.jpg"}),
        ({"overview": ""}, {"overview": None}),
    ],
)
def test_what_counts_as_a_change(was: dict[str, Any], columns: dict[str, Any]) -> None:
    found = after(was, **columns)

    assert change_times(found) == (LATER, 0)
    assert found.history["field"].to_list() == list(columns)


def test_a_new_film_is_no_change() -> None:
    found = compared(frame(), MovieDetail.frame(), POLICY)

    assert change_times(found) == (AT, 0)
    assert found.history.is_empty()


def test_another_question_sees_neither_a_change_nor_that_there_is_none() -> None:
    found = after({"unchanged_count": 2}, title="Le huitième passager", request_fingerprint="french")

    assert change_times(found) == (AT, 2)
    assert found.rows["title"].to_list() == ["Le huitième passager"]
    assert found.history.is_empty()


def test_an_answer_that_tmdb_may_have_sent_before_is_no_look_at_the_film() -> None:
    found = after({"unchanged_count": 2}, at=AT + POLICY.cached_for - dt.timedelta(seconds=1))

    assert change_times(found) == (AT, 2)


@pytest.mark.parametrize("at", [AT, AT - dt.timedelta(days=1)])
def test_an_answer_no_newer_than_the_row_leaves_it_as_it_is(at: dt.datetime) -> None:
    found = after({"unchanged_count": 2}, at=at, title="Another")

    assert found.rows.equals(frame(unchanged_count=2))
    assert found.history.is_empty()


def test_an_answer_that_stands_for_several_counts_them_all() -> None:
    """A compacted journal keeps the last of them, and when the first came."""
    first = LATER - dt.timedelta(days=30)

    unchanged = after({"unchanged_count": 2}, unchanged_count=3, changed_at=first)
    changed = after({"unchanged_count": 2}, unchanged_count=3, changed_at=first, title="Aliens")

    assert change_times(unchanged) == (AT, 6)
    assert change_times(changed) == (first, 3)
    assert changed.history["seen_at"].to_list() == [first]


def test_each_film_is_compared_with_its_own_row() -> None:
    old = MovieDetail.frame([detail(number, 1979) for number in (1, 2, 3, 4)])
    new = MovieDetail.frame(
        detail(number, 1979, title=title, checked_at=LATER, fetched_at=LATER, changed_at=LATER)
        for number, title in ((5, "New"), (3, "Other"), (1, "Alien"))
    )

    found = compared(new, old, POLICY)

    assert found.rows["tmdb_id"].to_list() == [5, 3, 1]
    assert found.rows["changed_at"].to_list() == [LATER, LATER, AT]
    assert found.history["tmdb_id"].to_list() == [3]
