"""Files that are no film lists: one sentence says which file, why, and what to do."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tmdb_assets.transforms.upload_files import MOST_ROWS, UploadError
from tmdb_assets_tests.transforms.uploading import parsed


def zipped(member: str) -> bytes:
    """Return a zip file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(member, "Title,Year\n")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b" \r\n\n", "is empty"),
        (b"sep=;\n", "is empty"),
        (zipped("watched.csv"), "is a zip file: unpack it and drop the CSV files"),
        (zipped("xl/workbook.xml"), "is a spreadsheet: save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is a spreadsheet: save it as CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is an image: upload a CSV file"),
        (b"\x1f\x8b\x08\x00", "is a gzip file: unpack it"),
        (b"Title,Year\nHeat\0,1995\n", "is not text"),
        ("Title,Year\n".encode("utf-16-le"), "is not text"),
        (b"\xff\xfeT", "is not text"),
        (b"Title\n\x81\xff\n", "is not text"),
        (b"Heat (1995)\nAlien (1979)\n", "has no column of titles: the only column is “Heat (1995)”"),
        (b"userId,movieId,rating\n1,6,4\n", "the columns are “userId”, “movieId”, “rating”. Name one Title"),
        (b"a;" * 40, "“a”, …. Name one Title"),
        (b'Title,Year\n"' + b"x" * 100_001 + b'",1995\n', "has a field of more than 100 kB in line 2"),
        (b'Title,Year\nA,1\n"' + b"x\n" * 70_000, "has a field of more than 100 kB in line 3"),
        (b"Title,Year\n" + b'a","' * 30_000, "has a field of more than 100 kB in line 2"),
        (b"Title\n" + b"a\n" * (MOST_ROWS + 1), "has more than 100,000 rows: split it into several files"),
        (b"Title,Note\n" + b'a",b,"\n' * 20_000, "has quotation marks that do not match"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_file_is_refused_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UploadError) as refused:
        parsed(content, "anna/films.csv")

    assert str(refused.value).startswith("anna/films.csv ")
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_the_longest_list_is_read() -> None:
    assert len(parsed(b"Title\n" + b"a\n" * MOST_ROWS).rows) == MOST_ROWS


headers = st.sampled_from(
    [b"", b"Title,Year\n", b"Title;Year;Rating;Date\r\n", b"\xff\xfe", b"Title\t\n", b"PK\x03\x04"]
)
bodies = st.binary() | st.lists(
    st.sampled_from([b'"', b",", b";", b"\n", b"\r", b"a", b" ", b"1999", b"\xe9"])
).map(b"".join)


@given(headers, bodies)
@example(b"Date,Name,Tags,URL,Description\n", b"")
@example(b"Date,Name,Tags,URL,Description\n", b"Position,Name\n")
@example(b"Date,Name,Tags,URL,Description\n", b"x\nPosition,Name\n")
@example(b"Title", b",\r\x85\x0c")
@example(b"\xff\xfe", b"T\0i\0t\0l\0e\0\n\0\x00\xd8")
def test_any_bytes_are_a_list_or_refused(header: bytes, body: bytes) -> None:
    with contextlib.suppress(UploadError):
        result = parsed(header + body)

        assert [row.row_number for row in result.rows] == list(range(1, len(result.rows) + 1))
        assert all(row.rating is None or 0 <= row.rating <= 10 for row in result.rows)
