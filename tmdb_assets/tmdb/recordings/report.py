"""Recordings: a folder of recorded answers, read with the client's models to see where TMDB has moved."""

import codecs
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import msgspec

from tmdb_assets.tmdb.decoding import Unreadable, read
from tmdb_assets.tmdb.mending import type_of
from tmdb_assets.tmdb.recordings.manifest import MANIFEST, Recording, listed
from tmdb_assets.tmdb.recordings.operations import Operation, operation_of
from tmdb_assets.tmdb.recordings.unknowns import Unknown, unknowns
from tmdb_assets.tmdb.refusals import refusal
from tmdb_assets.tmdb.transport.bodies import LARGEST_BYTES

__all__ = [
    "FailedRecording",
    "RecordingsReport",
    "UnknownField",
    "UnknownValue",
    "check_recordings",
]

_SUCCESSES = range(200, 300)


class FailedRecording(msgspec.Struct, frozen=True, kw_only=True):
    """A file that could not be read: at which place in it, and why."""

    file: str
    endpoint: str
    """As the manifest has it."""
    where: str
    why: str


class UnknownField(msgspec.Struct, frozen=True, kw_only=True):
    """A field that a model lacks, such as ``$.credits.cast[].mood`` of ``/movie/{movie_id}``."""

    file: str
    """The first file in which it is."""
    endpoint: str
    field: str
    files: int
    """In how many files it is."""


class UnknownValue(msgspec.Struct, frozen=True, kw_only=True):
    """A value that is none of those that TMDB documents for its field."""

    file: str
    """The first file in which it is."""
    endpoint: str
    field: str
    value: object
    files: int
    """In how many files it is."""


class RecordingsReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a folder; ``files`` is ``decoded`` and ``skipped`` and the failed ones together."""

    files: int
    decoded: int
    skipped: int
    """Answers of operations that the client does not have."""
    failed: list[FailedRecording]
    unknown_fields: list[UnknownField]
    unknown_values: list[UnknownValue]


class _Outcome(NamedTuple):
    failure: FailedRecording | None = None
    is_skipped: bool = False
    endpoint: str = ""
    unknown: tuple[Unknown, ...] = ()


def check_recordings(folder: Path) -> RecordingsReport:
    """Read every answer that a folder's ``manifest.csv`` lists, with the model of its endpoint.

    Parameters
    ----------
    folder
        Its manifest has the columns ``file`` (within the folder), ``endpoint`` (such as
        ``/3/movie/550/credits``) and ``http_status``; others are ignored. Answers with an error's status are
        read as errors.

    Returns
    -------
    RecordingsReport
        How many decode, which fail and where, and what the models do not know.

    Raises
    ------
    RecordingsError
        When there is no folder, or no manifest that can be read.
    """
    recordings = listed(folder)
    failed: list[FailedRecording] = []
    skipped = 0
    files: dict[tuple[str, str, bool, bytes], list[str]] = {}
    for recording in recordings:
        outcome = _checked(folder, recording)
        skipped += outcome.is_skipped
        if outcome.failure is not None:
            failed.append(outcome.failure)
        for unknown in outcome.unknown:
            key = (outcome.endpoint, unknown.field, unknown.is_value, msgspec.json.encode(unknown.value))
            within = files.setdefault(key, [])
            if recording.file not in within[-1:]:
                within.append(recording.file)
    return RecordingsReport(
        files=len(recordings),
        decoded=len(recordings) - len(failed) - skipped,
        skipped=skipped,
        failed=failed,
        unknown_fields=[
            UnknownField(file=within[0], endpoint=endpoint, field=field, files=len(within))
            for (endpoint, field, is_value, _), within in files.items()
            if not is_value
        ],
        unknown_values=[
            UnknownValue(
                file=within[0],
                endpoint=endpoint,
                field=field,
                value=msgspec.json.decode(value),
                files=len(within),
            )
            for (endpoint, field, is_value, value), within in files.items()
            if is_value
        ],
    )


def _checked(folder: Path, recording: Recording) -> _Outcome:
    if recording.torn_line is not None:
        where = f"line {recording.torn_line} of {MANIFEST}"
        return _failed(recording, where, "the line is cut short, or names no file")
    body = _body(folder, recording.file)
    if isinstance(body, str):
        return _failed(recording, "$", body)
    if recording.status not in _SUCCESSES:
        if _is_refusal(recording.status, body):
            return _Outcome()
        return _failed(recording, "$", "it says neither TMDB's code nor a message")
    operation = operation_of(recording.endpoint)
    return _Outcome(is_skipped=True) if operation is None else _decoded(recording, body, operation)


def _decoded(recording: Recording, body: bytes, operation: Operation) -> _Outcome:
    value = read(body, operation.answer)
    if isinstance(value, Unreadable):
        is_error = value.is_json and _is_refusal(HTTPStatus.OK, body)
        return _Outcome() if is_error else _failed(recording, value.where, value.why)
    try:
        sent = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _failed(recording, "$", f"what the model does not know cannot be listed ({error})")
    unknown = tuple(unknowns(sent, type_of(operation.answer)))
    return _Outcome(endpoint=operation.path, unknown=unknown)


def _body(folder: Path, file: str) -> bytes | str:
    """Return a file's bytes, or why it has none."""
    try:
        path = (folder / file).resolve()
        if not path.is_relative_to(folder.resolve()):
            return "the file is outside of the folder"
        if not path.is_file():
            return "it is no file" if path.exists() else "there is no such file"
        if path.stat().st_size > LARGEST_BYTES:
            return f"it is larger than {LARGEST_BYTES // 1_000_000} MB, as no answer is"
        return path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except (OSError, ValueError, RuntimeError) as error:  # the last for links that lead in a circle
        return f"it cannot be read ({getattr(error, 'strerror', None) or error})"


def _is_refusal(status: int, body: bytes) -> bool:
    error = refusal(status, body)
    return error.code is not None or bool(error.message)


def _failed(recording: Recording, where: str, why: str) -> _Outcome:
    return _Outcome(FailedRecording(file=recording.file, endpoint=recording.endpoint, where=where, why=why))
