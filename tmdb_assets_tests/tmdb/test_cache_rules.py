"""What may be kept and for how long, by plain call."""

import pytest

from tmdb_assets.tmdb import Endpoint
from tmdb_assets.tmdb.caches.rules import cache_key, fresh_seconds, is_cacheable

URL = "https://api.themoviedb.org/3"


def question(path: str = "/movie/1", method: str = "GET", **params: str) -> Endpoint[dict]:
    return Endpoint(path, dict, params, method=method)


@pytest.mark.parametrize(
    ("control", "age", "seconds"),
    [
        ("public, max-age=28800", None, 28800),
        ("public, max-age=28800", "28000", 800),
        ("public, max-age=600", "601", 0),
        ("MAX-AGE = 600 , Public", None, 600),
        ('max-age="600"', None, 600),
        ("max-age=0, max-age=600", None, 0),
        ("max-age=600, s-maxage=5", None, 5),
        ("max-age=600, no-cache", None, 0),
        ("max-age=99999999999999999999", None, 2**31),
        ("max-age=-1", None, 0),
        ("max-age=soon", None, 0),
        ("max-age=¹²", None, 0),
        ("max-age", None, 0),
        ("max-age=600", "odd", 600),
        ("max-age=600", "9" * 5000, 0),
        ("max-age=600", "10, 20", 590),
        ("public", None, 0),
        ("", None, 0),
        (None, "7", 0),
        ("max-age=600, no-store", None, None),
        ("Private, max-age=600", None, None),
        ('private="set-cookie", max-age=600', None, None),
    ],
)
def test_an_answer_is_fresh_as_long_as_tmdb_says(
    control: str | None, age: str | None, seconds: float | None
) -> None:
    headers = {"cache-control": control, "age": age}

    fresh = fresh_seconds({name: value for name, value in headers.items() if value is not None})

    assert fresh == seconds


def test_the_same_question_has_one_key_however_it_is_put() -> None:
    keys = {
        cache_key(URL, question(language="de", page="2")),
        cache_key(URL, question(page="2", language="de")),
    }

    assert len(keys) == 1


def test_different_questions_have_different_keys() -> None:
    questions = [
        question(),
        question("/movie/2"),
        question(language="de"),
        question(language="de-DE"),
        question(region="de"),
        question(query="a&region=de"),
        question(query="a", region="de"),
    ]

    keys = {cache_key(URL, each) for each in questions} | {cache_key("https://elsewhere/3", question())}

    assert len(keys) == len(questions) + 1


@pytest.mark.parametrize(
    "personal",
    [
        question("/account/1/favorite/movies"),
        question("/authentication/token/new"),
        question("/movie/1/account_states", session_id="1"),
        question("/movie/1/account_states", guest_session_id="1"),
        question("/movie/1/rating", method="POST"),
        question(method="DELETE"),
    ],
    ids=lambda endpoint: f"{endpoint.method} {endpoint.path}",
)
def test_what_concerns_one_account_or_changes_something_is_not_cacheable(personal: Endpoint[dict]) -> None:
    assert not is_cacheable(personal)
    assert is_cacheable(question())
