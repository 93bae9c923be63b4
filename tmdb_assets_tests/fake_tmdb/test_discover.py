"""Discover selects what a few lines of plain Python select from the file of films."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.fake_tmdb.asking import client_of

Film = dict[str, Any]
DRAMA, COMEDY, HORROR = 18, 35, 27
ALIEN, SPACE, FUTURE = 9951, 9882, 2964


def genres(film: Film) -> set[int]:
    return {genre["id"] for genre in film["genres"]}


def keywords(film: Film) -> set[int]:
    return {keyword["id"] for keyword in film["keywords"]}


@pytest.fixture(scope="module")
def films(films_file: Path) -> list[Film]:
    return [json.loads(line) for line in gzip.open(films_file, "rt")]


def all_pages(client: httpx.Client, query: dict[str, Any]) -> list[Film]:
    first = client.get("/discover/movie", params=query).json()
    found = first["results"]
    for page in range(2, first["total_pages"] + 1):
        found += client.get("/discover/movie", params=query | {"page": page}).json()["results"]
    assert len(found) == first["total_results"]
    return found


CASES: list[tuple[dict[str, Any], Callable[[Film], bool]]] = [
    ({"primary_release_year": 1999}, lambda film: film["release_date"][:4] == "1999"),
    ({"year": 1999}, lambda film: film["release_date"][:4] == "1999"),
    (
        {"primary_release_date.gte": "1999-03-01", "primary_release_date.lte": "2001-07-15"},
        lambda film: "1999-03-01" <= film["release_date"] <= "2001-07-15",
    ),
    ({"primary_release_date.lte": "1960-12-31"}, lambda film: "" < film["release_date"] <= "1960-12-31"),
    (
        {"release_date.gte": "2010-06-01", "release_date.lte": "2010-06-30"},
        lambda film: film["release_date"][:7] == "2010-06",
    ),
    (
        {"primary_release_year": 2011, "vote_count.gte": 200},
        lambda film: film["release_date"][:4] == "2011" and film["vote_count"] >= 200,
    ),
    ({"vote_count.lte": 10}, lambda film: film["vote_count"] <= 10),
    (
        {"vote_average.gte": 8.1, "vote_average.lte": 8.5},
        lambda film: 8.1 <= film["vote_average"] <= 8.5,
    ),
    ({"with_runtime.gte": 180}, lambda film: film["runtime"] >= 180),
    (
        {"with_runtime.gte": 1, "with_runtime.lte": 70},
        lambda film: 1 <= film["runtime"] <= 70,
    ),
    ({"with_keywords": f"{ALIEN},{SPACE}"}, lambda film: {ALIEN, SPACE} <= keywords(film)),
    ({"with_keywords": f"{ALIEN}|{SPACE}"}, lambda film: bool({ALIEN, SPACE} & keywords(film))),
    (
        {"with_keywords": f"{ALIEN}|{SPACE},{FUTURE}"},
        lambda film: bool({ALIEN, SPACE} & keywords(film)) and FUTURE in keywords(film),
    ),
    (
        {"with_keywords": f"{ALIEN}", "without_keywords": f"{SPACE}|{FUTURE}"},
        lambda film: ALIEN in keywords(film) and not {SPACE, FUTURE} & keywords(film),
    ),
    (
        {"with_genres": f"{DRAMA},{COMEDY}", "primary_release_year": 2005},
        lambda film: {DRAMA, COMEDY} <= genres(film) and film["release_date"][:4] == "2005",
    ),
    (
        {"with_genres": f"{DRAMA}|{HORROR}", "without_genres": f"{COMEDY}", "primary_release_year": 2005},
        lambda film: (
            bool({DRAMA, HORROR} & genres(film))
            and COMEDY not in genres(film)
            and film["release_date"][:4] == "2005"
        ),
    ),
    ({"with_original_language": "fr"}, lambda film: film["original_language"] == "fr"),
    ({"with_original_language": "en-US"}, lambda _: False),
    ({"with_keywords": "1|none"}, lambda film: 1 in keywords(film)),
]


@pytest.mark.parametrize(("query", "matches"), CASES, ids=[str(query) for query, _ in CASES])
def test_a_filter_selects_exactly_the_films_that_match(
    real: httpx.Client, films: list[Film], query: dict[str, Any], matches: Callable[[Film], bool]
) -> None:
    found = all_pages(real, query)

    assert sorted(film["id"] for film in found) == sorted(film["id"] for film in films if matches(film))


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("original_title", lambda film: film["original_title"].casefold()),
        ("popularity", lambda film: film["popularity"]),
        ("primary_release_date", lambda film: film["release_date"]),
        ("revenue", lambda film: film["revenue"]),
        ("title", lambda film: film["title"].casefold()),
        ("vote_average", lambda film: film["vote_average"]),
        ("vote_count", lambda film: film["vote_count"]),
    ],
)
def test_every_order_breaks_ties_by_id(
    real: httpx.Client, films: list[Film], field: str, key: Callable[[Film], Any], direction: str
) -> None:
    expected = sorted(films, key=lambda film: film["id"])
    expected = [film for film in expected if film["release_date"][:4] == "2009"]
    expected.sort(key=key, reverse=direction == "desc")

    found = all_pages(real, {"primary_release_year": 2009, "sort_by": f"{field}.{direction}"})

    assert [film["id"] for film in found] == [film["id"] for film in expected]


def test_an_unknown_order_is_by_popularity(real: httpx.Client) -> None:
    usual = real.get("/discover/movie").json()

    assert real.get("/discover/movie", params={"sort_by": "colour.desc"}).json() == usual


def test_totals_are_not_capped() -> None:
    with FakeTMDB(films=10_100) as fake, client_of(fake) as client:
        query = {"include_adult": "true", "include_video": "true"}
        page = client.get("/discover/movie", params=query | {"page": 500}).json()

    assert (page["total_results"], page["total_pages"], len(page["results"])) == (10_100, 505, 20)


def test_an_empty_list_is_one_page_of_nothing(ask: httpx.Client) -> None:
    answer = ask.get("/discover/movie").json()

    assert answer == {"page": 1, "results": [], "total_pages": 1, "total_results": 0}


def test_adult_films_and_videos_are_hidden_unless_asked_for(empty: FakeTMDB, ask: httpx.Client) -> None:
    empty.add_movie(1, "2000-01-01")
    empty.add_movie(2, "2000-01-01", adult=True)
    empty.add_movie(3, "2000-01-01", video=True)

    def ids(**query: str) -> set[int]:
        return {film["id"] for film in ask.get("/discover/movie", params=query).json()["results"]}

    assert ids() == {1}
    assert ids(include_adult="true") == {1, 2}
    assert ids(include_video="true") == {1, 3}
    assert ids(include_adult="true", include_video="true") == {1, 2, 3}


def test_any_release_counts_for_year_but_only_the_first_for_the_primary_year(
    empty: FakeTMDB, ask: httpx.Client
) -> None:
    premiere = {"release_date": "1998-09-10T00:00:00.000Z", "type": 1}
    releases = {"results": [{"iso_3166_1": "CA", "release_dates": [premiere]}]}
    empty.add_movie(1, "1999-02-01", release_dates=releases)

    def count(**query: object) -> int:
        return ask.get("/discover/movie", params=query).json()["total_results"]

    assert count(year=1998) == count(year=1999) == count(primary_release_year=1999) == 1
    assert count(primary_release_year=1998) == 0
    assert count(**{"release_date.gte": "1998-09-01", "release_date.lte": "1998-09-30"}) == 1
    assert count(**{"release_date.gte": "1998-10-01", "release_date.lte": "1998-10-30"}) == 0


def test_popular_films_are_the_most_popular_first_in_pages_of_twenty(
    real: httpx.Client, films: list[Film]
) -> None:
    expected = sorted(films, key=lambda film: (-film["popularity"], film["id"]))[20:40]

    answer = real.get("/movie/popular", params={"page": 2}).json()

    assert [film["id"] for film in answer["results"]] == [film["id"] for film in expected]
    assert (answer["page"], answer["total_results"]) == (2, len(films))


def test_adult_films_and_videos_are_never_popular(empty: FakeTMDB, ask: httpx.Client) -> None:
    empty.add_movie(1, "2000-01-01")
    empty.add_movie(2, "2000-01-01", adult=True)
    empty.add_movie(3, "2000-01-01", video=True)

    answer = ask.get("/movie/popular", params={"include_adult": "true", "include_video": "true"}).json()

    assert [film["id"] for film in answer["results"]] == [1]
