"""Pictures: every path of the fake's films is a drawing of its own, in every size, for everyone."""

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.fake_tmdb.options import FakeOptions
from tmdb_assets.fake_tmdb.pictures.canvas import Canvas, Place
from tmdb_assets.fake_tmdb.pictures.designs import COMPOSITIONS, FACES, Compose, Subject
from tmdb_assets.fake_tmdb.pictures.gallery import picture
from tmdb_assets.fake_tmdb.pictures.lettering import Box, Typeface, title_lines
from tmdb_assets.fake_tmdb.pictures.palettes import PALETTES, Palette, contrast
from tmdb_assets_tests.fake_tmdb.asking import client_of

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = {
    "a tag": "<script>alert('x')</script>",
    "an entity": "Tom & Jerry &amp; Co",
    "quotes": "\"Say 'When'\"",
    "two hundred letters": "A" * 200,
    "two hundred characters": ("word " * 40).strip(),
    "two thousand characters": "The End " * 250,
    "emoji": "🎬 Movie 👩‍👩‍👧 Night",
    "Japanese": "千と千尋の神隠し",
    "Hebrew": "שלום עולם",
    "Arabic": "قصة حب في القاهرة",
    "Hindi": "अपराजितो",
    "control characters": "Null\x00 and \x1b[31m \ufffe",
    "blanks": "   ",
    "nothing": "",
}


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeTMDB]:
    with FakeTMDB(films=60) as fake:
        yield fake


@pytest.fixture(scope="module")
def pictures(fake: FakeTMDB) -> Iterator[httpx.Client]:
    """Ask for pictures, with no credential."""
    with httpx.Client(base_url=fake.image_base_url) as client:
        yield client


@pytest.fixture(scope="module")
def films(fake: FakeTMDB) -> list[dict[str, Any]]:
    """Return films with their images and their cast."""
    with client_of(fake) as client:
        listed = client.get("/discover/movie").json()["results"]
        parts = {"append_to_response": "credits,images,reviews,watch/providers"}
        return [client.get(f"/movie/{film['id']}", params=parts).json() for film in listed]


def parsed(svg: str) -> ET.Element:
    """Read a picture as XML; ParseError when it is none."""
    return ET.fromstring(svg)  # noqa: S314 -- our own


def words_of(svg: str) -> str:
    """Return what is written on a picture."""
    return " ".join(text for each in parsed(svg).iter(f"{SVG}text") if (text := each.text))


def size_of(answer: httpx.Response) -> tuple[int, int]:
    root = parsed(answer.text)
    return int(root.attrib["width"]), int(root.attrib["height"])


def paths_in(value: object) -> Iterator[str]:
    """Return every path of a picture in an answer."""
    match value:
        case dict():
            yield from (path for name, path in value.items() if name.endswith("_path") and path)
            for each in value.values():
                yield from paths_in(each)
        case list():
            for each in value:
                yield from paths_in(each)
        case _:
            pass


def test_every_path_in_a_films_answer_is_a_picture(
    pictures: httpx.Client, films: list[dict[str, Any]]
) -> None:
    paths = set(paths_in(films))

    answers = [pictures.get(f"/w185{path}") for path in paths]

    assert len(answers) > 100
    assert {answer.status_code for answer in answers} == {200}
    assert {parsed(answer.text).tag for answer in answers} == {f"{SVG}svg"}


def test_a_poster_says_title_director_and_year(pictures: httpx.Client, films: list[dict[str, Any]]) -> None:
    film = next(film for film in films if film["poster_path"])
    director = next(each["name"] for each in film["credits"]["crew"] if each["job"] == "Director")

    words = words_of(pictures.get(f"/w500{film['poster_path']}").text).casefold()

    for each in (film["title"], director, film["release_date"][:4]):
        assert each.casefold() in words


def test_a_backdrop_is_without_words(pictures: httpx.Client, films: list[dict[str, Any]]) -> None:
    film = next(film for film in films if film["backdrop_path"])

    assert words_of(pictures.get(f"/w1280{film['backdrop_path']}").text) == ""


def test_a_portrait_has_the_initials(pictures: httpx.Client, films: list[dict[str, Any]]) -> None:
    member = next(each for film in films for each in film["credits"]["cast"] if each["profile_path"])

    words = words_of(pictures.get(f"/h632{member['profile_path']}").text)

    assert words == "".join(word[0] for word in member["name"].split()).upper()


def test_a_collection_has_a_poster_of_its_name() -> None:
    catalogue = FakeOptions(films=300).application(None).catalogue
    found = [catalogue.details(film_id)["belongs_to_collection"] for film_id in catalogue.entries]
    collection = next(each for each in found if each)

    svg = picture(catalogue, f"/t/p/w500{collection['poster_path']}")

    assert svg is not None
    assert words_of(svg).casefold() == collection["name"].casefold()


@pytest.mark.parametrize(
    ("size", "shown"),
    [("w92", (92, 138)), ("w500", (500, 750)), ("h632", (421, 632)), ("original", (1000, 1500))],
)
def test_a_picture_has_the_size_that_is_asked_for(
    pictures: httpx.Client, films: list[dict[str, Any]], size: str, shown: tuple[int, int]
) -> None:
    path = next(film["poster_path"] for film in films if film["poster_path"])

    assert size_of(pictures.get(f"/{size}{path}")) == shown


def test_a_backdrop_is_wide(pictures: httpx.Client, films: list[dict[str, Any]]) -> None:
    path = next(film["backdrop_path"] for film in films if film["backdrop_path"])

    assert size_of(pictures.get(f"/w1280{path}")) == (1280, 720)


@pytest.mark.parametrize(
    "path", ["/w501/a.jpg", "/W500/a.jpg", "/a.jpg", "/w500/", "/w500/a.html", "/w500/../a.jpg", "/"]
)
def test_an_unknown_size_or_no_file_is_not_found(pictures: httpx.Client, path: str) -> None:
    answer = pictures.get(path)

    assert (answer.status_code, answer.json()["status_code"]) == (404, 34)


def test_a_file_that_nobody_knows_is_a_drawing_without_words(pictures: httpx.Client) -> None:
    first, second = (pictures.get(f"/w342/{name}.jpg") for name in ("ab1", "cd2"))

    assert (size_of(first), words_of(first.text)) == ((342, 513), "")
    assert first.text != second.text


def test_pictures_are_svg_that_may_be_kept(pictures: httpx.Client, films: list[dict[str, Any]]) -> None:
    path = next(film["poster_path"] for film in films if film["poster_path"])

    first = pictures.get(f"/w92{path}")
    again = pictures.get(f"/w92{path}", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Content-Type"] == "image/svg+xml"
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert (again.status_code, again.content) == (304, b"")


def test_pictures_need_no_key_and_are_no_requests_of_the_api() -> None:
    with FakeTMDB(films=3, api_key="a" * 32, requests_per_second=1, faults="500!") as fake:
        answers = [httpx.get(f"{fake.image_base_url}/w92/a.jpg") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200] * 3
        assert fake.stats()["requests"] == len(fake.requests) == 0


def test_the_configuration_names_the_address_that_was_asked(fake: FakeTMDB) -> None:
    with client_of(fake) as client:
        images = client.get("/configuration").json()["images"]
        elsewhere = client.get("/configuration", headers={"Host": "films.test:81"}).json()["images"]

    assert images["base_url"] == images["secure_base_url"] == f"http://127.0.0.1:{fake.port}/t/p/"
    assert elsewhere["base_url"] == "http://films.test:81/t/p/"


def test_the_same_film_has_the_same_poster_always() -> None:
    first, again = (FakeOptions(films=40, seed=3).application(None).catalogue for _ in range(2))

    for film_id in first.entries:
        path = f"/t/p/w500/fake-{film_id}.jpg"
        assert picture(first, path) == picture(again, path)


def test_no_two_posters_are_the_same() -> None:
    catalogue = FakeOptions(films=300).application(None).catalogue
    files = [f"fake-{film_id}{variant}.jpg" for film_id in catalogue.entries for variant in ("", "-2")]

    drawn = [picture(catalogue, f"/t/p/w500/{file}") for file in files]

    assert len(set(drawn)) == len(files)
    assert all(svg and parsed(svg).tag == f"{SVG}svg" for svg in drawn)


def test_a_changed_title_is_on_the_poster() -> None:
    with FakeTMDB(films=1) as fake:
        (film_id,) = [each["id"] for each in _listed(fake)]
        url = f"{fake.image_base_url}/w500/fake-{film_id}.jpg"
        before = httpx.get(url).text
        fake.update_movie(film_id, title="Renamed")

        assert "renamed" not in words_of(before).casefold()
        assert "renamed" in words_of(httpx.get(url).text).casefold()


def test_a_film_of_a_file_has_a_poster_at_its_own_path(tmp_path: Path) -> None:
    film = {"id": 7, "title": "Seven", "release_date": "2001-02-03", "poster_path": "/aBc9.jpg"}
    path = tmp_path / "films.jsonl"
    path.write_text(json.dumps(film | {"backdrop_path": "/dEf.jpg"}))

    with FakeTMDB(films_file=path) as fake:
        poster = httpx.get(f"{fake.image_base_url}/original/aBc9.jpg")
        backdrop = httpx.get(f"{fake.image_base_url}/original/dEf.jpg")
        fake.remove_movie(7)
        removed = httpx.get(f"{fake.image_base_url}/original/aBc9.jpg")

    assert {"seven", "2001"} <= set(words_of(poster.text).casefold().split())
    assert size_of(backdrop) == (1920, 1080)
    assert words_of(removed.text) == ""


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_no_title_breaks_a_picture(empty: FakeTMDB, title: str) -> None:
    empty.add_movie(1, "2000-01-01", title=title, poster_path="/p.jpg")

    svg = httpx.get(f"{empty.image_base_url}/w500/p.jpg").text

    assert {each.tag.removeprefix(SVG) for each in parsed(svg).iter()} <= {
        *("svg", "g", "path", "rect", "circle", "ellipse", "text", "clipPath")
    }


@pytest.mark.parametrize("title", [title for title in HOSTILE.values() if title.strip()])
@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_every_title_fits_its_box(title: str, face: Typeface) -> None:
    box = Box(0, 0, 856, 390)

    lines = title_lines(title, face, box, 300)

    assert all(face.length(line.text) * line.size <= box.width * 1.001 for line in lines)
    assert sum(line.size * face.leading for line in lines) <= box.height * 1.001


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_a_title_can_be_read_on_a_small_poster(face: Typeface) -> None:
    lines = title_lines("The Six Sisters of Santa Clemencia", face, Box(0, 0, 856, 390), 300)

    assert min(line.size for line in lines) * 92 / 1000 > 5.5


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_ink_can_be_read_on_paper(palette: Palette) -> None:
    assert contrast(palette.ink, palette.paper) > 4.5


def test_palettes_differ() -> None:
    assert all(one.paper != other.paper for one, other in combinations(PALETTES.values(), 2))


@pytest.mark.parametrize("compose", COMPOSITIONS.values(), ids=COMPOSITIONS)
@pytest.mark.parametrize("words", ["top", "bottom", "nowhere"])
def test_words_can_be_read_on_every_composition_in_every_palette(compose: Compose, words: Place) -> None:
    draw = Subject("any").draws("composition")

    for palette in PALETTES.values():
        artwork = compose(Canvas(1000, 1500, palette, draw, words))
        for ground in (artwork.top, artwork.bottom):
            assert contrast(palette.readable_on(ground), ground) > 4


def _listed(fake: FakeTMDB) -> list[dict[str, Any]]:
    with client_of(fake) as client:
        return client.get("/discover/movie", params={"include_video": True}).json()["results"]
