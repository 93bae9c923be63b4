"""Every endpoint is compared with every recording of it, field by field and type by type, both ways.

Allowed are only: a null where TMDB.md or TMDB's documentation says that it occurs (``NULLABLE``), items of
lists of people and series, which the fake never finds (``NOT_FILMS``), and what lies beneath an array, object
or null that is empty in all answers of one side: that says nothing about what may be in it.
"""

import csv
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.fake_tmdb.details import SUBRESOURCES
from tmdb_assets_tests.fake_tmdb.asking import SHARED, client_of
from tmdb_assets_tests.fake_tmdb.shapes import Shape, shape_of

RECORDINGS = SHARED / "tmdb" / "recordings"
FILMS = 40

NULLABLE = frozenset({"backdrop_path", "belongs_to_collection", "facebook_id", "imdb_id", "poster_path"})
NOT_FILMS = ("person_results", "tv_results", "tv_episode_results", "tv_season_results")
ENDPOINTS = {
    "configuration": ["/configuration"],
    "configuration-languages": ["/configuration/languages"],
    "genre-movie-list": ["/genre/movie/list"],
    "search-keyword": ["/search/keyword?query=love", "/search/keyword?query=nothing+like+it"],
    "keyword-_id": ["/keyword/1862"],
    "discover-movie": [f"/discover/movie?page={page}" for page in range(1, 8)]
    + ["/discover/movie?year=1800"],
    "movie-popular": [f"/movie/popular?page={page}" for page in range(1, 8)],
    "search-movie": ["/search/movie?query=the", "/search/movie?query=the&page=2"],
    "find-_id": ["/find/{imdb_id}?external_source=imdb_id", "/find/tt0?external_source=imdb_id"],
    "movie-_id": [
        "/movie/{id}",
        "/movie/{id}?language=de",
        "/movie/{imdb_id}?append_to_response=credits,images,keywords",
    ],
} | {f"movie-_id-{name.replace('/', '-')}": ["/movie/{id}/" + name] for name in sorted(SUBRESOURCES)}


@pytest.fixture(scope="module")
def fictional() -> Iterator[httpx.Client]:
    with FakeTMDB(films=300) as fake, client_of(fake) as client:
        yield client


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_fictional_answers_look_like_the_recorded_ones(fictional: httpx.Client, endpoint: str) -> None:
    recorded = recorded_shape(endpoint)

    served = shape_of(answers(fictional, ENDPOINTS[endpoint]))

    assert list(missing(recorded, served)) == []
    assert list(unknown(served, recorded)) == []


def test_changes_look_like_the_recorded_ones() -> None:
    recorded = recorded_shape("movie-changes")

    with FakeTMDB(films=0) as fake, client_of(fake) as client:
        fake.add_movie(1, "2020-01-01")
        fake.add_movie(2, "")
        served = shape_of(answers(client, ["/movie/changes"]))

    assert list(missing(recorded, served)) == []
    assert list(unknown(served, recorded)) == []


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_answers_from_a_film_file_look_like_the_recorded_ones(real: httpx.Client, endpoint: str) -> None:
    recorded = recorded_shape(endpoint)

    served = shape_of(answers(real, ENDPOINTS[endpoint]))

    assert list(unknown(served, recorded)) == []
    assert [path for path in missing(recorded, served) if not is_unknown_to_the_file(path, served)] == []


@pytest.mark.parametrize(
    ("path", "recording"),
    [
        ("/movie/999999999", "errors-404/tmdblib__movie-999999999.json"),
        ("/movie/999999999/keywords", "errors-404/tmdblib__movie-999999999-keywords.json"),
        ("/discover/movie?page=501", "errors-400/quoted__page_501_code22_2024plus.json"),
        (
            "/movie/{id}?append_to_response=" + "credits," * 21,
            "errors-400/quoted__append_over_20_code27.json",
        ),
        ("/configuration?api_key=", "errors-401/docs__authentication-validate-key_401.json"),
    ],
)
def test_refusals_are_the_recorded_ones(fictional: httpx.Client, path: str, recording: str) -> None:
    film = fictional.get("/discover/movie").json()["results"][0]

    answer = ask(fictional, path.format(id=film["id"]))

    assert answer.json() == json.loads(recordings_of(recording)[0].read_text())


def recordings_of(pattern: str) -> list[Any]:
    if not RECORDINGS.exists():
        pytest.skip("the recordings are not beside this checkout")
    return sorted(RECORDINGS.glob(pattern))


def recorded_shape(endpoint: str) -> Shape:
    paths = recordings_of(f"{endpoint}/*.json")
    with (RECORDINGS / "manifest.csv").open() as manifest:
        listed = [row["file"] for row in csv.DictReader(manifest) if row["file"].startswith(f"{endpoint}/")]
    assert len(paths) == len(listed) > 0
    return shape_of(json.loads(path.read_text()) for path in paths)


def answers(client: httpx.Client, urls: list[str]) -> Iterator[Any]:
    films = [
        film
        for page in (1, 2, 3)
        for film in client.get("/discover/movie", params={"page": page}).json()["results"]
    ]
    for url in urls:
        if "{" not in url:
            yield ask(client, url).json()
            continue
        for film in films[:FILMS]:
            imdb_id = client.get(f"/movie/{film['id']}").json()["imdb_id"] or film["id"]
            answer = ask(client, url.format(id=film["id"], imdb_id=imdb_id))
            assert answer.status_code == 200
            yield answer.json()


def ask(client: httpx.Client, url: str) -> httpx.Response:
    path, _, query = url.partition("?")
    return client.get(path, params=dict(parse_qsl(query, keep_blank_values=True)))


def missing(recorded: Shape, served: Shape) -> Iterator[str]:
    """Name every recorded field that is not served, or never with a type that was recorded."""
    for path, types in recorded.items():
        if path.startswith(tuple(f".{name}[]" for name in NOT_FILMS)):
            continue
        if path not in served or types.isdisjoint(served[path]):
            yield path


def unknown(served: Shape, recorded: Shape) -> Iterator[str]:
    """Name every served field that was never recorded, or not with that type."""
    for path, types in served.items():
        nullable = {"null"} if path.rpartition(".")[2] in NULLABLE else set[str]()
        if path not in recorded:
            if not is_beneath_nothing(path, recorded):
                yield path
        elif extra := types - recorded[path] - nullable:
            yield f"{path}: {extra}"


def is_unknown_to_the_file(path: str, served: Shape) -> bool:
    """Say whether a field is null or lies beneath nothing: the file has no images, people, IMDb ids."""
    return is_beneath_nothing(path, served) or served.get(path) == {"null"}


def is_beneath_nothing(path: str, shape: Shape) -> bool:
    """Say whether a path lies beneath an array or object that is empty or null throughout a shape."""
    for end in [place for place, char in enumerate(path) if char in ".["]:
        parent = path[:end]
        if parent in shape and not any(each.startswith((f"{parent}.", f"{parent}[")) for each in shape):
            return True
    return False
