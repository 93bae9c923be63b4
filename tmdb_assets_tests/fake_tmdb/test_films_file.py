"""Films from a file: every value as it is, honest empties for the rest."""

import gzip
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.fake_tmdb.asking import client_of


@pytest.fixture(scope="module")
def films(films_file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.open(films_file, "rt")]


def test_every_value_of_the_file_is_served_as_it_is(real: httpx.Client, films: list[dict[str, Any]]) -> None:
    for film in films[::50]:
        served = real.get(f"/movie/{film['id']}", params={"append_to_response": "keywords"}).json()
        served["keywords"] = served["keywords"]["keywords"]

        assert all(contains(served[name], value) for name, value in film.items()), film["id"]


def test_a_file_of_thousands_is_read_in_a_moment(films_file: Path) -> None:
    started = time.process_time()

    FakeTMDB(films_file=films_file)

    assert time.process_time() - started < 2


def test_what_the_file_lacks_is_empty(real: httpx.Client) -> None:
    names = "credits,external_ids,images,videos,release_dates,watch/providers"

    film = real.get("/movie/19995", params={"append_to_response": names}).json()

    assert (film["imdb_id"], film["poster_path"], film["belongs_to_collection"]) == (None, None, None)
    assert (film["adult"], film["video"], film["origin_country"]) == (False, False, [])
    assert film["credits"] == {"cast": [], "crew": []}
    assert film["images"] == {"backdrops": [], "logos": [], "posters": []}
    assert film["watch/providers"] == {"results": {}}
    assert film["external_ids"]["imdb_id"] is None


def test_a_line_may_carry_sub_resources(tmp_path: Path) -> None:
    film = {
        "id": 7,
        "title": "Seven",
        "release_date": "2001-02-03",
        "imdb_id": "tt0000007",
        "adult": True,
        "credits": {"cast": [{"id": 1, "name": "One"}], "crew": []},
        "videos": [{"iso_639_1": "en", "key": "k"}],
        "softcore": False,
    }
    path = tmp_path / "films.jsonl"
    path.write_text(json.dumps(film) + "\n\n")

    with FakeTMDB(films_file=path) as fake, client_of(fake) as client:
        served = client.get("/movie/tt0000007", params={"append_to_response": "credits,videos,external_ids"})

    assert served.headers["X-Fake-TMDB"] == "films-file; name=films.jsonl; films=1"
    assert (served.json()["adult"], served.json()["softcore"]) == (True, False)
    assert served.json()["credits"]["cast"] == film["credits"]["cast"]
    assert served.json()["videos"]["results"] == film["videos"]
    assert served.json()["external_ids"]["imdb_id"] == "tt0000007"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"id": 1}\n{"id": ', r"films.jsonl, line 2 is not a JSON object"),
        (b"[1]\n", r"films.jsonl, line 1 is not a JSON object"),
        (b'{"title": "No id"}\n', r"films.jsonl, line 1 is not a film: it has no integer id"),
        (b'{"id": 1, "genres": [1]}\n', r"films.jsonl, line 1 has not the shape of a TMDB film"),
        (b'{"id": 1}\n\n{"id": 1}\n', r"films.jsonl, line 3: film 1 is already in line 1"),
        (gzip.compress(b'{"id": 1}' * 99, mtime=0)[:-9], r"films.jsonl is not a whole gzip file"),
    ],
    ids=["cut off", "an array", "no id", "wrong shape", "twice", "half a gzip file"],
)
def test_an_unreadable_line_is_one_clear_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "films.jsonl"
    path.write_bytes(content)

    with pytest.raises(ValueError, match=sentence):
        FakeTMDB(films_file=path)


def contains(served: object, value: object) -> bool:
    """Say whether what is served has every value of the file; objects may have gained fields."""
    match value:
        case list():
            return len(served) == len(value) and all(map(contains, served, value))
        case dict():
            return all(contains(served[name], each) for name, each in value.items())
        case _:
            return served == value and type(served) is type(value)
