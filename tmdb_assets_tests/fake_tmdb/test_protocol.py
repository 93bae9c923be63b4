"""HTTP as TMDB speaks it: credentials, refusals, compression, caching, the header of the fake."""

import httpx
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.fake_tmdb.asking import KEY

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiIxIn0.c2lnbmF0dXJl"
REFUSED = {
    "success": False,
    "status_code": 7,
    "status_message": "Invalid API key: You must be granted a valid key.",
}


@pytest.mark.parametrize(
    ("query", "headers"),
    [({"api_key": KEY}, {}), ({}, {"Authorization": f"Bearer {TOKEN}"})],
    ids=["v3 key in the query", "v4 token as Bearer"],
)
def test_a_credential_of_either_kind_opens_the_api(
    empty: FakeTMDB, query: dict[str, str], headers: dict[str, str]
) -> None:
    answer = httpx.get(f"{empty.base_url}/configuration", params=query, headers=headers)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ({}, {}),
        ({"api_key": "short"}, {}),
        ({"api_key": TOKEN}, {}),
        ({}, {"Authorization": f"Bearer {KEY}"}),
        ({}, {"Authorization": TOKEN}),
    ],
    ids=["none", "malformed", "token as key", "key as Bearer", "no scheme"],
)
def test_any_other_credential_is_refused(
    empty: FakeTMDB, query: dict[str, str], headers: dict[str, str]
) -> None:
    answer = httpx.get(f"{empty.base_url}/configuration", params=query, headers=headers)

    assert (answer.status_code, answer.json()) == (401, REFUSED)


def test_only_the_credential_that_was_given_opens_the_api() -> None:
    with FakeTMDB(films=0, api_key=KEY) as fake:
        right = httpx.get(f"{fake.base_url}/configuration", params={"api_key": KEY})
        wrong = httpx.get(f"{fake.base_url}/configuration", params={"api_key": KEY[::-1]})

    assert (right.status_code, wrong.status_code) == (200, 401)


@pytest.mark.parametrize(
    "path", ["/movie/1", "/movie/abc", "/keyword/1", "/movie/1/credits", "/tv/1", "/nothing"]
)
def test_what_is_not_there_is_not_found(ask: httpx.Client, path: str) -> None:
    answer = ask.get(path)

    assert answer.status_code == 404
    assert answer.json() == {
        "success": False,
        "status_code": 34,
        "status_message": "The resource you requested could not be found.",
    }


@pytest.mark.parametrize("page", ["0", "501", "-1", "one", "1.5"])
def test_a_page_outside_1_to_500_is_refused(ask: httpx.Client, page: str) -> None:
    answer = ask.get("/discover/movie", params={"page": page})

    assert (answer.status_code, answer.json()["status_code"]) == (400, 22)


def test_more_than_twenty_appended_names_are_refused(empty: FakeTMDB, ask: httpx.Client) -> None:
    empty.add_movie(1, "2000-01-01")

    twenty = ask.get("/movie/1", params={"append_to_response": ",".join(["credits"] * 20)})
    more = ask.get("/movie/1", params={"append_to_response": ",".join(["credits"] * 21)})

    assert twenty.status_code == 200
    assert (more.status_code, more.json()["status_code"]) == (400, 27)


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("/discover/movie", {"primary_release_date.gte": "soon"}, 400, 23),
        ("/discover/movie", {"vote_count.gte": "many"}, 422, 5),
        ("/discover/movie", {"year": "19x9"}, 422, 5),
        ("/search/movie", {}, 422, 5),
        ("/search/movie", {"query": "film", "primary_release_year": "x"}, 422, 5),
        ("/find/tt1", {}, 422, 5),
    ],
)
def test_a_parameter_that_cannot_be_read_is_refused(
    ask: httpx.Client, path: str, query: dict[str, str], status: int, code: int
) -> None:
    answer = ask.get(path, params=query)

    assert (answer.status_code, answer.json()["status_code"]) == (status, code)


def test_answers_are_compressed_when_asked_for(ask: httpx.Client) -> None:
    plain = ask.get("/configuration", headers={"Accept-Encoding": "identity"})
    compressed = ask.get("/configuration", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert int(compressed.headers["Content-Length"]) < int(plain.headers["Content-Length"])
    assert compressed.json() == plain.json()


def test_an_unchanged_answer_need_not_be_sent_again(empty: FakeTMDB, ask: httpx.Client) -> None:
    empty.add_movie(1, "2000-01-01")
    first = ask.get("/movie/1")

    again = ask.get("/movie/1", headers={"If-None-Match": first.headers["ETag"]})
    empty.update_movie(1, title="Another")
    changed = ask.get("/movie/1", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=28800"
    assert first.headers["ETag"].startswith('W/"')
    assert (again.status_code, again.content) == (304, b"")
    assert (changed.status_code, changed.json()["title"]) == (200, "Another")


@pytest.mark.parametrize("path", ["/3/configuration", "/3/movie/1", "/elsewhere", "/__stats__"])
def test_every_answer_says_that_it_is_a_fake(empty: FakeTMDB, ask: httpx.Client, path: str) -> None:
    answer = ask.get(empty.base_url.removesuffix("/3") + path)

    assert answer.headers["X-Fake-TMDB"] == "fictional; seed=1; films=0"
