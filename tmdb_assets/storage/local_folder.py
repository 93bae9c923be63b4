"""Answers about films as files, one each, in a folder that can be copied from machine to machine."""

import datetime as dt
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec

from tmdb_assets.storage.leftovers import remove_leftovers
from tmdb_assets.storage.misfits import misfit_in_words
from tmdb_assets.storage.segment import JournalLine
from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.models import MovieDetails

LARGEST_ANSWER = 50 << 20
"""Bytes; what is larger is no answer about a film."""

OF_A_BODY = "imported"
"""The fingerprint of an answer of which nobody knows what was asked."""

_LARGEST_ID = (1 << 31) - 1
_NO_FILM = "It is no answer about a film"
_CLOCKS_DIFFER = dt.timedelta(days=1)


class NoFilmError(ValueError):
    """A file is not an answer about a film; the text says why."""


class _Released(msgspec.Struct):
    release_date: str | None = None


class KeptAnswer(msgspec.Struct):
    """An answer in a folder, and no more of its body than the film's date."""

    tmdb_id: int
    answered_at: Annotated[dt.datetime, msgspec.Meta(tz=True)]
    outcome: str
    fingerprint: str
    body: _Released | None = None


class LocalFolder:
    """A folder of answers: ``pending/`` are those that nobody has imported yet, ``imported/`` the others.

    Parameters
    ----------
    folder
        Made when the first answer is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pending = folder / "pending"
        self.imported = folder / "imported"

    def holds_answers(self) -> bool:
        """Say whether anything was kept here."""
        return self.pending.exists() or self.imported.exists()

    def keep(self, line: JournalLine) -> None:
        """Put an answer into ``pending/``; when this returns, it is on the disk."""
        self.pending.mkdir(parents=True, exist_ok=True)
        building = self.pending / f".film{line.tmdb_id}-{os.getpid()}-{secrets.token_hex(3)}.tmp"
        try:
            with building.open("wb") as file:
                file.write(msgspec.json.encode(line))
                file.flush()
                os.fsync(file.fileno())
            building.replace(self.pending / f"{line.tmdb_id}.json")
        finally:
            building.unlink(missing_ok=True)

    def known(self, tmdb_id: int, *, now: dt.datetime) -> KeptAnswer | None:
        """Return the newest answer about a film that the folder has, imported or not; None without one.

        Like an import, it does not take what is of a time to come.
        """
        found: list[KeptAnswer] = []
        for folder in (self.pending, self.imported):
            try:
                data = (folder / f"{tmdb_id}.json").read_bytes()
                found.append(msgspec.json.decode(data, type=KeptAnswer))
            except (OSError, msgspec.DecodeError, UnicodeDecodeError):
                continue  # not there, or of no use: it is asked for
        found = [answer for answer in found if answer.answered_at <= now + _CLOCKS_DIFFER]
        return max(found, key=lambda answer: answer.answered_at, default=None)

    def files(self) -> list[Path]:
        """Return what is to be imported: what is in ``pending/``, or else the folder's own files, by name."""
        folder = self.pending if self.pending.is_dir() else self.folder
        return sorted(_json_files(folder), key=lambda path: (len(path.stem), path.stem))

    def others(self) -> list[str]:
        """Return the names of the files beside them that are not looked at."""
        folder = self.pending if self.pending.is_dir() else self.folder
        return sorted(
            path.name
            for path in folder.iterdir()
            if path.is_file() and not path.name.startswith(".") and not path.name.endswith(".json")
        )

    def move(self, path: Path) -> None:
        """Put a file among those that are imported."""
        self.imported.mkdir(exist_ok=True)
        path.replace(self.imported / path.name)

    def remove_leftovers(self) -> None:
        """Remove what killed processes of this machine were writing."""
        remove_leftovers(self.pending.glob(".*.tmp"))


def _json_files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.endswith(".json") and not path.name.startswith(".") and path.name != "origin.json":
            yield path


def read_answer(path: Path, *, now: dt.datetime) -> tuple[JournalLine, MovieDetails | None]:
    """Read a file: a line of the journal, or a body as TMDB sends it.

    Parameters
    ----------
    path
        The file.
    now
        The moment, UTC.

    Returns
    -------
    tuple[JournalLine, MovieDetails | None]
        The answer, and the film; None where TMDB does not have it.

    Raises
    ------
    NoFilmError
        It is something else.
    """
    data, written_at = _content(path)
    try:
        members = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NoFilmError("It is cut, or holds no JSON object.") from None
    if {"tmdb_id", "outcome", "answered_at"} <= members.keys():
        line = _line(data)
    elif "status_message" in members:
        raise NoFilmError(f"It is an error of TMDB: {_text(members['status_message'])}.")
    elif "genre_ids" in members or not {"title", "genres"} <= members.keys():
        raise NoFilmError(f"{_NO_FILM}: a film's details have a title and genres.")
    else:
        line = JournalLine(
            tmdb_id=0, answered_at=written_at, outcome="ok", fingerprint=OF_A_BODY, body=msgspec.Raw(data)
        )
    if line.answered_at.tzinfo is None or line.answered_at > now + _CLOCKS_DIFFER:
        raise NoFilmError(f"Its time, {line.answered_at.isoformat()}, has no zone or is still to come.")
    film = _film(line) if line.outcome == "ok" else None
    if film and line.fingerprint == OF_A_BODY:
        line = msgspec.structs.replace(line, tmdb_id=film.id)
    about = film.id if film else line.tmdb_id
    if not 0 < about <= _LARGEST_ID:
        raise NoFilmError(f"{_NO_FILM}: {about} is no id of TMDB's.")
    if line.tmdb_id != about:
        raise NoFilmError(f"It is about film {about}, and says that it answers about film {line.tmdb_id}.")
    if path.stem.isdecimal() and int(path.stem) != about:
        raise NoFilmError(f"It is about film {about}, not about film {path.stem} as its name says.")
    return line, film


def _text(raw: msgspec.Raw) -> str:
    return bytes(raw).decode(errors="replace")


def _content(path: Path) -> tuple[bytes, dt.datetime]:
    if path.is_symlink() or not path.is_file():
        raise NoFilmError("It is a link, a folder or a device: only files are imported.")
    try:
        facts = path.stat()
        if facts.st_size > LARGEST_ANSWER:
            raise NoFilmError(f"It is larger than {LARGEST_ANSWER >> 20} MB.")
        return path.read_bytes(), dt.datetime.fromtimestamp(facts.st_mtime, dt.UTC)
    except OSError as error:
        raise NoFilmError(f"It cannot be read: {error.strerror}.") from None


def _line(data: bytes) -> JournalLine:
    try:
        line = msgspec.json.decode(data, type=JournalLine)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NoFilmError(f"{_NO_FILM}: {misfit_in_words(str(error))}.") from None
    if line.outcome not in {"ok", "not_found"}:
        raise NoFilmError(f"It is no answer of TMDB, but that the film is {line.outcome}.")
    return line


def _film(line: JournalLine) -> MovieDetails:
    film = decode(bytes(line.body), MovieDetails)
    if not isinstance(film, MovieDetails):
        raise NoFilmError(f"{_NO_FILM}: {misfit_in_words(str(film))}.")
    return film
