"""An uploaded file's bytes as text, and what to do where they are none."""

import codecs

_ZIP = b"PK\x03\x04"
_KINDS = (
    (b"PK\x05\x06", "an empty zip file: choose another file"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet: save it as CSV and upload that"),
    (b"\x1f\x8b", "a gzip file: unpack it and upload the CSV file that is in it"),
    (b"\x89PNG", "an image: upload a CSV file"),
    (b"\xff\xd8\xff", "an image: upload a CSV file"),
    (b"GIF8", "an image: upload a CSV file"),
    (b"%PDF", "a PDF file: upload a CSV file"),
)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UploadError(ValueError):
    """A file is no film list; its text is one sentence that names the file and says what to do."""


def decoded(content: bytes, *, name: str) -> str:
    """Return a file's text: UTF-8 with or without a byte order mark, UTF-16 with one, else Windows-1252.

    Parameters
    ----------
    name
        The file's name, for the error sentence.

    Raises
    ------
    UploadError
        The file is no text.
    """
    if kind := _kind(content):
        raise UploadError(f"{name} is {kind}.")
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "cp1252")
    text = next((text for encoding in encodings if (text := _decoded(content, encoding)) is not None), None)
    if text is None or "\0" in text:
        raise UploadError(f"{name} is not text that can be read: save it as CSV in UTF-8 and upload that.")
    return text


def _kind(content: bytes) -> str | None:
    if content.startswith(_ZIP):
        if b"xl/workbook" in content or b"application/vnd.oasis" in content:
            return "a spreadsheet: save it as CSV and upload that"
        return "a zip file: unpack it and drop the CSV files that are in it"
    return next((kind for start, kind in _KINDS if content.startswith(start)), None)


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None
