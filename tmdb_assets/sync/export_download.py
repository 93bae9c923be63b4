"""Fetching an export: from TMDB's file server, from another address, or from a file that is here already."""

import contextlib
import datetime as dt
import time
from collections.abc import Generator
from pathlib import Path

import httpx

from tmdb_assets.storage.export_ids import ExportIds
from tmdb_assets.transforms.exports import ExportError, export_date, export_name

_ATTEMPTS = 3
_FIRST_WAIT_SECONDS = 1.0
_TIMEOUT = httpx.Timeout(30.0)
_NOT_THERE = frozenset({403, 404})
"""What file servers answer for a file that they do not have."""

_SERVER_ERRORS = 500
_DAY = dt.timedelta(days=1)


class ExportUnavailableError(Exception):
    """The export cannot be had at present; nothing was changed."""


@contextlib.contextmanager
def export_file(
    base_url: str,
    source: str | None,
    ids: ExportIds,
    today: dt.date,
    *,
    first_wait_seconds: float = _FIRST_WAIT_SECONDS,
) -> Generator[tuple[dt.date, Path]]:
    """Yield the date of an export and its file, which is gone afterwards where it was downloaded.

    Parameters
    ----------
    base_url
        Where TMDB's exports are; today's is taken, or yesterday's while that is not ready.
    source
        A path or an address of one export, in their place.
    ids
        Where there is room for a download.
    today
        The date at UTC.
    first_wait_seconds
        How long it waits after the first failure; after the second, twice as long.

    Raises
    ------
    ExportError
        The source is no export.
    ExportUnavailableError
        There is no such file, or the server does not answer.
    """
    if source and "://" not in source:
        path = Path(source).expanduser()
        if not path.is_file():
            raise ExportError(f"{path} is not there: name an export that is, or leave the source out.")
        yield export_date(path.name), path
        return
    names = [source] if source else [f"{base_url}/{export_name(day)}" for day in (today, today - _DAY)]
    with ids.working_file(".json.gz") as path:
        for url in names:
            date = export_date(_path(url).rpartition("/")[2])
            if _download(url, path, first_wait_seconds):
                yield date, path
                return
    raise ExportUnavailableError(
        f"There is no export at {names[0]}{' or of the day before' if len(names) > 1 else ''}: TMDB has it "
        "ready by 08:00 UTC, so try again later."
    )


def _path(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ExportError(f"{url} is no address ({error}): name one that is, or leave it out.") from None
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise ExportError(f"{url} is no address of a web server: name one that is, or a path.")
    return parsed.path


def _download(url: str, path: Path, first_wait_seconds: float) -> bool:
    """Download a file, and say whether there is one; what breaks off is begun anew, a few times."""
    attempt = 1
    while True:
        try:
            return _download_once(url, path)
        except httpx.HTTPError as error:
            if attempt == _ATTEMPTS:
                why = str(error) or type(error).__name__
                raise ExportUnavailableError(
                    f"The export {url} cannot be downloaded ({why}): try again later; nothing was changed."
                ) from None
            time.sleep(first_wait_seconds * 2 ** (attempt - 1))
            attempt += 1


def _download_once(url: str, path: Path) -> bool:
    # The bytes count as they are: a server may call the file's own compression one of the transfer.
    headers = {"Accept-Encoding": "identity"}
    with httpx.stream("GET", url, headers=headers, timeout=_TIMEOUT, follow_redirects=True) as response:
        if response.status_code in _NOT_THERE:
            return False
        if response.status_code >= _SERVER_ERRORS or not response.is_success:
            raise httpx.HTTPError(f"HTTP {response.status_code}")
        with path.open("wb") as file:
            for part in response.iter_raw():
                file.write(part)
    return True
