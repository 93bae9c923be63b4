"""Records of a CSV text with their line numbers; a quotation mark that is not closed costs its line only."""

import csv
import io
from collections.abc import Iterator, Sequence

import msgspec

from tmdb_assets.transforms.upload_text import UploadError

LONGEST_FIELD = 100_000
"""Characters of a field that are read at most."""

_MOST_LINES_READ_AGAIN = 1_000_000  # a second; a file may be made so that each line seems to open a quotation


class Form(msgspec.Struct, frozen=True):
    """How a file separates its fields.

    Attributes
    ----------
    delimiter
        One character.
    is_spaced
        Whether a space follows each delimiter: ``Title, Year``.
    """

    delimiter: str
    is_spaced: bool = False


class Record(msgspec.Struct, frozen=True):
    """A line of a table, which goes over several lines of the file where a quoted field does.

    Attributes
    ----------
    line_number
        The line of the file on which it begins, from 1.
    is_broken
        Whether its quotation marks do not match, so that its fields are a guess.
    """

    line_number: int
    fields: list[str]
    is_broken: bool = False


def lines_of(text: str) -> list[str]:
    r"""Return the lines of a text with their ends: ``\n``, ``\r\n`` or ``\r``."""
    return list(io.StringIO(text, newline=""))


def fields_of(line: str, form: Form) -> list[str]:
    """Return the fields of one line, as far as its quotation marks allow."""
    reader = csv.reader([f"{line.rstrip()}\n"], delimiter=form.delimiter, skipinitialspace=form.is_spaced)
    fields = next(reader, list[str]())
    if fields and fields[-1].endswith("\n"):  # a quotation was open at the end of the line
        return [field.strip().strip('"') for field in line.rstrip().split(form.delimiter)]
    return fields


def records_of(lines: Sequence[str], form: Form, *, name: str) -> Iterator[Record]:
    """Read records; blank lines are none.

    Where quotation marks do not match, the line on which the record begins is a record by itself, and reading
    goes on with the next line: otherwise the rest of the file would disappear in one field.

    Parameters
    ----------
    name
        The file's name, for the error sentence.

    Raises
    ------
    UploadError
        A field is too long, or hardly any quotation mark matches.
    """
    start = lines_read_again = 0
    while start < len(lines):
        rest = map(lines.__getitem__, range(start, len(lines)))
        reader = csv.reader(rest, delimiter=form.delimiter, skipinitialspace=form.is_spaced, strict=True)
        begun = start
        try:
            for fields in reader:
                if lines[begun].strip():
                    yield _checked(Record(begun + 1, fields), name)
                begun = start + reader.line_num
        except csv.Error as error:
            if "field larger" in str(error):
                raise _too_long(name, begun + 1) from None
        else:
            return
        lines_read_again += start + reader.line_num - begun
        if lines_read_again > _MOST_LINES_READ_AGAIN:
            raise UploadError(
                f"{name} has quotation marks that do not match, from line {begun + 1} on: "
                "save it as CSV again and upload that."
            )
        yield _broken(lines[begun], begun + 1, form, name)
        start = begun + 1


def _broken(line: str, line_number: int, form: Form, name: str) -> Record:
    if len(line) > LONGEST_FIELD:
        raise _too_long(name, line_number)
    return Record(line_number, fields_of(line, form), is_broken=True)


def _checked(record: Record, name: str) -> Record:
    if any(len(field) > LONGEST_FIELD for field in record.fields):
        raise _too_long(name, record.line_number)
    return record


def _too_long(name: str, line_number: int) -> UploadError:
    return UploadError(
        f"{name} has a field of more than {LONGEST_FIELD // 1000} kB in line {line_number}: "
        "close its quotation mark or shorten it, and upload the file again."
    )
