"""Encodings, delimiters and line ends."""

import pytest

from tmdb_assets_tests.transforms.uploading import films, parsed

_AMELIE = "Title,Year\nAmélie,2001\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_list_may_be_in_any_usual_encoding(encoding: str) -> None:
    assert films(_AMELIE.encode(encoding)) == [("Amélie", 2001)]


def test_big_endian_utf_16_is_read_by_its_byte_order_mark() -> None:
    assert films(b"\xfe\xff" + "Title\n기생충\n".encode("utf-16-be")) == [("기생충", None)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_tells_the_delimiter(delimiter: str) -> None:
    content = f'Title{delimiter}Year\n"A{delimiter}B"{delimiter}2001\n'

    [film] = films(content)

    assert film == (f"A{delimiter}B".replace("\t", " "), 2001)


def test_a_comma_belongs_to_the_title_where_there_is_one_column() -> None:
    content = "title\nGood, the Bad and the Ugly, The (1966)\n10,000 BC\n"

    assert films(content) == [("The Good, the Bad and the Ugly", 1966), ("10,000 BC", None)]


def test_a_delimiter_may_be_followed_by_a_space() -> None:
    assert films('Year, Title, Note\n2000, "Me, Myself & Irene", fun\n') == [("Me, Myself & Irene", 2000)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_three_ways(end: str) -> None:
    result = parsed(end.join(["Title,Year", "Heat,1995", "", '"Two', 'lines",1996', "Alien,1979"]))

    assert [(row.line_number, row.year) for row in result.rows] == [(2, 1995), (4, 1996), (6, 1979)]


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\x0b", "\x0c"])
def test_other_separators_do_not_end_a_line(separator: str) -> None:
    assert len(parsed(f"Title,Year\nA{separator}B,1995\n").rows) == 1


def test_a_spreadsheets_hint_before_the_header_is_no_row() -> None:
    result = parsed("sep=;\nTitle;Year\nHeat;1995\n")

    assert [(row.row_number, row.line_number, row.title) for row in result.rows] == [(1, 3, "Heat")]
