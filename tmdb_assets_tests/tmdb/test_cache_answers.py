"""What a cache keeps of answers of every kind, and how it renews them; over real sockets, sync and async."""

from datetime import timedelta

import pytest

from tmdb_assets.tmdb import DecodeError, MemoryCache, NotFoundError, RetryPolicy, ServerError
from tmdb_assets.tmdb.caches.rules import cache_key
from tmdb_assets_tests.tmdb.cache_server import (
    DETAILS,
    HOURS,
    DictCache,
    Reply,
    saying,
    serving,
    stored,
    unless,
)
from tmdb_assets_tests.tmdb.conftest import Ask


def test_an_answer_from_before_the_clock_was_set_back_is_not_fresh(ask: Ask) -> None:
    cache = MemoryCache()
    with serving(unless('"1"', cache_control=HOURS)) as seen:
        cache.put(cache_key(seen.base_url, DETAILS), stored(ago=timedelta(days=-300), etag='"1"'))

        for _ in range(2):
            ask(seen.base_url, lambda client: client.movies.details(1), cache=cache)

    assert seen.conditions == ['"1"']


def test_no_answer_is_fresh_for_longer_than_the_bound(ask: Ask) -> None:
    cache = MemoryCache(max_age=60)
    with serving(unless('"1"', cache_control="public, max-age=999999")) as seen:
        cache.put(cache_key(seen.base_url, DETAILS), stored(ago=timedelta(seconds=61), etag='"1"'))

        for _ in range(2):
            ask(seen.base_url, lambda client: client.movies.details(1), cache=cache)

    assert seen.conditions == ['"1"']


def test_an_answer_that_is_lost_while_tmdb_confirms_it_is_still_given(ask: Ask) -> None:
    cache = DictCache()
    confirm = unless('"1"', cache_control=HOURS)

    def confirm_and_lose(condition: str | None) -> Reply:
        cache.answers.clear()
        return confirm(condition)

    with serving(confirm_and_lose) as seen:
        cache.put(cache_key(seen.base_url, DETAILS), stored(ago=timedelta(days=1), etag='"1"'))
        film = ask(seen.base_url, lambda client: client.movies.details(1), cache=cache)

    assert film.title == "One"
    assert seen.conditions == ['"1"']


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=1)], ids=["fresh", "stale"])
@pytest.mark.parametrize("body", [b'{"id": 1, "ti', b'{"id": "one"}'], ids=["torn", "wrong"])
def test_what_was_kept_and_cannot_be_read_is_asked_for_again(ask: Ask, body: bytes, ago: timedelta) -> None:
    cache = MemoryCache()
    with serving(unless('"1"', cache_control=HOURS)) as seen:
        cache.put(cache_key(seen.base_url, DETAILS), stored(body, ago, '"1"'))

        film = ask(seen.base_url, lambda client: client.movies.details(1), cache=cache)
        again = ask(seen.base_url, lambda client: client.movies.details(1), cache=cache)

    assert film == again
    assert film.title == "One"
    assert seen.conditions == ([None] if not ago else ['"1"', None])


def test_a_refusal_leaves_the_answer_that_was_kept_before(ask: Ask) -> None:
    cache = MemoryCache()
    refusal = saying(b"{}", 503)
    with serving(refusal, unless('"1"', cache_control=HOURS)) as seen:
        cache.put(cache_key(seen.base_url, DETAILS), stored(ago=timedelta(days=1), etag='"1"'))

        film = ask(seen.base_url, lambda client: client.movies.details(1), cache=cache)

    assert film.title == "One"
    assert seen.conditions == ['"1"', '"1"']


@pytest.mark.parametrize("body", [b'{"id": 1, "tit', b"", b"<html></html>", b'{"id": "one"}'])
def test_what_cannot_be_read_is_never_kept(ask: Ask, body: bytes) -> None:
    cache = MemoryCache()
    headers = {"cache_control": HOURS, "etag": '"1"'}
    with serving(saying(body, **headers), saying(**headers)) as seen:
        with pytest.raises(DecodeError):
            ask(
                seen.base_url,
                lambda client: client.movies.details(1),
                cache=cache,
                retry=RetryPolicy(attempts=1),
            )
        film = ask(seen.base_url, lambda client: client.movies.details(1), cache=cache)

    assert film.title == "One"
    assert seen.conditions == [None, None]


@pytest.mark.parametrize(("status", "error"), [(404, NotFoundError), (500, ServerError), (503, ServerError)])
def test_an_error_is_never_kept(ask: Ask, status: int, error: type[Exception]) -> None:
    cache = MemoryCache()
    refusal = saying(b'{"status_code": 34}', status, cache_control=HOURS, etag='"1"')
    with serving(refusal, refusal, saying()) as seen:
        for _ in range(2):
            with pytest.raises(error):
                ask(
                    seen.base_url,
                    lambda client: client.movies.details(1),
                    cache=cache,
                    retry=RetryPolicy(attempts=1),
                )
        film = ask(seen.base_url, lambda client: client.movies.details(1), cache=cache)

    assert film.title == "One"
    assert seen.conditions == [None, None, None]


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        ({"cache_control": HOURS}, [None]),
        ({"cache_control": HOURS, "age": "28800"}, [None, None]),
        ({"cache_control": HOURS, "age": "28800", "etag": '"1"'}, [None, '"1"']),
        ({"cache_control": "public, no-cache", "etag": '"1"'}, [None, '"1"']),
        ({"etag": 'W/"1"'}, [None, 'W/"1"']),
        ({}, [None, None]),
        ({"cache_control": f"no-store, {HOURS}", "etag": '"1"'}, [None, None]),
        ({"cache_control": "private, max-age=600", "etag": '"1"'}, [None, None]),
    ],
    ids=str,
)
def test_tmdb_says_what_is_kept(ask: Ask, headers: dict[str, str], asked: list[str | None]) -> None:
    cache = MemoryCache()
    with serving(saying(**headers)) as seen:
        for _ in range(2):
            ask(seen.base_url, lambda client: client.movies.details(1), cache=cache)

    assert seen.conditions == asked


def test_only_whole_answers_are_kept(ask: Ask) -> None:
    """An HTTP 203 was changed on its way, by somebody else than TMDB."""
    cache = MemoryCache()
    with serving(saying(status=203, cache_control=HOURS, etag='"1"')) as seen:
        for _ in range(2):
            ask(seen.base_url, lambda client: client.movies.details(1), cache=cache)

    assert seen.conditions == [None, None]
