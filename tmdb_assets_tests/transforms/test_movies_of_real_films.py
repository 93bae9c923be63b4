"""Rows of real films against a few lines of plain Python over the same file."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tmdb_assets.tables import MovieDetail
from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.models import MovieDetails
from tmdb_assets.transforms.movies import movie_detail
from tmdb_assets_tests.tables.rows import AT

_SAME = ("title", "original_title", "original_language", "overview", "tagline", "homepage", "status")
_NUMBERS = ("runtime", "budget", "revenue")
_RATINGS = ("vote_average", "vote_count", "popularity")


def films(path: Path, count: int) -> list[dict[str, Any]]:
    """Return every so many-th film that has a date."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        dated = [film for film in map(json.loads, lines) if film["release_date"]]
    return dated[:: len(dated) // count][:count]


def expected(film: dict[str, Any]) -> dict[str, Any]:
    """Return what the row must say of a film."""
    return {
        "tmdb_id": film["id"],
        "release_date": film["release_date"],
        "release_year": int(film["release_date"][:4]),
        **{name: film[name] or None for name in (*_SAME, *_NUMBERS)},
        **{name: film[name] for name in _RATINGS},
        "genres": [genre["name"] for genre in film["genres"]],
        "genre_ids": [genre["id"] for genre in film["genres"]],
        "keywords": [keyword["name"] for keyword in film["keywords"]],
        "keyword_ids": [keyword["id"] for keyword in film["keywords"]],
        "production_companies": [company["name"] for company in film["production_companies"]],
        "production_company_ids": [company["id"] for company in film["production_companies"]],
        "production_countries": [country["iso_3166_1"] for country in film["production_countries"]],
        "spoken_languages": [language["iso_639_1"] for language in film["spoken_languages"]],
    }


def answered(film: dict[str, Any]) -> bytes:
    """Return TMDB's answer about a film, which nests the keywords once more."""
    return json.dumps({**film, "keywords": {"keywords": film["keywords"]}}).encode()


@pytest.mark.parametrize("count", [50])
def test_rows_of_real_films_equal_what_the_file_says(films_file: Path, count: int) -> None:
    for film in films(films_file, count):
        details = decode(answered(film), MovieDetails)
        assert isinstance(details, MovieDetails)

        row = movie_detail(details, fetched_at=AT, fingerprint="f")

        assert row is not None
        [stored] = MovieDetail.frame([row]).to_dicts()
        values = {name: stored[name] for name in expected(film)}
        values["release_date"] = values["release_date"].isoformat()
        assert values == expected(film)
