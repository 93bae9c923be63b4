"""Films from a file: JSON Lines, plain or gzip, each line one film."""

import gzip
import zlib
from pathlib import Path
from typing import Any

import msgspec

from tmdb_assets.fake_tmdb.documents import Json, entry_of


def read_films(path: Path) -> list[Json]:
    """Read every film of a file.

    Raises
    ------
    OSError
        When the file cannot be opened.
    ValueError
        Naming the line that is not a film.
    """
    films: dict[int, tuple[int, Json]] = {}
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        film = _film(line, f"{path.name}, line {number}")
        if film["id"] in films:
            raise ValueError(
                f"{path.name}, line {number}: film {film['id']} is already in line {films[film['id']][0]}."
            )
        films[film["id"]] = (number, film)
    return [film for _, film in films.values()]


def _lines(path: Path) -> list[bytes]:
    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        try:
            content = gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as error:
            raise ValueError(f"{path.name} is not a whole gzip file: {error}.") from None
    return content.split(b"\n")


def _film(line: bytes, place: str) -> Json:
    try:
        film = msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{place} is not a JSON object: {error}.") from None
    if type(film.get("id")) is not int:
        raise ValueError(f"{place} is not a film: it has no integer id.")
    try:
        entry_of(film)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{place} has not the shape of a TMDB film: {error!r}.") from None
    return film
