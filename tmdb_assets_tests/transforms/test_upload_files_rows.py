"""Rows that are not as they should be: each is kept, and said to be so."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmdb_assets_tests.transforms.uploading import films, only_row, parsed

cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from('",\n\r ;'), max_size=8
)


def test_a_row_without_a_title_is_a_row() -> None:
    result = parsed("Title,Year\nHeat,1995\n,1990\n   ,\n")

    assert [(row.row_number, row.title, row.problem) for row in result.rows[1:]] == [
        (2, None, "The row has no title."),
        (3, None, "The row has no title."),
    ]
    assert result.problems == ("Rows without a title: lines 3 and 4.",)


def test_a_blank_line_is_no_row() -> None:
    result = parsed("\n\nTitle,Year\n\nHeat,1995\n \t\n\nAlien,1979\n\n")

    assert [(row.row_number, row.line_number) for row in result.rows] == [(1, 5), (2, 8)]


@pytest.mark.parametrize("cell", ["soon", "195", "19955", "1066", "2001-2003", "99"])
def test_a_year_that_is_none_is_said(cell: str) -> None:
    result = parsed(f"Title,Year\nHeat,{cell}\n")

    assert (result.rows[0].title, result.rows[0].year) == ("Heat", None)
    assert result.rows[0].problem == f"“{cell}” is no year."
    assert result.problems == ("Years that are no years: line 2.",)


def test_a_row_with_too_few_fields_keeps_what_it_has() -> None:
    row = only_row("Title,Year,Note\nHeat,1995\n")

    assert (row.title, row.year, row.problem) == ("Heat", 1995, "The row has 2 fields, the header 3.")


@pytest.mark.parametrize(
    ("header", "line", "film"),
    [
        ("Title,Year", "Me, Myself & Irene,2000", ("Me, Myself & Irene", 2000)),
        ("Title,Year", "Run,Run,Run,2000", ("Run,Run,Run", 2000)),
        ("Year,Title", "2000,Me, Myself & Irene", ("Me, Myself & Irene", 2000)),
        ("movieId,title,genres", "6,Matrix, The (1999),Action", ("The Matrix", 1999)),
    ],
)
def test_a_title_whose_commas_are_not_quoted_is_put_together(
    header: str, line: str, film: tuple[str, int]
) -> None:
    result = parsed(f"{header}\n{line}\n")

    assert [(row.title, row.year) for row in result.rows] == [film]
    assert not result.problems


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Title,Year", "Me, Myself & Irene,"),
        ("Year,Title,Note", "2000,Me, Myself,fun"),
        ("Title,Note", "Me,I,fun"),
    ],
)
def test_half_a_title_is_none(header: str, line: str) -> None:
    result = parsed(f"{header}\n{line}x\n")

    assert result.rows[0].title is None
    assert "put quotation marks around a title" in str(result.rows[0].problem)
    assert "no title" not in str(result.rows[0].problem)
    assert "Rows with more or fewer fields than the header: line 2." in result.problems


@pytest.mark.parametrize("remark", ["great", "2020"])
def test_a_remark_after_the_last_column_leaves_the_film_as_it_is(remark: str) -> None:
    row = only_row(f"Title,Year\nHeat,1995,{remark}\n")

    assert (row.title, row.year) == ("Heat", 1995)
    assert str(row.problem).startswith("The row has 3 fields, the header 2")


def test_empty_fields_at_the_end_are_no_problem() -> None:
    result = parsed("Title,Year,,\nHeat,1995\nAlien,1979,,,,\n")

    assert [row.problem for row in result.rows] == [None, None]


@pytest.mark.parametrize(
    ("line", "film"),
    [
        ('"Heat,1995', ("Heat", 1995)),
        ('"Crocodile" Dundee,1986', ("Crocodile Dundee", 1986)),
        ('Heat,"1995', ("Heat", 1995)),
    ],
)
@pytest.mark.parametrize(
    "rest", ["Alien,1979\n", 'Alien,1979\n"X, Y",2001\n', 'Alien,1979\n"X ""Y""",2001\n']
)
def test_a_quotation_mark_that_is_not_closed_costs_its_line_only(
    line: str, film: tuple[str, int], rest: str
) -> None:
    result = parsed(f"Title,Year\n{line}\n{rest}")

    assert [(row.title, row.year) for row in result.rows[:2]] == [film, ("Alien", 1979)]
    assert len(result.rows) == 1 + rest.count("\n")
    assert result.rows[0].problem == "The quotation marks of this row do not match."
    assert result.problems == ("Rows whose quotation marks do not match: line 2.",)


def test_a_title_that_took_in_the_next_line_is_said() -> None:
    result = parsed('Title,Year\n"Heat,1995\nAlien",1979\n')

    assert result.problems == ("Titles over several lines: line 2.",)


def test_ratings_that_cannot_be_used_are_left_out_and_said() -> None:
    content = "Title,Rating\nHeat,good\nAlien,-3\nBrazil,inf\nAmadeus,8\nAkira,-\n"

    result = parsed(content)

    assert [row.rating for row in result.rows] == [None, None, None, 8, None]
    assert result.problems == ("Ratings that are no numbers: lines 2, 3 and 4.",)
    assert all(row.problem is None for row in result.rows)


def test_ratings_over_a_hundred_have_no_scale() -> None:
    result = parsed("Title,Rating\nHeat,250\nAlien,5\n")

    assert [row.rating for row in result.rows] == [None, None]
    assert result.problems == ("The ratings go beyond 100, so they are left out.",)


def test_a_problem_of_many_rows_names_ten_of_them() -> None:
    result = parsed("Title,Year\n" + ",1995\n" * 2000)

    assert result.problems == ("Rows without a title: lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 1,990 more.",)


def test_a_list_without_films_is_read() -> None:
    result = parsed("Date,Name,Year,Letterboxd URI\n")

    assert result.rows == ()
    assert result.problems == ("The file names its columns but has no film.",)


@given(st.lists(st.tuples(cells, cells, cells), max_size=6), st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_row_that_a_program_writes_is_a_row(rows: list[tuple[str, str, str]], end: str) -> None:
    content = io.StringIO(newline="")
    writer = csv.writer(content, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("Title", "Year", "Note"), *rows])

    result = parsed(content.getvalue())

    assert [row.row_number for row in result.rows] == list(range(1, len(rows) + 1))
    written = [" ".join(title.split()) for title, _, _ in rows]
    assert [row.title is None for row in result.rows] == [not title for title in written]


def test_a_quoted_title_is_as_it_was_written() -> None:
    assert films('Title,Year\n"Say ""Hi"", Bob",1999\n') == [('Say "Hi", Bob', 1999)]
