import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmdb_assets.transforms.dropped_files import Cursor, FileState, Look, is_finished_name, launched, look

SECOND = 1_000_000_000


def at(written: float, size: int = 10) -> FileState:
    return FileState(size, round(written * SECOND), round(written * SECOND))


def looks(*ticks: dict[str, FileState], every: float = 5) -> Look:
    """Look at the folder every few seconds, from second 100 on, and return the last look."""
    cursor = Cursor()
    for number, files in enumerate(ticks):
        found = look(cursor, files, now_ns=round((100 + number * every) * SECOND))
        cursor = launched(found.cursor, dict.fromkeys(found.whole, "content"))
    return found


def test_a_file_is_whole_once_two_looks_agree() -> None:
    first, second = looks({"a.csv": at(99)}), looks({"a.csv": at(99)}, {"a.csv": at(99)})

    assert (first.whole, first.arriving) == ([], ["a.csv"])
    assert (second.whole, second.arriving) == (["a.csv"], [])


def test_a_file_that_still_grows_is_waited_for() -> None:
    found = looks({"a.csv": at(99, 1)}, {"a.csv": at(104, 2)}, {"a.csv": at(109, 3)})

    assert (found.whole, found.arriving) == ([], ["a.csv"])


def test_a_file_that_arrives_by_a_rename_is_whole_at_once() -> None:
    found = looks({}, {"a.csv": at(50)})

    assert found.whole == ["a.csv"]


def test_a_file_begun_just_before_the_last_look_is_not_taken_for_a_renamed_one() -> None:
    """The kernel's file times lag behind the clock."""
    found = looks({}, {"a.csv": at(99.99)})

    assert found.arriving == ["a.csv"]


def test_a_whole_file_is_told_once() -> None:
    found = looks({"a.csv": at(99)}, {"a.csv": at(99)}, {"a.csv": at(99)})

    assert (found.whole, found.arriving, found.gone) == ([], [], [])


def test_a_replaced_file_is_whole_again() -> None:
    found = looks({"a.csv": at(99)}, {"a.csv": at(99)}, {"a.csv": at(109)}, {"a.csv": at(109)})

    assert found.whole == ["a.csv"]


def test_the_content_of_a_replaced_file_is_remembered() -> None:
    """So that one that was only touched asks for no run."""
    found = looks({"a.csv": at(99)}, {"a.csv": at(99)}, {"a.csv": at(109)}, {"a.csv": at(109)})

    assert found.cursor.files["a.csv"].content == "content"


def test_a_removed_file_is_gone_once() -> None:
    gone = looks({"a.csv": at(99)}, {"a.csv": at(99)}, {})
    after = looks({"a.csv": at(99)}, {"a.csv": at(99)}, {}, {})

    assert (gone.gone, after.gone) == (["a.csv"], [])


def test_a_file_that_is_dropped_again_is_whole_again() -> None:
    found = looks({"a.csv": at(99)}, {"a.csv": at(99)}, {}, {"a.csv": at(50)})

    assert (found.whole, found.cursor.files["a.csv"].content) == (["a.csv"], None)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(90, 130).map(at)), min_size=1))
def test_every_file_is_whole_or_arriving_or_was_told_before(ticks: list[dict[str, FileState]]) -> None:
    found = looks(*ticks)

    assert set(found.cursor.files) == set(ticks[-1])
    assert {path for path, file in found.cursor.files.items() if not file.is_whole} == set(found.arriving)
    assert not set(found.whole) & set(found.arriving)


@pytest.mark.parametrize(
    ("path", "is_finished"),
    [
        ("watched.csv", True),
        ("anna/2024/ratings.csv", True),
        ("curated/palme d'or.CSV", True),
        (".gitkeep", False),
        (".cache/watched.csv", False),
        ("watched.csv.part", False),
        ("watched.csv.crdownload", False),
        ("watched.csv~", False),
    ],
)
def test_hidden_and_half_written_files_are_no_lists(path: str, is_finished: bool) -> None:  # noqa: FBT001 -- a table
    assert is_finished_name(path) is is_finished
