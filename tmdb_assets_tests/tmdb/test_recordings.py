"""Every recorded answer of an endpoint that exists decodes as it is, and the models know all of it."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import pytest
from msgspec import inspect

from tmdb_assets.tmdb import models
from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.errors import AuthenticationError, NotFoundError, RateLimitError, ServerError
from tmdb_assets.tmdb.errors import ValidationError as TMDBValidationError
from tmdb_assets.tmdb.mending import type_of
from tmdb_assets.tmdb.recordings.operations import operation_of, operations
from tmdb_assets.tmdb.recordings.report import check_recordings
from tmdb_assets.tmdb.recordings.unknowns import unknowns
from tmdb_assets.tmdb.refusals import refusal
from tmdb_assets_tests.tmdb.conftest import RECORDINGS

SCALARS = (inspect.IntType, inspect.FloatType, inspect.BoolType, inspect.StrType, inspect.NoneType)


def test_every_recorded_answer_decodes_and_nothing_in_it_is_unknown(recordings: list[dict[str, str]]) -> None:
    report = check_recordings(RECORDINGS)

    assert report.files == len(recordings) == report.decoded + report.skipped
    assert report.decoded > 130
    assert (report.failed, report.unknown_fields, report.unknown_values) == ([], [], [])


def test_no_recorded_answer_needs_mending(recordings: list[dict[str, str]]) -> None:
    answers = [
        (json.loads((RECORDINGS / row["file"]).read_text()), found.answer)
        for row in recordings
        if row["http_status"] == "200" and (found := operation_of(row["endpoint"])) is not None
    ]

    read = [msgspec.convert(without_empty_texts(answer), kind) for answer, kind in answers]

    assert len(read) > 100


def test_every_operation_that_the_client_has_was_recorded(recordings: list[dict[str, str]]) -> None:
    recorded = {found.path for row in recordings if (found := operation_of(row["endpoint"])) is not None}

    assert recorded == {operation.path for operation in operations()}


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.path)
def test_no_field_of_an_answer_is_an_untyped_object(operation: Any) -> None:  # noqa: ANN401 -- an Operation
    untyped = list(untyped_fields(type_of(operation.answer), "$"))

    assert untyped == []


def without_empty_texts(value: Any) -> Any:  # noqa: ANN401 -- any JSON
    if isinstance(value, dict):
        return {name: without_empty_texts(item) for name, item in value.items()}
    if isinstance(value, list):
        return [without_empty_texts(item) for item in value]
    return value or None if isinstance(value, str) else value


def untyped_fields(kind: inspect.Type, where: str) -> list[str]:
    """Return the places that may hold anything, or a map without a type for its values."""
    within: list[tuple[inspect.Type, str]] = []
    match kind:
        case inspect.Metadata(type=inner):
            within = [(inner, where)]
        case inspect.UnionType(types=kinds):
            within = [(each, where) for each in kinds]
        case inspect.StructType(fields=fields):
            within = [(field.type, f"{where}.{field.encode_name}") for field in fields]
        case inspect.VarTupleType(item_type=item):
            within = [(item, f"{where}[]")]
        case inspect.DictType(key_type=inspect.StrType(), value_type=value):
            within = [(value, f"{where}.*")]
        case _:
            return [] if isinstance(kind, SCALARS) else [where]
    return [place for each, at in within for place in untyped_fields(each, at)]


def test_what_was_appended_is_there_and_nothing_else(recordings: list[dict[str, str]]) -> None:
    rows = [
        row
        for row in recordings
        if (found := operation_of(row["endpoint"])) is not None and found.path == "/movie/{movie_id}"
    ]
    assert rows
    for row in rows:
        if row["http_status"] != "200":
            continue
        appended = set(filter(None, dict(parse_qsl(row["params"])).get("append_to_response", "").split(",")))
        movie = decode((RECORDINGS / row["file"]).read_bytes(), models.MovieDetails)
        assert isinstance(movie, models.MovieDetails)
        present = {
            field.encode_name
            for field in msgspec.structs.fields(movie)
            if field.default is msgspec.UNSET and getattr(movie, field.name) is not msgspec.UNSET
        }
        assert present == appended, row["file"]


@pytest.mark.parametrize("name", ["account_states", "lists", "releases"])
def test_what_can_only_be_appended_is_known_too(recordings: list[dict[str, str]], name: str) -> None:
    files = [row["file"] for row in recordings if row["file"].startswith(f"movie-_id-{name}/")]
    films = [{"id": 550, name: json.loads((RECORDINGS / file).read_text())} for file in files]

    found = [decode(json.dumps(film).encode(), models.MovieDetails) for film in films]

    assert found
    assert all(getattr(movie, name) is not models.UNSET for movie in found)
    assert [list(unknowns(film, type_of(models.MovieDetails))) for film in films] == [[] for _ in films]


def test_no_text_of_a_recording_becomes_an_empty_text(recordings: list[dict[str, str]]) -> None:
    row = next(row for row in recordings if row["file"].startswith("movie-_id-release_dates/tmdblib"))

    found = decode((RECORDINGS / row["file"]).read_bytes(), models.ReleaseDates)

    assert isinstance(found, models.ReleaseDates)
    releases = [release for country in found.results for release in country.release_dates]
    assert None in {release.certification for release in releases}
    assert "" not in {release.certification for release in releases}


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("errors-400", TMDBValidationError),
        ("errors-401", AuthenticationError),
        ("errors-404", NotFoundError),
        ("errors-422", TMDBValidationError),
        ("errors-429", RateLimitError),
        ("errors-503", ServerError),
    ],
)
def test_every_recorded_error_body_is_understood(
    recordings: list[dict[str, str]], folder: str, kind: type[Exception]
) -> None:
    files: list[Path] = [
        RECORDINGS / row["file"] for row in recordings if row["file"].startswith(f"{folder}/")
    ]

    errors = [refusal(int(folder[-3:]), file.read_bytes()) for file in files]

    assert errors
    assert all(type(error) is kind and error.message for error in errors)
