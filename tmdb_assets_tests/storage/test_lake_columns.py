from typing import Annotated, ClassVar

from tmdb_assets.storage.lake import Lake
from tmdb_assets.tables import Row
from tmdb_assets.tables.row import Column, Year


class Film(Row, frozen=True):
    """A film as an older version of the program knew it."""

    table: ClassVar[str] = "films"
    grain: ClassVar[str] = "One row per film."
    key: ClassVar[tuple[str, ...]] = ("tmdb_id",)

    tmdb_id: Annotated[int, Column(description="Id.")]
    release_year: Annotated[Year, Column(description="Year.")]


class LaterFilm(Row, frozen=True):
    """The same film with columns more, one of them in the middle."""

    table: ClassVar[str] = "films"
    grain: ClassVar[str] = "One row per film."
    key: ClassVar[tuple[str, ...]] = ("tmdb_id",)

    tmdb_id: Annotated[int, Column(description="Id.")]
    title: Annotated[str | None, Column(description="Title.")]
    release_year: Annotated[Year, Column(description="Year.")]
    moods: Annotated[list[str] | None, Column(description="Moods.")]


class Word(Row, frozen=True):
    """A word of a table without years."""

    table: ClassVar[str] = "words"
    grain: ClassVar[str] = "One row per word."
    key: ClassVar[tuple[str, ...]] = ("word",)

    word: str


class LaterWord(Row, frozen=True):
    """The same word with a column more."""

    table: ClassVar[str] = "words"
    grain: ClassVar[str] = "One row per word."
    key: ClassVar[tuple[str, ...]] = ("word",)

    word: str
    length: int | None


def test_a_column_that_the_stored_files_lack_is_null(lake: Lake) -> None:
    lake.replace_year(Film, Film.frame([Film(tmdb_id=1, release_year=1999)]), 1999)

    frame = lake.read(LaterFilm)

    assert frame.schema == LaterFilm.schema()
    assert frame.rows() == [(1, None, 1999, None)]


def test_a_column_more_can_be_written(lake: Lake) -> None:
    lake.replace_year(Film, Film.frame(Film(tmdb_id=one, release_year=1999) for one in (1, 2)), 1999)
    rows = LaterFilm.frame([LaterFilm(tmdb_id=2, title="New", release_year=2000, moods=["dark"])])

    lake.replace_year(LaterFilm, rows, 2000)

    assert lake.read(LaterFilm).rows() == [(1, None, 1999, None), (2, "New", 2000, ["dark"])]


def test_a_column_more_can_be_written_to_a_table_without_years(lake: Lake) -> None:
    lake.replace(Word, Word.frame([Word(word="old")]))

    lake.replace(LaterWord, LaterWord.frame([LaterWord(word="new", length=3)]))

    assert lake.read(LaterWord).rows() == [("new", 3)]


def test_a_column_that_the_row_type_has_no_more_is_left_out(lake: Lake) -> None:
    rows = LaterFilm.frame([LaterFilm(tmdb_id=2, title="New", release_year=2000, moods=["dark"])])
    lake.replace_year(LaterFilm, rows, 2000)

    newer = Film.frame([Film(tmdb_id=3, release_year=2001)])
    lake.replace_year(Film, newer, 2001)

    assert lake.read(Film).rows() == [(2, 2000), (3, 2001)]
