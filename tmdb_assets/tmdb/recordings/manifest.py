"""The manifest of a folder of recordings: which file answers which path, with which status."""

import csv
import io
import re
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

__all__ = ["MANIFEST", "Recording", "RecordingsError", "listed"]

MANIFEST = "manifest.csv"
_COLUMNS = ("file", "endpoint", "http_status")


class RecordingsError(Exception):
    """The folder cannot be checked; the text is one sentence that says why."""


class Recording(NamedTuple):
    """One line of the manifest."""

    file: str
    endpoint: str
    status: int
    """HTTP's; that of the folder (``errors-404``), or 200, where the line has none."""
    torn_line: int | None
    """The line's number when it is cut short."""


def listed(folder: Path) -> list[Recording]:
    """Return what the manifest lists.

    Raises
    ------
    RecordingsError
        When there is no folder, or no manifest that can be read.
    """
    path = folder / MANIFEST
    if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would never end
        raise RecordingsError(f"{path} is no file: put a table there.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RecordingsError(
            f"{path} cannot be read ({error.strerror}): name a folder of recorded answers with a {MANIFEST} "
            f"that has the columns {', '.join(_COLUMNS)}."
        ) from None
    except UnicodeDecodeError:
        raise RecordingsError(f"{path} is not in UTF-8: save it as CSV in UTF-8.") from None
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise RecordingsError(
                f"{path} lacks the column {' and '.join(missing)}: its first line names the columns, "
                f"separated by commas, {', '.join(_COLUMNS)} among them."
            )
        return [_recording(row, rows.line_num) for row in rows]
    except csv.Error as error:
        raise RecordingsError(
            f"{path} is no CSV after line {rows.line_num} ({error}): mend or remove what follows."
        ) from None


def _recording(row: dict[str, str | None], line: int) -> Recording:
    file, endpoint, status = ((row[name] or "").strip() for name in _COLUMNS)
    is_torn = any(row[name] is None for name in _COLUMNS) or not file
    of_folder = re.match(r"errors-(\d{3})/", file)
    code = status if re.fullmatch(r"\d{3}", status) else of_folder[1] if of_folder else HTTPStatus.OK
    return Recording(file, endpoint, int(code), line if is_torn else None)
