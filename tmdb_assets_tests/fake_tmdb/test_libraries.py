"""The Python clients that people use for TMDB run against the fake and get what they expect."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import themoviedb
import tmdbsimple

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.fake_tmdb.asking import KEY

PARTS = (
    "alternative_titles,credits,external_ids,images,keywords,recommendations,release_dates,reviews,similar,"
    "translations,videos,watch/providers"
)


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeTMDB]:
    with FakeTMDB(films=200) as fake:
        fake.add_movie(
            550, "1999-10-15", 818, 9951, title="The Club", runtime=139, imdb_id="tt0137523", vote_count=9
        )
        yield fake


@pytest.fixture
def simple(fake: FakeTMDB, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Make tmdbsimple's objects ask the fake."""
    monkeypatch.setattr(tmdbsimple, "API_KEY", KEY)

    def make(kind: type[Any], *arguments: object) -> Any:  # noqa: ANN401 - the library has no types
        made = kind(*arguments)
        made.base_uri = fake.base_url
        return made

    return make


def test_tmdbsimple_reads_a_film_and_its_parts(simple: Callable[..., Any]) -> None:
    movie = simple(tmdbsimple.Movies, 550)

    info = movie.info(append_to_response=PARTS)
    movie.credits()
    movie.keywords()
    movie.release_dates()
    movie.videos()

    assert (movie.title, movie.runtime, info["imdb_id"]) == ("The Club", 139, "tt0137523")
    assert set(PARTS.split(",")) <= set(info)
    assert [keyword["id"] for keyword in info["keywords"]["keywords"]] == [818, 9951]


def test_tmdbsimple_searches_discovers_and_finds(fake: FakeTMDB, simple: Callable[..., Any]) -> None:
    search, discover = simple(tmdbsimple.Search), simple(tmdbsimple.Discover)
    find, genres = simple(tmdbsimple.Find, "tt0137523"), simple(tmdbsimple.Genres)

    search.movie(query="the club")
    discover.movie(with_keywords="818", page=1, sort_by="vote_count.desc", include_adult=False)
    find.info(external_source="imdb_id")
    genres.movie_list()
    configuration = simple(tmdbsimple.Configuration).info()

    assert search.results[0]["id"] == discover.results[0]["id"] == find.movie_results[0]["id"] == 550
    assert discover.total_results == 1
    assert len(genres.genres) == 19
    assert configuration["images"]["secure_base_url"] == f"{fake.image_base_url}/"


def test_tmdbsimple_raises_what_the_fake_refuses(
    simple: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(requests.HTTPError, match="404"):
        simple(tmdbsimple.Movies, 1).info()
    monkeypatch.setattr(tmdbsimple, "API_KEY", "wrong")
    with pytest.raises(requests.HTTPError, match="401"):
        simple(tmdbsimple.Movies, 550).info()


def pointed_at(client: Any, fake: FakeTMDB) -> Any:  # noqa: ANN401 - one of two clients
    client._config.host = fake.base_url.removesuffix("/3")  # noqa: SLF001 - the library offers no other way
    return client


def test_themoviedb_reads_every_fictional_film_whole(fake: FakeTMDB) -> None:
    with pointed_at(themoviedb.TMDb(api_key=KEY), fake) as client:
        found = client.discover().movie(primary_release_year=dt.datetime.now(dt.UTC).year)
        movies = [client.movie(film.id).details(append_to_response=PARTS) for film in found.results]

    assert len(movies) > 3
    for movie, film in zip(movies, found.results, strict=True):
        assert (movie.title, movie.release_date) == (film.title, film.release_date)
        assert isinstance(movie.release_date, dt.date)
        assert len(movie.credits.cast) >= 5
        assert movie.release_dates.results[0].release_dates[0].release_date.year == movie.year


def test_themoviedb_searches_and_finds(fake: FakeTMDB) -> None:
    with pointed_at(themoviedb.TMDb(api_key=KEY), fake) as client:
        searched = client.search().movies("the club")
        keywords = client.search().keywords("drag")
        found = client.find().by_imdb("tt0137523")
        genres = client.genres().movie()

    assert searched.results[0].id == found.movie_results[0].id == 550
    assert keywords.results[0].name == "drag"
    assert len(genres.genres) == 19


def test_themoviedb_without_waiting_in_between(fake: FakeTMDB) -> None:
    async def read() -> Any:  # noqa: ANN401 - the library's own type
        async with pointed_at(themoviedb.aioTMDb(api_key=KEY), fake) as client:
            return await asyncio.gather(client.movie(550).details(), client.movie(550).keywords())

    details, keywords = asyncio.run(read())

    assert details.title == "The Club"
    assert [keyword.id for keyword in keywords.keywords] == [818, 9951]
