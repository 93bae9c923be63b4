"""Waits: for how long a reply's headers ask to be left alone, and nothing odd can do harm."""

import math
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tmdb_assets.tmdb.waits import seconds_asked_for, seconds_until_reset

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def at(seconds: float) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3", 3.0),
        (" 3 ", 3.0),
        ("0.25", 0.25),
        ("1e1", None),
        (at(90), 90.0),
        ("Sun, 01 Mar 2026 12:01:30 -0000", 90.0),
        ("Sun, 01 Mar 2026 13:01:30 +0100", 90.0),
        ("Sunday, 01-Mar-26 12:01:30 GMT", 90.0),
        ("0", None),
        ("-5", None),
        (at(-5), None),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("\xff\xfe", None),
        ("Fri, 99 Foo 2026 99:99:99 +9999", None),
    ],
)
def test_how_long_a_refusal_asks_to_wait(text: str, seconds: float | None) -> None:
    assert seconds_asked_for({"retry-after": text}, NOW) == seconds


def test_a_date_is_read_by_the_servers_clock_where_it_shows_it() -> None:
    headers = {"retry-after": at(3600 + 20), "date": at(3600)}

    assert seconds_asked_for(headers, NOW) == 20.0


@pytest.mark.parametrize(
    ("remaining", "reset", "seconds"),
    [
        ("0", 7, 7.0),
        ("0.0", 7, 7.0),
        ("1", 7, 0.0),
        ("-1", 7, 0.0),
        ("", 7, 0.0),
        ("none", 7, 0.0),
        ("0", 0, 0.0),
        ("0", -7, 0.0),
        ("0", 60, 60.0),
        ("0", 61, 0.0),
        ("0", 1e12, 0.0),
    ],
)
def test_how_long_a_limit_is_used_up(remaining: str, reset: float, seconds: float) -> None:
    headers = {"x-ratelimit-remaining": remaining, "x-ratelimit-reset": str(NOW.timestamp() + reset)}

    assert seconds_until_reset(headers, NOW) == seconds


def test_a_reset_is_asked_for_where_retry_after_says_nothing() -> None:
    headers = {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(NOW.timestamp() + 7),
        "retry-after": "?",
    }

    assert seconds_asked_for(headers, NOW) == 7.0


ODD = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"[-+]?[0-9_]{0,30}(\.[0-9]{0,20})?(e[-+]?[0-9]{1,4})?", fullmatch=True),
    st.from_regex(
        r"[A-Z][a-z]{2}, \d{1,3} (Jan|Feb|Foo) \d{1,6} \d{1,2}:\d{1,2}:\d{1,2} ([-+]\d{4}|GMT)",
        fullmatch=True,
    ),
)


@given(ODD, ODD, ODD, ODD)
@example("Fri, 31 Dec 9999 23:59:59 -2359", "", "", "Mon, 01 Jan 0001 00:00:00 +2359")
@example("Mon, 01 Jan 0001 00:00:00 +2359", "0", "0", "Mon, 01 Jan 0001 00:00:00 +2359")
@example("1" * 5000, "0", "9" * 5000, "")
def test_nothing_odd_is_more_than_a_number_above_zero_or_nothing(
    retry_after: str, remaining: str, reset: str, date: str
) -> None:
    headers = {
        "retry-after": retry_after,
        "x-ratelimit-remaining": remaining,
        "x-ratelimit-reset": reset,
        "date": date,
    }

    asked = seconds_asked_for(headers, NOW)
    until = seconds_until_reset(headers, NOW)

    assert asked is None or 0 < asked < math.inf
    assert 0 <= until <= 60
