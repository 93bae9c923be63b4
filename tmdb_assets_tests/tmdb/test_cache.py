"""What a client with a cache asks, and what it answers; over real sockets, sync and async."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.tmdb import Cache, DiskCache, MemoryCache, ProcessLimiter, RateLimitError, RetryPolicy
from tmdb_assets.tmdb.caches.rules import cache_key
from tmdb_assets_tests.tmdb.cache_server import DETAILS, HOURS, DictCache, serving, stored, unless
from tmdb_assets_tests.tmdb.conftest import KEY, Ask

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJmZWVkZmFjZSJ9.feedface"


@pytest.fixture(params=["memory", "disk", "own"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Cache:
    """Give a store, once of each kind."""
    if request.param == "own":
        return DictCache()
    return MemoryCache() if request.param == "memory" else DiskCache(tmp_path / "cache.db")


def statuses(fake: FakeTMDB) -> list[int]:
    return [request.status for request in fake.requests]


def test_nothing_is_kept_unless_asked_for(ask: Ask, fake: FakeTMDB) -> None:
    for _ in range(2):
        ask(fake.base_url, lambda client: client.movies.details(1))

    assert statuses(fake) == [200, 200]


def test_a_fresh_answer_is_the_same_without_a_request(ask: Ask, fake: FakeTMDB, cache: Cache) -> None:
    first = ask(fake.base_url, lambda client: client.answer(DETAILS), cache=cache)

    again = ask(fake.base_url, lambda client: client.answer(DETAILS), cache=cache)

    assert statuses(fake) == [200]
    assert (again.value, again.body, again.status) == (first.value, first.body, first.status)
    assert again.answered_at == first.answered_at
    assert (first.attempts, again.attempts) == (1, 0)


def test_what_a_cache_answered_is_counted_and_logged_as_no_request(
    ask: Ask, fake: FakeTMDB, caplog: pytest.LogCaptureFixture
) -> None:
    cache, clients = MemoryCache(), list[Any]()
    ask(fake.base_url, lambda client: client.answer(DETAILS), cache=cache)

    with caplog.at_level(logging.DEBUG, "tmdb_assets.tmdb"):
        ask(
            fake.base_url,
            lambda client: (clients.append(client), client.send(DETAILS))[-1],
            cache=cache,
        )

    usage = clients[0].usage
    assert (usage.requests, usage.ok, usage.cached, usage.received_bytes) == (0, 1, 1, 0)
    assert [record.getMessage() for record in caplog.records] == ["GET /movie/1 from the cache"]


def test_a_fresh_answer_takes_none_of_the_budget(ask: Ask, fake: FakeTMDB) -> None:
    cache, limiter = MemoryCache(), ProcessLimiter(500)
    ask(fake.base_url, lambda client: client.movies.details(1), cache=cache)
    limiter.push(60)
    options = {"cache": cache, "limiter": limiter, "retry": RetryPolicy(on_rate_limit="raise")}

    kept = ask(fake.base_url, lambda client: client.movies.details(1), **options)

    assert kept.id == 1
    with pytest.raises(RateLimitError):
        ask(fake.base_url, lambda client: client.movies.details(2), **options)


def test_a_stale_answer_is_sent_again_only_if_it_changed(ask: Ask, fake: FakeTMDB) -> None:
    cache = MemoryCache(max_age=0)
    first = ask(fake.base_url, lambda client: client.answer(DETAILS), cache=cache)

    same = ask(fake.base_url, lambda client: client.answer(DETAILS), cache=cache)
    fake.update_movie(1, title="Another")
    changed = ask(fake.base_url, lambda client: client.answer(DETAILS), cache=cache)

    assert statuses(fake) == [200, 304, 200]
    assert (same.value, same.body, same.status, same.attempts) == (first.value, first.body, 200, 1)
    assert same.answered_at > first.answered_at
    assert changed.value.title == "Another"


def test_an_answer_that_still_holds_is_fresh_again(ask: Ask, cache: Cache) -> None:
    with serving(unless('W/"1"', cache_control=HOURS)) as seen:
        cache.put(cache_key(seen.base_url, DETAILS), stored(ago=timedelta(days=1)))

        for _ in range(3):
            ask(seen.base_url, lambda client: client.movies.details(1), cache=cache)

    assert seen.conditions == ['W/"1"']


def test_another_language_or_region_is_another_question(ask: Ask, fake: FakeTMDB) -> None:
    cache = MemoryCache()
    for options in ({}, {"language": "de-DE"}, {"language": "fr-FR"}, {"language": "de-DE", "region": "AT"}):
        for _ in range(2):
            ask(fake.base_url, lambda client: client.movies.popular().first(1), cache=cache, **options)

    assert [(each.query.get("language"), each.query.get("region")) for each in fake.requests] == [
        ("en-US", None),
        ("de-DE", None),
        ("fr-FR", None),
        ("de-DE", "AT"),
    ]


def test_credentials_share_what_is_kept(ask: Ask, fake: FakeTMDB) -> None:
    cache = MemoryCache()
    for credential in (KEY, KEY[::-1], TOKEN):
        ask(fake.base_url, lambda client: client.movies.details(1), cache=cache, api_key=credential)

    assert statuses(fake) == [200]


@pytest.mark.parametrize("max_age", [0, 3600])
def test_no_file_of_a_cache_shows_a_credential(
    ask: Ask, fake: FakeTMDB, tmp_path: Path, max_age: int
) -> None:
    cache = DiskCache(tmp_path / "cache" / "answers.db", max_age=max_age)

    for credential in (KEY, TOKEN):
        for _ in range(2):
            ask(fake.base_url, lambda client: client.movies.details(1), cache=cache, api_key=credential)

    files = list((tmp_path / "cache").iterdir())
    assert len(files) == 3
    for file in files:
        assert not any(secret.encode() in file.read_bytes() for secret in (KEY, TOKEN))


def test_a_batch_asks_only_for_what_is_not_kept(ask: Ask, fake: FakeTMDB) -> None:
    cache = MemoryCache()
    ask(fake.base_url, lambda client: client.get_batch_movie_details([1, 2, 3]), cache=cache)

    batch = ask(fake.base_url, lambda client: client.get_batch_movie_details([5, 3, 4, 1, 2]), cache=cache)

    assert [film.id for film in batch] == [5, 3, 4, 1, 2]
    assert len(fake.requests) == 5


@pytest.mark.parametrize("options", [{"max_age": -1}, {"max_age": float("nan")}, {"max_bytes": 0}])
def test_a_bound_that_makes_no_sense_is_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    for make in (MemoryCache, lambda **options: DiskCache(tmp_path / "cache.db", **options)):
        with pytest.raises(ValueError, match=r"max_(age|bytes) is .*; it must be"):
            make(**options)


def test_memory_drops_what_was_not_used_for_longest() -> None:
    cache = MemoryCache(max_bytes=10_000)
    for name in ("a", "b", "c"):
        cache.put(name, stored(bytes(2_500)))

    cache.get("a")
    cache.put("d", stored(bytes(2_500)))
    cache.put("larger than all", stored(bytes(20_000)))

    assert [name for name in ("a", "b", "c", "d", "larger than all") if cache.get(name)] == ["a", "c", "d"]
