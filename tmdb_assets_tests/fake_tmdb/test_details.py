"""A film's details: appended sub-resources, languages, images and videos of a language."""

import httpx
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB

TRANSLATIONS = [
    {
        "iso_639_1": "de",
        "iso_3166_1": "DE",
        "data": {"title": "Der Film", "overview": "Ein Film.", "tagline": "Nur einer."},
    },
    {"iso_639_1": "de", "iso_3166_1": "AT", "data": {"title": "A Füm", "overview": "", "tagline": ""}},
]
IMAGES = {
    "backdrops": [],
    "logos": [],
    "posters": [{"iso_639_1": code, "file_path": f"/{code}.jpg"} for code in ("en", "de", None)],
}
VIDEOS = [{"iso_639_1": code, "key": code} for code in ("en", "de")]


@pytest.fixture
def film(empty: FakeTMDB) -> int:
    empty.add_movie(
        7,
        "2001-02-03",
        9951,
        title="The Film",
        original_title="Le Film",
        original_language="fr",
        overview="A film.",
        tagline="Only one.",
        translations=TRANSLATIONS,
        images=IMAGES,
        videos=VIDEOS,
    )
    return 7


def test_unknown_names_are_ignored_and_known_ones_appended_without_an_id(
    ask: httpx.Client, film: int
) -> None:
    names = "credits,nonsense,watch/providers,keywords"

    answer = ask.get(f"/movie/{film}", params={"append_to_response": names}).json()

    assert "nonsense" not in answer
    assert answer["credits"] == {"cast": [], "crew": []}
    assert answer["watch/providers"] == {"results": {}}
    assert answer["keywords"] == {"keywords": [{"id": 9951, "name": "keyword 9951"}]}
    assert ask.get(f"/movie/{film}/credits").json() == {"id": film, "cast": [], "crew": []}


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (None, ("The Film", "A film.", "Only one.")),
        ("en-US", ("The Film", "A film.", "Only one.")),
        ("de-DE", ("Der Film", "Ein Film.", "Nur einer.")),
        ("de", ("Der Film", "Ein Film.", "Nur einer.")),
        ("de-AT", ("A Füm", "", "")),
        ("fr", ("Le Film", "", "")),
        ("it-IT", ("Le Film", "", "")),
    ],
)
def test_a_language_is_not_replaced_by_another(
    ask: httpx.Client, film: int, language: str | None, texts: tuple[str, str, str]
) -> None:
    query = {"language": language} if language else {}

    answer = ask.get(f"/movie/{film}", params=query).json()
    listed = ask.get("/discover/movie", params=query).json()["results"][0]

    assert (answer["title"], answer["overview"], answer["tagline"]) == texts
    assert (listed["title"], listed["overview"]) == texts[:2]


@pytest.mark.parametrize(
    ("query", "posters"),
    [
        ({}, ["/en.jpg", "/de.jpg", "/None.jpg"]),
        ({"language": "de-DE"}, ["/de.jpg"]),
        ({"language": "de", "include_image_language": "en,null"}, ["/en.jpg", "/None.jpg"]),
        ({"include_image_language": "null"}, ["/None.jpg"]),
    ],
)
def test_a_language_filters_the_images(
    ask: httpx.Client, film: int, query: dict[str, str], posters: list[str]
) -> None:
    alone = ask.get(f"/movie/{film}/images", params=query).json()
    appended = ask.get(f"/movie/{film}", params=query | {"append_to_response": "images"}).json()["images"]

    assert [image["file_path"] for image in alone["posters"]] == posters
    assert appended["posters"] == alone["posters"]


def test_videos_are_those_of_the_language(ask: httpx.Client, film: int) -> None:
    english = ask.get(f"/movie/{film}/videos").json()["results"]
    german = ask.get(f"/movie/{film}/videos", params={"language": "de"}).json()["results"]

    assert ([video["key"] for video in english], [video["key"] for video in german]) == (["en"], ["de"])


def test_recommended_films_share_keywords_and_similar_ones_genres(empty: FakeTMDB, ask: httpx.Client) -> None:
    drama, horror = [{"id": 18, "name": "Drama"}], [{"id": 27, "name": "Horror"}]
    empty.add_movie(1, "2001-01-01", 5, 6, genres=drama)
    empty.add_movie(2, "1950-01-01", 5, 6, genres=horror)
    empty.add_movie(3, "1950-01-01", 5, genres=horror)
    empty.add_movie(4, "2001-05-05", genres=drama)

    recommended = ask.get("/movie/1/recommendations").json()
    similar = ask.get("/movie/1/similar").json()

    assert [film["id"] for film in recommended["results"]] == [2, 3]
    assert recommended["results"][0]["media_type"] == "movie"
    assert [film["id"] for film in similar["results"]] == [4]
    assert similar["total_results"] == 1


def test_changed_and_removed_films_answer_so_at_once(empty: FakeTMDB, ask: httpx.Client, film: int) -> None:
    empty.update_movie(
        film, title="Another", release_date="1990-01-01", keywords=[{"id": 3, "name": "three"}]
    )
    changed = ask.get(f"/movie/{film}").json()
    moved = ask.get("/discover/movie", params={"primary_release_year": 1990, "with_keywords": 3}).json()
    empty.remove_movie(film)

    assert (changed["title"], changed["overview"]) == ("Another", "A film.")
    assert moved["total_results"] == 1
    assert ask.get(f"/movie/{film}").status_code == 404
    assert ask.get("/discover/movie").json()["total_results"] == 0
    assert ask.get("/search/movie", params={"query": "another"}).json()["total_results"] == 0


def test_a_fictional_film_can_be_changed() -> None:
    with (
        FakeTMDB(films=20) as fake,
        httpx.Client(base_url=fake.base_url, params={"api_key": "0" * 32}) as client,
    ):
        film = client.get("/discover/movie").json()["results"][0]
        before = client.get(f"/movie/{film['id']}", params={"append_to_response": "credits"}).json()
        fake.update_movie(film["id"], budget=123_456)
        after = client.get(f"/movie/{film['id']}", params={"append_to_response": "credits"}).json()

    assert after == before | {"budget": 123_456}
