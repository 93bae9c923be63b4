"""Film lists that people upload: a file's bytes to its rows, and what is wrong with them in plain words."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import PurePosixPath

import msgspec

from tmdb_assets.transforms.upload_columns import columns_of, folded
from tmdb_assets.transforms.upload_records import Form, Record, fields_of, lines_of, records_of
from tmdb_assets.transforms.upload_rows import Reading, read_row
from tmdb_assets.transforms.upload_text import UploadError, decoded
from tmdb_assets.transforms.upload_values import rating_unit

__all__ = ["MOST_ROWS", "ParsedUpload", "UploadError", "UploadedRow", "parse_upload"]

MOST_ROWS = 100_000
"""Rows that a list may have."""

_NAMED = 10  # rows or columns that a sentence names at most
_DELIMITERS = ",;\t|"
_PREAMBLE = re.compile(r"sep=.|Letterboxd list export.*")
_ABOUT_A_LIST = ["date", "name", "tags", "url", "description"]
_LISTED = ["position", "name"]


class UploadedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of somebody's film list.

    Attributes
    ----------
    row_number
        From 1, the header not counted.
    line_number
        The line of the file on which the row begins, from 1.
    title, year
        The film; None where the file has none, or where it cannot be told which field it is.
    uri
        Address or id of the film as in the file.
    rating
        The person's, 0 to 10.
    listed_on
        When the film was watched, rated or listed: the first of these that the file has.
    problem
        What makes the row doubtful.
    """

    row_number: int
    line_number: int
    title: str | None
    year: int | None
    uri: str | None
    rating: float | None
    listed_on: dt.date | None
    problem: str | None


class ParsedUpload(msgspec.Struct, frozen=True, kw_only=True):
    """A film list: its name, its rows, and a sentence for each kind of problem in it."""

    list_title: str
    rows: tuple[UploadedRow, ...]
    problems: tuple[str, ...]


def parse_upload(content: bytes, *, name: str) -> ParsedUpload:
    """Read a film list: an export of Letterboxd, IMDb or MovieLens, or any CSV with a column of titles.

    Every row of the file below its header is a row of the result; lines without any text are none. Ratings
    become 0 to 10: IMDb's stay as they are, in other lists a greatest rating up to 5 means stars, up to 10
    points, up to 100 per cent.

    Parameters
    ----------
    content
        The file.
    name
        Its name or path, for error sentences and, where the file has no title, for the list's.

    Raises
    ------
    UploadError
        The file is no such list, or a field or the whole is too long.
    """
    lines = lines_of(decoded(content, name=name))
    start = next((place for place, line in enumerate(lines) if _is_header(line)), None)
    if start is None:
        raise UploadError(f"{name} is empty: export the list again and upload that.")
    form = _form(lines[start])
    blank = ["\n"] * start  # keeps the line numbers
    records = list(islice(records_of([*blank, *lines[start:]], form, name=name), MOST_ROWS + 10))
    list_title, (header, *data) = _list_of_letterboxd(records) or ("", records)
    columns = columns_of(header.fields)
    if not columns.title:
        raise _no_titles(name, header.fields)
    if len(data) > MOST_ROWS:
        raise UploadError(f"{name} has more than {MOST_ROWS:,} rows: split it into several files.")
    readings = [read_row(record, columns, form) for record in data]
    unit = rating_unit([one.rating for one in readings if one.rating is not None], is_imdb=columns.is_imdb)
    return ParsedUpload(
        list_title=list_title or _readable(name),
        rows=tuple(
            _row(number, *both, unit) for number, both in enumerate(zip(data, readings, strict=True), 1)
        ),
        problems=tuple(_problems(data, readings, unit)),
    )


def _is_header(line: str) -> bool:
    return bool(line.strip()) and not _PREAMBLE.fullmatch(line.strip())


def _form(header: str) -> Form:
    """Return the form in which the header has most columns that we know."""
    forms = [Form(delimiter, is_spaced=f"{delimiter} " in header) for delimiter in _DELIMITERS]
    return max(forms, key=lambda form: _fit(fields_of(header, form)))


def _fit(header: Sequence[str]) -> tuple[bool, int, int]:
    columns = columns_of(header)
    return bool(columns.title), columns.known_count, columns.count


def _list_of_letterboxd(records: Sequence[Record]) -> tuple[str, Sequence[Record]] | None:
    """Return the name of a Letterboxd list and the records of its films; None for a file of another form."""
    if [folded(name) for name in records[0].fields] != _ABOUT_A_LIST:
        return None
    for place, record in enumerate(records[2:], 2):
        if [folded(name) for name in record.fields[:2]] == _LISTED:
            title = " ".join(records[1].fields[1:2]).strip()
            return title, records[place:]
    return None


def _readable(name: str) -> str:
    """Return a file's name without folder and ending; hyphens and underscores are spaces, but in a date."""
    stem = PurePosixPath(name).stem
    words = re.sub(r"_|(?<![0-9])-|-(?![0-9])", " ", stem).split()
    title = " ".join(words) or stem or name
    return title[:1].upper() + title[1:]


def _no_titles(name: str, header: Sequence[str]) -> UploadError:
    found = [f"“{column.strip()[:30]}”" for column in header[:_NAMED]]
    more = ", …" if len(header) > _NAMED else ""
    columns = "the only column is" if len(found) == 1 else "the columns are"
    return UploadError(
        f"{name} has no column of titles: {columns} {', '.join(found)}{more}. "
        "Name one Title, and one Year, in the first line."
    )


def _row(number: int, record: Record, reading: Reading, unit: float | None) -> UploadedRow:
    sentences = [complaint.problem for complaint in reading.complaints if complaint.problem]
    return UploadedRow(
        row_number=number,
        line_number=record.line_number,
        title=reading.title,
        year=reading.year,
        uri=reading.uri,
        rating=reading.rating / unit if unit and reading.rating is not None else None,
        listed_on=reading.listed_on,
        problem=" ".join(sentences) or None,
    )


def _problems(data: Sequence[Record], readings: Sequence[Reading], unit: float | None) -> Iterator[str]:
    """Yield a sentence for each kind of problem, with the lines that have it."""
    if not data:
        yield "The file names its columns but has no film."
    if unit is None:
        yield "The ratings go beyond 100, so they are left out."
    lines: dict[str, list[int]] = {}
    for record, reading in zip(data, readings, strict=True):
        for complaint in reading.complaints:
            lines.setdefault(complaint.heading, []).append(record.line_number)
    for heading, numbers in lines.items():
        yield f"{heading}: {_named(numbers)}."


def _named(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    shown = [str(number) for number in numbers[:_NAMED]]
    more = len(numbers) - len(shown)
    last = f"{more:,} more" if more else shown.pop()
    return f"lines {', '.join(shown)} and {last}"
