"""Every recorded answer of an endpoint that exists decodes, and no field of it is unknown to the models."""

import re
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin
from urllib.parse import parse_qsl

import msgspec
import pytest

from tmdb_assets.tmdb import models
from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.errors import (
    AuthenticationError,
    DecodeError,
    NotFoundError,
    RateLimitError,
    ServerError,
)
from tmdb_assets.tmdb.errors import ValidationError as TMDBValidationError
from tmdb_assets.tmdb.refusals import refusal
from tmdb_assets_tests.tmdb.conftest import RECORDINGS

ANSWERS: dict[str, Any] = {
    r"/movie/popular": models.Page[models.MovieListItem],
    r"/movie/[^/]+": models.MovieDetails,
    r"/movie/[^/]+/alternative_titles": models.AlternativeTitles,
    r"/movie/[^/]+/credits": models.Credits,
    r"/movie/[^/]+/external_ids": models.ExternalIds,
    r"/movie/[^/]+/images": models.Images,
    r"/movie/[^/]+/keywords": models.Keywords,
    r"/movie/[^/]+/recommendations": models.Page[models.MovieListItem],
    r"/movie/[^/]+/release_dates": models.ReleaseDates,
    r"/movie/[^/]+/reviews": models.Page[models.Review],
    r"/movie/[^/]+/similar": models.Page[models.MovieListItem],
    r"/movie/[^/]+/translations": models.Translations,
    r"/movie/[^/]+/videos": models.Videos,
    r"/movie/[^/]+/watch/providers": models.WatchProviders,
    r"/discover/movie": models.Page[models.MovieListItem],
    r"/search/movie": models.Page[models.MovieListItem],
    r"/search/keyword": models.Page[models.Keyword],
    r"/keyword/[^/]+": models.Keyword,
    r"/find/[^/]+": models.FindResults,
    r"/genre/movie/list": models.Genres,
    r"/configuration": models.Configuration,
}
NOT_IDS = {"latest", "now_playing", "top_rated", "upcoming", "changes"}


def answer_type(endpoint: str) -> Any:  # noqa: ANN401 -- any model - a model, or a page of one
    path = endpoint.removeprefix("/3")
    if path.rpartition("/")[2] in NOT_IDS:
        return None
    return next((kind for pattern, kind in ANSWERS.items() if re.fullmatch(pattern, path)), None)


def unknown_fields(value: object, kind: Any, where: str = "$") -> list[str]:  # noqa: ANN401 -- any model
    """Return the places of fields that the model lacks."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        kinds = [each for each in arguments if each not in {type(None), msgspec.UnsetType}]
        return unknown_fields(value, kinds[0], where) if value is not None else []
    if isinstance(value, list) and origin is tuple:
        return [place for item in value for place in unknown_fields(item, arguments[0], where + "[]")]
    if isinstance(value, dict) and origin is dict:
        return [
            place for item in value.values() for place in unknown_fields(item, arguments[1], where + "{}")
        ]
    if isinstance(value, dict):
        fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
        return [
            place
            for name, item in value.items()
            for place in (
                unknown_fields(item, fields[name], f"{where}.{name}")
                if name in fields
                else [f"{where}.{name}"]
            )
        ]
    return []


def test_every_recorded_answer_decodes_and_no_field_is_unknown(recordings: list[dict[str, str]]) -> None:
    covered = [
        (row["file"], kind)
        for row in recordings
        if row["http_status"] == "200" and (kind := answer_type(row["endpoint"])) is not None
    ]

    failed = {
        file: (value.where, str(value))
        for file, kind in covered
        if isinstance(value := decode((RECORDINGS / file).read_bytes(), kind), DecodeError)
    }
    unknown = {
        place
        for file, kind in covered
        for place in unknown_fields(msgspec.json.decode((RECORDINGS / file).read_bytes()), kind, file)
    }

    assert len(covered) > 100
    assert failed == {}
    assert unknown == set()


def test_what_was_appended_is_there_and_nothing_else(recordings: list[dict[str, str]]) -> None:
    rows = [row for row in recordings if answer_type(row["endpoint"]) is models.MovieDetails]
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
