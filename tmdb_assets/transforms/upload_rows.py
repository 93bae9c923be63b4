"""One row of an uploaded list: its film, and what speaks against reading it so."""

import datetime as dt
from collections.abc import Iterator

import msgspec

from tmdb_assets.transforms.upload_columns import Columns
from tmdb_assets.transforms.upload_records import Form, Record
from tmdb_assets.transforms.upload_values import (
    date_in,
    is_unknown,
    number_in,
    title_and_year,
    with_article_in_front,
    year_in,
)


class Complaint(msgspec.Struct, frozen=True):
    """What is wrong with a row.

    Attributes
    ----------
    heading
        Under what the rows of a file are counted: ``Rows without a title``.
    problem
        The sentence of this row; None where its film can be found all the same.
    """

    heading: str
    problem: str | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a row says; its rating is as in the file, for only all ratings together tell the scale."""

    title: str | None
    year: int | None
    uri: str | None
    rating: float | None
    listed_on: dt.date | None
    complaints: tuple[Complaint, ...]


_BROKEN = Complaint(
    "Rows whose quotation marks do not match", "The quotation marks of this row do not match."
)
_NO_TITLE = Complaint("Rows without a title", "The row has no title.")
_OVER_LINES = Complaint(
    "Titles over several lines", "The title goes over several lines: a quotation mark may be missing."
)
_NO_RATING = Complaint("Ratings that are no numbers")
_NO_DATE = Complaint("Dates that cannot be read")


def read_row(record: Record, columns: Columns, form: Form) -> Reading:
    """Read a row by the columns of its file."""
    complaints = [_BROKEN] if record.is_broken else []
    fields, miscounted = _in_columns(record.fields, columns, form)
    if miscounted:
        complaints.append(miscounted)
    raw_title = _first(fields, columns.title)
    if "\n" in raw_title or "\r" in raw_title:
        complaints.append(_OVER_LINES)
    title, year = _film(" ".join(raw_title.split()), fields, columns)
    if not title and not miscounted:
        complaints.append(_NO_TITLE)
    if year is None and (cell := _unread(fields, columns.year)):
        complaints.append(Complaint("Years that are no years", f"“{cell[:30]}” is no year."))
    rating = number_in(_first(fields, columns.rating))
    if rating is None and _unread(fields, columns.rating):
        complaints.append(_NO_RATING)
    listed_on = date_in(_first(fields, columns.listed_on))
    if listed_on is None and _unread(fields, columns.listed_on):
        complaints.append(_NO_DATE)
    return Reading(
        title=title or None,
        year=year,
        uri=_first(fields, columns.uri) or None,
        rating=rating,
        listed_on=listed_on,
        complaints=tuple(complaints),
    )


def _film(title: str, fields: list[str], columns: Columns) -> tuple[str, int | None]:
    """Return the title and year that are meant; a year at the end of the title counts where no other does."""
    year = next((year for cell in _cells(fields, columns.year) if (year := year_in(cell))), None)
    plain, year_in_title = title_and_year(title)
    if year_in_title is None or year not in {None, year_in_title}:
        return with_article_in_front(title, is_movielens=False), year
    return with_article_in_front(plain, is_movielens=not columns.year), year_in_title


def _in_columns(fields: list[str], columns: Columns, form: Form) -> tuple[list[str], Complaint | None]:
    """Return a row's fields as its columns have them; a title whose delimiters were not quoted is joined.

    Where it cannot be told which of too many fields is the title, the row has none: half a title would be
    another film's.
    """
    while len(fields) > columns.count and not fields[-1].strip():
        fields = fields[:-1]
    surplus = len(fields) - columns.count
    if surplus == 0:
        return fields, None
    counts = f"The row has {_counted(len(fields))}, the header {columns.count}"
    heading = "Rows with more or fewer fields than the header"
    if surplus < 0:
        return fields, Complaint(heading, f"{counts}.")
    place = columns.title[0]
    end = place + surplus + 1
    joined = [*fields[:place], (form.delimiter + " " * form.is_spaced).join(fields[place:end]), *fields[end:]]
    if place == columns.count - 1 or (
        _is_followed_by_year(joined, columns) and not _is_followed_by_year(fields, columns)
    ):
        return joined, None
    advice = Complaint(
        heading, f"{counts}: put quotation marks around a title that has a “{form.delimiter}” in it."
    )
    if _is_followed_by_year(fields, columns):
        return fields, advice
    return [*fields[:place], "", *fields[place + 1 :]], advice


def _is_followed_by_year(fields: list[str], columns: Columns) -> bool:
    """Say whether a year stands where it must if the title ends where its column does."""
    place = columns.title[0]
    if not columns.year:
        return title_and_year(fields[place].strip())[1] is not None
    later = tuple(column for column in columns.year if column > place)
    return any(year_in(cell) for cell in _cells(fields, later))


def _cells(fields: list[str], places: tuple[int, ...]) -> Iterator[str]:
    cells = (fields[place].strip() for place in places if place < len(fields))
    return (cell for cell in cells if cell)


def _first(fields: list[str], places: tuple[int, ...]) -> str:
    return next(_cells(fields, places), "")


def _unread(fields: list[str], places: tuple[int, ...]) -> str:
    """Return what stands where nothing could be read; it is no problem that a value is not known."""
    return next((cell for cell in _cells(fields, places) if not is_unknown(cell)), "")


def _counted(count: int) -> str:
    return "1 field" if count == 1 else f"{count} fields"
