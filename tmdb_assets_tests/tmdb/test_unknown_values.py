"""A value that TMDB has not documented is kept as it came, and reported with its place; so is a new field."""

import json

import pytest

from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.mending import type_of
from tmdb_assets.tmdb.models import MovieDetails
from tmdb_assets.tmdb.recordings.unknowns import Unknown, unknowns

RELEASES = {"results": [{"iso_3166_1": "DE", "release_dates": [{"type": 3}, {"type": 7}]}]}
NEW_VALUES = [
    ({"status": "Postponed"}, "$.status", "Postponed"),
    ({"credits": {"cast": [{"gender": 4}]}}, "$.credits.cast[].gender", 4),
    ({"credits": {"crew": [{"department": "Catering"}]}}, "$.credits.crew[].department", "Catering"),
    ({"release_dates": RELEASES}, "$.release_dates.results[].release_dates[].type", 7),
    ({"videos": {"results": [{"type": "Hologram"}]}}, "$.videos.results[].type", "Hologram"),
    ({"videos": {"results": [{"site": "PeerTube"}]}}, "$.videos.results[].site", "PeerTube"),
    ({"similar": {"results": [{"id": 1, "media_type": "game"}]}}, "$.similar.results[].media_type", "game"),
]
NEW_FIELDS = [
    ({"mood": {"dark": True}}, "$.mood"),
    ({"genres": [{"id": 18, "mood": 1}]}, "$.genres[].mood"),
    ({"watch/providers": {"results": {"DE": {"barter": []}}}}, "$.watch/providers.results.*.barter"),
    ({"belongs_to_collection": {"id": 1, "mood": None}}, "$.belongs_to_collection.mood"),
]


@pytest.mark.parametrize(("fields", "where", "value"), NEW_VALUES)
def test_a_new_value_is_reported_with_its_place(fields: dict[str, object], where: str, value: object) -> None:
    found = list(unknowns({"id": 550, **fields}, type_of(MovieDetails)))

    assert found == [Unknown(where, is_value=True, value=value)]


@pytest.mark.parametrize("fields", [fields for fields, _, _ in NEW_VALUES])
def test_a_new_value_is_no_error(fields: dict[str, object]) -> None:
    assert isinstance(decode(json.dumps({"id": 550, **fields}).encode(), MovieDetails), MovieDetails)


def test_a_new_value_is_kept_as_it_came() -> None:
    found = decode(b'{"id":550,"status":"Postponed"}', MovieDetails)

    assert isinstance(found, MovieDetails)
    assert found.status == "Postponed"


@pytest.mark.parametrize(("fields", "where"), NEW_FIELDS)
def test_a_new_field_is_reported_with_its_place(fields: dict[str, object], where: str) -> None:
    found = list(unknowns({"id": 550, **fields}, type_of(MovieDetails)))

    assert found == [Unknown(where, is_value=False)]


@pytest.mark.parametrize("status", ["Released", "", None])
def test_a_known_value_and_a_missing_one_are_not_reported(status: str | None) -> None:
    assert list(unknowns({"id": 550, "status": status, "credits": None}, type_of(MovieDetails))) == []
