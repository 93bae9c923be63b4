from collections import Counter
from pathlib import Path

import httpx
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.tmdb import (
    UNSET,
    AsyncTMDBClient,
    AuthenticationError,
    NotFoundError,
    TMDBClient,
    Usage,
    ValidationError,
    any_of,
    endpoints,
)
from tmdb_assets_tests.tmdb.conftest import KEY, Ask


def test_a_film_that_cannot_be_written_leaves_no_torn_file(fake: FakeTMDB, ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "movies" / "1.json").mkdir(parents=True)

    with pytest.raises(OSError, match=r"1\.json"):
        ask(fake.base_url, lambda client: client.get_movie_details(1), output_dir=tmp_path)

    assert [path.name for path in (tmp_path / "movies").iterdir()] == ["1.json"]


def test_an_endpoint_is_a_method_of_both_clients(fake: FakeTMDB, ask: Ask) -> None:
    movie = ask(fake.base_url, lambda client: client.movies.details(7, append_to_response=["credits"]))

    assert (movie.id, movie.title) == (7, "Film 7")
    assert movie.credits is not UNSET
    assert movie.keywords is UNSET


@pytest.mark.parametrize(
    "question",
    [
        lambda client: client.configuration.details(),
        lambda client: client.configuration.languages(),
        lambda client: client.genres.movie_list(),
        lambda client: client.keywords.details(818),
        lambda client: client.find.by_id("tt0000001"),
        lambda client: client.send(endpoints.movies.full_details(1, language="de-DE")),
        lambda client: client.movies.alternative_titles(1),
        lambda client: client.movies.credits(1),
        lambda client: client.movies.external_ids(1),
        lambda client: client.movies.images(1),
        lambda client: client.movies.keywords(1),
        lambda client: client.movies.release_dates(1),
        lambda client: client.movies.translations(1),
        lambda client: client.movies.videos(1),
        lambda client: client.movies.watch_providers(1),
        lambda client: client.movies.recommendations(1).page(1),
        lambda client: client.movies.similar(1).page(1),
        lambda client: client.movies.reviews(1).page(1),
        lambda client: client.search.movie("Film").page(1),
        lambda client: client.search.keyword("keyword").page(1),
        lambda client: client.discover.movie(with_keywords=any_of(818)).page(1),
    ],
)
def test_every_endpoint_is_answered(fake: FakeTMDB, ask: Ask, question: Ask) -> None:
    assert ask(fake.base_url, question) is not None
    assert [request.status for request in fake.requests] == [200]


def test_an_answer_has_the_untouched_body_and_how_it_was_obtained(fake: FakeTMDB, ask: Ask) -> None:
    answer = ask(fake.base_url, lambda client: client.answer(endpoints.movies.details(7, language="en")))

    plain = httpx.get(f"{fake.base_url}/movie/7", params={"api_key": KEY, "language": "en"})
    assert answer.body == plain.content
    assert (answer.status, answer.attempts, answer.value.id) == (200, 1, 7)
    assert answer.answered_at.tzinfo is not None


def test_a_key_and_a_token_open_the_same_server(fake: FakeTMDB, ask: Ask) -> None:
    for credential in (KEY, "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln"):
        assert ask(fake.base_url, lambda client: client.movies.details(1), api_key=credential).id == 1


def test_errors_come_as_what_to_do_next(fake: FakeTMDB, ask: Ask) -> None:
    with pytest.raises(NotFoundError) as not_found:
        ask(fake.base_url, lambda client: client.movies.details(999))
    with pytest.raises(ValidationError) as invalid:
        ask(fake.base_url, lambda client: client.discover.movie().page(501))
    with pytest.raises(AuthenticationError) as refused:
        ask(fake.base_url, lambda client: client.movies.details(1), api_key="short")

    assert (not_found.value.status, not_found.value.code, not_found.value.path) == (404, 34, "/movie/999")
    assert invalid.value.status == 400
    assert "TMDB_API_KEY" in str(refused.value)
    assert "short" not in str(refused.value)


def test_usage_adds_up_what_was_asked(fake: FakeTMDB, ask: Ask) -> None:
    def act(client: TMDBClient | AsyncTMDBClient) -> Usage:
        return client.usage

    async def twice_async(client: AsyncTMDBClient) -> Usage:
        before = client.usage
        await client.movies.details(1)
        with pytest.raises(NotFoundError):
            await client.movies.details(999)
        return client.usage - before

    def twice(client: TMDBClient) -> Usage:
        before = client.usage
        client.movies.details(1)
        with pytest.raises(NotFoundError):
            client.movies.details(999)
        return client.usage - before

    usage = ask(
        fake.base_url,
        lambda client: twice_async(client) if isinstance(client, AsyncTMDBClient) else twice(client),
    )

    assert (usage.requests, usage.ok, usage.not_found, usage.failed, usage.retries) == (2, 1, 1, 0, 0)
    assert usage.received_bytes > 100
    assert ask(fake.base_url, act) == Usage()


def test_the_clients_language_is_asked_for(fake: FakeTMDB, ask: Ask) -> None:
    ask(fake.base_url, lambda client: client.movies.details(1), language="da-DK")
    ask(fake.base_url, lambda client: client.search.movie("Film").page(1), region="DK")

    assert fake.requests[0].query["language"] == "da-DK"
    assert fake.requests[1].query["region"] == "DK"


def test_the_clients_region_does_not_change_what_discover_calls_primary_dates(
    fake: FakeTMDB, ask: Ask
) -> None:
    ask(fake.base_url, lambda client: client.discover.movie().page(1), region="DK")

    assert "region" not in fake.requests[0].query


def test_discovered_years_are_windows_of_their_own(fake: FakeTMDB, ask: Ask) -> None:
    movies = ask(fake.base_url, lambda client: client.discover_movies(2001, 2003))

    assert Counter(movie.id for movie in movies) == Counter(range(1, 31))
    assert [movie.release_date for movie in movies] == sorted((m.release_date for m in movies), reverse=True)
    assert len(fake.requests) == 3


def test_another_order_is_one_window_and_pages_can_be_bounded(fake: FakeTMDB, ask: Ask) -> None:
    movies = ask(
        fake.base_url,
        lambda client: client.discover_movies(2001, 2003, max_pages=1, sort_by="vote_count.desc"),
    )

    assert [movie.id for movie in movies] == list(range(30, 10, -1))
    assert len(fake.requests) == 1


def test_details_are_one_request_with_everything_and_a_file(fake: FakeTMDB, ask: Ask, tmp_path: Path) -> None:
    movie = ask(fake.base_url, lambda client: client.get_movie_details(3), output_dir=tmp_path / "out")

    assert movie.credits is not UNSET
    assert movie.watch_providers is not UNSET
    assert len(fake.requests) == 1
    assert (tmp_path / "out" / "movies" / "3.json").read_bytes().startswith(b"{")
    assert [path.name for path in (tmp_path / "out" / "movies").iterdir()] == ["3.json"]


def test_a_batch_keeps_the_order_and_failures_beside_successes(fake: FakeTMDB, ask: Ask) -> None:
    seen: list[tuple[int, int]] = []

    batch = ask(
        fake.base_url,
        lambda client: client.get_batch_movie_details(
            [3, 999, 1, 3], lambda current, total: seen.append((current, total))
        ),
    )

    assert [getattr(item, "id", None) for item in batch] == [3, None, 1, 3]
    assert isinstance(batch[1], NotFoundError)
    assert [movie.id for movie in batch.found] == [3, 1, 3]
    assert list(batch.failed) == [999]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert len(fake.requests) == 3


def test_a_refused_key_stops_a_batch_at_once(fake: FakeTMDB, ask: Ask) -> None:
    batch = ask(
        fake.base_url,
        lambda client: client.get_batch_movie_details(range(1, 200)),
        api_key="short",
        max_concurrent=4,
    )

    assert len(batch) == len(batch.failed) == 199
    assert {type(error) for error in batch.failed.values()} == {AuthenticationError}
    assert len(fake.requests) <= 10


def test_requests_on_their_way_are_never_more_than_asked_for(ask: Ask) -> None:
    with FakeTMDB(films=0, latency_ms=30) as fake:
        for number in range(1, 31):
            fake.add_movie(number, "2001-01-01")
        ask(fake.base_url, lambda client: client.get_batch_movie_details(range(1, 31)), max_concurrent=5)

        assert fake.stats()["peak_concurrency"] == 5
