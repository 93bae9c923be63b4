"""Searching for films and keywords, and finding films by IMDb's id."""

import httpx
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.fake_tmdb.search import is_within_one_edit, matching_keywords


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("amelie", "Amélie"),
        ("AMÉLIE", "Amélie"),
        ("spiderman", "Spider-Man"),
        ("Spider Man", "Spider-Man"),
        ("angels and demons", "Angels & Demons"),
        ("world's end", "Pirates of the Caribbean: At World's End"),
        ("worlds end pirates", "Pirates of the Caribbean: At World's End"),
        ("le fabuleux destin d'amelie poulain", "Amélie"),
        ("千と千尋の神隠し", "Spirited Away"),
    ],
)
def test_case_accents_and_punctuation_do_not_matter(real: httpx.Client, query: str, title: str) -> None:
    found = real.get("/search/movie", params={"query": query}).json()["results"]

    assert title in [film["title"] for film in found]


def test_the_whole_title_comes_first(real: httpx.Client) -> None:
    found = real.get("/search/movie", params={"query": "alien"}).json()["results"]

    assert found[0]["title"] == "Alien"
    assert len(found) > 1


def test_alternative_and_translated_titles_are_found(empty: FakeTMDB, ask: httpx.Client) -> None:
    translations = [{"iso_639_1": "de", "iso_3166_1": "DE", "data": {"title": "Sieben Leben"}}]
    empty.add_movie(
        1,
        "2000-01-01",
        title="Seven Lives",
        alternative_titles=[{"iso_3166_1": "FR", "title": "Sept vies", "type": ""}],
        translations=translations,
    )

    for query in ("seven", "sept vies", "sieben leben"):
        assert ask.get("/search/movie", params={"query": query}).json()["total_results"] == 1


def test_years_narrow_a_search(empty: FakeTMDB, ask: httpx.Client) -> None:
    premiere = {"release_date": "1998-09-10T00:00:00.000Z", "type": 1}
    empty.add_movie(
        1,
        "1999-02-01",
        title="Dune",
        release_dates=[{"iso_3166_1": "CA", "release_dates": [premiere]}],
    )
    empty.add_movie(2, "2021-09-15", title="Dune")

    def ids(**query: object) -> list[int]:
        answer = ask.get("/search/movie", params={"query": "dune", **query}).json()
        return sorted(film["id"] for film in answer["results"])

    assert ids() == [1, 2]
    assert ids(primary_release_year=2021) == [2]
    assert ids(primary_release_year=1998) == []
    assert ids(year=1998) == [1]


def test_adult_films_are_found_only_when_asked_for(empty: FakeTMDB, ask: httpx.Client) -> None:
    empty.add_movie(1, "2000-01-01", title="Night", adult=True)

    hidden = ask.get("/search/movie", params={"query": "night"}).json()
    shown = ask.get("/search/movie", params={"query": "night", "include_adult": "true"}).json()

    assert (hidden["total_results"], shown["total_results"]) == (0, 1)


def test_keywords_come_exact_first_then_with_its_words_then_around_it_then_nearly_spelled_so() -> None:
    names = ["pilot", "plot twist", "lot", "plotinus", "ploy", "gunpowder plot", "plot", "plan", "complot"]
    keywords = dict(enumerate(names))

    found = [keywords[each] for each in matching_keywords(keywords, "Plot")]

    assert found[0] == "plot"
    assert found[1:3] == ["gunpowder plot", "plot twist"]
    assert found[3:5] == ["complot", "plotinus"]
    assert sorted(found[5:]) == ["lot", "pilot", "ploy"]


def test_the_typo_tolerant_search_brings_wrong_keywords_too() -> None:
    with FakeTMDB(films=0) as fake:
        answer = httpx.get(
            f"{fake.base_url}/search/keyword", params={"query": "drag", "api_key": "0" * 32}
        ).json()

    names = [keyword["name"] for keyword in answer["results"]]
    assert names[0] == "drag"
    assert {"drag queen", "dragon", "dragonfly"} <= set(names)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("plot", "plot", True),
        ("plot", "pilot", True),
        ("plot", "lot", True),
        ("plot", "ploy", True),
        ("plot", "plots", True),
        ("plot", "spot", False),
        ("plot", "polt", False),
        ("", "a", True),
        ("", "ab", False),
    ],
)
def test_one_edit_puts_in_leaves_out_or_exchanges_a_letter(one: str, other: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert is_within_one_edit(one, other) is is_within_one_edit(other, one) is expected


def test_a_film_is_found_by_its_imdb_id(empty: FakeTMDB, ask: httpx.Client) -> None:
    empty.add_movie(1, "2000-01-01", imdb_id="tt0000001")

    known = ask.get("/find/tt0000001", params={"external_source": "imdb_id"}).json()
    unknown = ask.get("/find/tt0000002", params={"external_source": "imdb_id"}).json()

    assert [film["id"] for film in known["movie_results"]] == [1]
    assert known["movie_results"][0]["media_type"] == "movie"
    assert all(found == [] for found in unknown.values())
    assert len(unknown) == 5


def test_a_keyword_can_die_and_another_take_its_name(empty: FakeTMDB, ask: httpx.Client) -> None:
    empty.add_keyword(11, "solarpunk")
    empty.remove_keyword(11)
    empty.add_keyword(12, "solarpunk")

    assert ask.get("/keyword/11").status_code == 404
    assert ask.get("/keyword/12").json() == {"id": 12, "name": "solarpunk"}
    found = ask.get("/search/keyword", params={"query": "solarpunk"}).json()["results"]
    assert found == [{"id": 12, "name": "solarpunk"}]
