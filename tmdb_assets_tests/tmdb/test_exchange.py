from collections.abc import Generator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmdb_assets.tmdb import Answer, Endpoint, endpoints
from tmdb_assets.tmdb.errors import (
    AuthenticationError,
    DecodeError,
    NotFoundError,
    RateLimitError,
    ServerError,
    TMDBError,
    TransportError,
    ValidationError,
)
from tmdb_assets.tmdb.exchange import HEADERS, Push, Reply, RetryPolicy, Send, Sleep, Step, exchange
from tmdb_assets.tmdb.models import Keyword

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
KEYWORD: Endpoint[Keyword] = endpoints.keywords.details(818)
GOOD = Reply(200, b'{"id":818,"name":"based on novel"}')

Steps = Generator[Step, "Reply | TMDBError | None", Answer[Keyword]]


def start(policy: RetryPolicy | None = None, jitter: float = 0.0) -> Steps:
    return exchange(KEYWORD, policy or RetryPolicy(), now=lambda: NOW, jitter=lambda: jitter)


def play(steps: Steps, *replies: Reply | TransportError) -> tuple[list[Step], Answer[Keyword] | TMDBError]:
    """Answer each ``Send`` with the next reply, the last one for ever; return the steps and the outcome."""
    seen: list[Step] = []
    waiting = list(replies)
    reply: Reply | TransportError | None = None
    try:
        while True:
            step = steps.send(reply)
            seen.append(step)
            reply = None
            if isinstance(step, Send):
                reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
    except StopIteration as stop:
        return seen, stop.value
    except TMDBError as error:
        return seen, error


def sleeps(steps: list[Step]) -> list[float]:
    return [step.seconds for step in steps if isinstance(step, Sleep)]


def test_a_good_reply_is_one_request() -> None:
    steps, answer = play(start(), GOOD)

    assert steps == [Send(1)]
    assert isinstance(answer, Answer)
    assert (answer.value.name, answer.body, answer.attempts, answer.answered_at) == (
        "based on novel",
        GOOD.body,
        1,
        NOW,
    )


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(500, b'{"status_code":11,"status_message":"Internal error"}'), ServerError),
        (Reply(502, b"<html>Bad gateway</html>"), ServerError),
        (Reply(503, b""), ServerError),
        (Reply(200, b'{"id":818,"na'), DecodeError),
        (Reply(200, b""), DecodeError),
        (Reply(200, b"<!DOCTYPE html><html>"), DecodeError),
        (TransportError("reset"), TransportError),
    ],
)
def test_what_may_succeed_later_is_asked_four_times(
    reply: Reply | TransportError, kind: type[TMDBError]
) -> None:
    steps, error = play(start(), reply)

    assert [type(step) for step in steps] == [Send, Sleep, Send, Sleep, Send, Sleep, Send]
    assert sleeps(steps) == [1.0, 2.0, 4.0]
    assert type(error) is kind
    assert isinstance(error, TMDBError)
    assert error.retryable
    assert (error.attempts, error.method, error.path) == (4, "GET", "/keyword/818")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ValidationError),
        (401, AuthenticationError),
        (403, ValidationError),
        (404, NotFoundError),
        (422, ValidationError),
        (301, TransportError),
    ],
)
def test_what_will_not_succeed_is_asked_once(status: int, kind: type[TMDBError]) -> None:
    steps, error = play(start(), Reply(status, b'{"status_code":7,"status_message":"No."}'))

    assert steps == [Send(1)]
    assert type(error) is kind
    assert isinstance(error, TMDBError)
    assert not error.retryable
    assert (error.status, error.code, error.message) == (status, 7, "No.")


def test_a_wrong_shape_is_an_error_at_once_that_names_the_place() -> None:
    steps, error = play(start(), Reply(200, b'{"id":"eight","name":"x"}'))

    assert steps == [Send(1)]
    assert isinstance(error, DecodeError)
    assert (error.where, error.retryable, error.body) == ("$.id", False, b'{"id":"eight","name":"x"}')


def test_a_success_after_a_failure_is_an_answer() -> None:
    steps, answer = play(start(), Reply(503, b""), GOOD)

    assert isinstance(answer, Answer)
    assert answer.attempts == 2
    assert sleeps(steps) == [1.0]


def test_jitter_lengthens_a_pause_by_up_to_a_quarter() -> None:
    steps, _ = play(start(jitter=1.0), Reply(503, b""))

    assert sleeps(steps) == [1.25, 2.5, 5.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        ("Sat, 21 Nov 2026 12:00:07 GMT", 7.0),
        ("3600", 60.0),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 1.0),
        ("0", 1.0),
        ("-5", 1.0),
        ("nan", 1.0),
        ("soon", 1.0),
        ("", 1.0),
        (None, 1.0),
    ],
)
def test_a_429_pushes_everybody_for_as_long_as_retry_after_asks(header: str | None, seconds: float) -> None:
    headers = {} if header is None else {"retry-after": header}

    steps, answer = play(start(), Reply(429, b'{"status_code":25}', headers), GOOD)

    assert steps[1] == Push(seconds)
    assert sleeps(steps) == [seconds]
    assert isinstance(answer, Answer)


def test_the_last_429_pushes_too_and_says_how_long() -> None:
    steps, error = play(start(RetryPolicy(attempts=1)), Reply(429, b"", {"retry-after": "90"}))

    assert steps == [Send(1), Push(60.0)]
    assert isinstance(error, RateLimitError)
    assert error.retry_after == 90.0


def test_a_date_to_come_back_is_read_by_the_servers_own_clock() -> None:
    headers = {"retry-after": "Sat, 21 Nov 2026 15:00:07 GMT", "date": "Sat, 21 Nov 2026 15:00:00 GMT"}

    steps, _ = play(start(), Reply(429, b"", headers), GOOD)

    assert sleeps(steps) == [7.0]


def test_a_client_that_does_not_wait_raises_at_the_first_429() -> None:
    steps, error = play(
        start(RetryPolicy(on_rate_limit="raise")), Reply(429, b"", {"retry-after": "3"}), GOOD
    )

    assert steps == [Send(1), Push(3.0)]
    assert isinstance(error, RateLimitError)
    assert (error.retry_after, error.attempts) == (3.0, 1)


def test_a_client_that_does_not_wait_for_the_limit_waits_for_a_server() -> None:
    steps, answer = play(start(RetryPolicy(on_rate_limit="raise")), Reply(503, b""), GOOD)

    assert sleeps(steps) == [1.0]
    assert isinstance(answer, Answer)


EPOCH = int(NOW.timestamp())


def test_a_limit_that_is_used_up_is_waited_for_before_anything_is_refused() -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(EPOCH + 4)}

    steps, answer = play(start(), Reply(200, GOOD.body, headers))

    assert steps == [Send(1), Push(4.0)]
    assert isinstance(answer, Answer)


def test_a_429_without_retry_after_waits_for_the_reset_that_it_names() -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(EPOCH + 4)}

    steps, _ = play(start(), Reply(429, b"", headers), GOOD)

    assert sleeps(steps) == [4.0]


@pytest.mark.parametrize("remaining", ["1", "-1", "", "none", "nan", "0x0", "1e999"])
@pytest.mark.parametrize("status", [200, 429])
def test_a_limit_that_is_not_used_up_is_not_waited_for(remaining: str, status: int) -> None:
    headers = {"x-ratelimit-remaining": remaining, "x-ratelimit-reset": str(EPOCH + 4)}

    steps, _ = play(start(), Reply(status, GOOD.body, headers), GOOD)

    assert sleeps(steps) == ([] if status == 200 else [1.0])


@pytest.mark.parametrize(
    "reset", ["0", "-5", "", "soon", "nan", "inf", "1e999", "4", str(EPOCH), str(EPOCH + 61), "9" * 400]
)
def test_a_reset_that_makes_no_sense_is_harmless(reset: str) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}

    steps, answer = play(start(), Reply(200, GOOD.body, headers))

    assert steps == [Send(1)]
    assert isinstance(answer, Answer)


@given(headers=st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(HEADERS), st.text(max_size=40))))
def test_no_header_can_break_an_answer(headers: dict[str, str]) -> None:
    steps, answer = play(start(), Reply(429, b"", headers), Reply(200, GOOD.body, headers))

    assert isinstance(answer, Answer)
    assert all(0 <= step.seconds <= 75 for step in steps if not isinstance(step, Send))


def test_an_unavailable_server_may_say_when_to_come_back() -> None:
    steps, _ = play(start(), Reply(503, b"", {"retry-after": "2.5"}), GOOD)

    assert [type(step) for step in steps] == [Send, Sleep, Send]
    assert sleeps(steps) == [2.5]


def test_the_reason_for_a_wait_is_the_error() -> None:
    steps, _ = play(start(), Reply(500, b'{"status_code":11,"status_message":"Internal error"}'), GOOD)

    assert isinstance(steps[1], Sleep)
    assert "HTTP 500" in steps[1].reason
    assert "/keyword/818" in steps[1].reason


def test_an_error_has_no_other_exception_behind_it() -> None:
    for reply in (
        Reply(200, b'{"id":"x"}'),
        Reply(200, b"{"),
        Reply(404, b"<html>"),
        TransportError("reset"),
    ):
        _, error = play(start(RetryPolicy(attempts=1)), reply)

        assert isinstance(error, TMDBError)
        assert error.__cause__ is None
        assert error.__context__ is None
