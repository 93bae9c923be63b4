"""The exchange: what to do about each reply, for one question; no socket, no clock.

``exchange`` yields steps and receives what came of them. The clients carry the steps out and decide nothing.
"""

import math
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Generic, Literal, TypeAlias, TypeVar, cast

import tenacity

from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.errors import DecodeError, RateLimitError, ServerError, TMDBError, TransportError
from tmdb_assets.tmdb.options import checked
from tmdb_assets.tmdb.refusals import refusal
from tmdb_assets.tmdb.waits import seconds_asked_for, seconds_until_reset

__all__ = ["Answer", "Push", "Reply", "RetryPolicy", "Send", "Sleep", "Step", "exchange"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When to ask again, what may be answered later: HTTP 429 and 5xx, broken connections, cut answers.

    Each pause is lengthened by up to a quarter, at random, so that many clients do not come back at once.

    Parameters
    ----------
    attempts
        How often to ask in all, from 1.
    first_wait, max_wait
        Seconds before the second attempt, doubled before each further one, and the most they become.
    max_retry_after
        Where TMDB says how long to wait, that is done instead, but for no longer than so many seconds.
    on_rate_limit
        With ``"raise"`` nobody waits for the limit: a ``RateLimitError`` is raised at once, when TMDB answers
        429 or when the budget is taken for more than a second; its ``retry_after`` says for how long.

    Raises
    ------
    ValueError
        When one of them has a value that is not allowed.
    """

    attempts: int = 4
    first_wait: float = 1.0
    max_wait: float = 30.0
    max_retry_after: float = 60.0
    on_rate_limit: Literal["wait", "raise"] = "wait"

    def __post_init__(self) -> None:
        checked("attempts", self.attempts, "a whole number from 1", lambda count: count in range(1, 1000))
        for name in ("first_wait", "max_wait", "max_retry_after"):
            checked(name, getattr(self, name), "a number of seconds, 0 or more", _is_wait)
        checked("on_rate_limit", self.on_rate_limit, "'wait' or 'raise'", {"wait", "raise"}.__contains__)

    @property
    def longest_slot_wait(self) -> float:
        """How many seconds to wait for the limiter before a ``RateLimitError`` is raised."""
        return _LONGEST_SLOT_WAIT if self.on_rate_limit == "raise" else math.inf


@dataclass(frozen=True, slots=True)
class Send:
    """Send the request, and give back the ``Reply``, or the error that stands for it."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Push:
    """Let no process send anything for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait so many seconds before the next attempt."""

    seconds: float
    reason: str


Step: TypeAlias = Send | Push | Sleep

HEADERS = frozenset(
    {
        *("age", "cache-control", "date", "etag"),
        *("retry-after", "x-ratelimit-remaining", "x-ratelimit-reset"),
    }
)
"""The headers of a reply that anything here reads."""

_LONGEST_SLOT_WAIT = 1.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What came over the wire, decompressed and otherwise untouched.

    ``headers`` are those of ``HEADERS`` that came, under lower-case names. ``is_stored`` marks a body that a
    cache had kept.
    """

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    is_stored: bool = False


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A value with how it was obtained.

    Attributes
    ----------
    value
        What ``send`` returns.
    body
        The answer as it came, decompressed.
    status
        HTTP's, from 200 to 299.
    attempts
        How often TMDB was asked, from 1; 0 when it came out of a cache.
    waited_seconds
        For how long it was held back by the rate limit, once it was its turn, and between attempts.
    answered_at
        An instant in UTC; out of a cache, when TMDB sent it, or last said that it still holds.
    """

    value: T
    body: bytes
    status: int
    attempts: int
    waited_seconds: float
    answered_at: datetime


def _is_wait(seconds: float) -> bool:
    return 0 <= seconds < math.inf


def exchange(
    endpoint: Endpoint[T], policy: RetryPolicy, *, now: Callable[[], datetime], jitter: Callable[[], float]
) -> Generator[Step, "Reply | TMDBError | None", Answer[T]]:
    """Ask until there is an answer, or a reason to stop.

    Parameters
    ----------
    endpoint
        The question.
    policy
        When to ask again.
    now
        The time, in UTC.
    jitter
        A number from 0 to 1, another one at each call.

    Yields
    ------
    Step
        What to do next; only ``Send`` wants something sent back.

    Returns
    -------
    Answer
        The value; ``waited_seconds`` holds the pauses between attempts.

    Raises
    ------
    TMDBError
        Of the kind that says what to do next.
    """
    state = tenacity.RetryCallState(_retrying(policy, jitter), None, (), {})
    state.retry_object.begin()
    while True:
        step: object = state.retry_object.iter(state)
        if isinstance(step, tenacity.DoAttempt):
            reply = yield Send(state.attempt_number)
            outcome = _outcome(endpoint, reply, state.attempt_number, now())
            if isinstance(reply, Reply) and reply.is_stored and isinstance(outcome, TMDBError):
                reply = yield Send(state.attempt_number)  # what was kept is no use: ask for it after all
                outcome = _outcome(endpoint, reply, state.attempt_number, now())
            if isinstance(reply, Reply):
                if isinstance(outcome, RateLimitError):
                    yield Push(_pause(policy, state.attempt_number, outcome))
                elif seconds := seconds_until_reset(reply.headers, now()):
                    yield Push(seconds)
            state.set_result(outcome)
        elif isinstance(step, tenacity.DoSleep):
            reason = str(_last(state))
            state.prepare_for_next_attempt()
            yield Sleep(float(step), reason)
        elif isinstance(step, TMDBError):
            raise step
        else:
            return cast("Answer[T]", step)


def _retrying(policy: RetryPolicy, jitter: Callable[[], float]) -> tenacity.Retrying:
    """Return tenacity's decisions; outcomes are values to it, so that no exception of it or in it escapes."""
    return tenacity.Retrying(
        stop=tenacity.stop_after_attempt(policy.attempts),
        wait=lambda state: _pause(policy, state.attempt_number, _last(state)) * (1 + jitter() / 4),
        retry=lambda state: _is_worth_another(policy, _last(state)),
        retry_error_callback=_last,
    )


def _is_worth_another(policy: RetryPolicy, outcome: object) -> bool:
    if isinstance(outcome, RateLimitError):
        return policy.on_rate_limit == "wait"
    return isinstance(outcome, TMDBError) and outcome.retryable


def _last(state: tenacity.RetryCallState) -> object:
    return state.outcome.result() if state.outcome else None


def _pause(policy: RetryPolicy, attempt: int, error: object) -> float:
    if isinstance(error, (RateLimitError, ServerError)) and error.retry_after is not None:
        return min(error.retry_after, policy.max_retry_after)
    return min(policy.first_wait * 2 ** (attempt - 1), policy.max_wait)


def _outcome(
    endpoint: Endpoint[T], reply: Reply | TMDBError | None, attempt: int, answered_at: datetime
) -> Answer[T] | TMDBError:
    if not isinstance(reply, Reply):
        return (reply or TransportError()).about(endpoint.method, endpoint.path, attempt)
    if not HTTPStatus(200) <= reply.status < HTTPStatus(300):
        error = refusal(reply.status, reply.body, seconds_asked_for(reply.headers, answered_at))
        return error.about(endpoint.method, endpoint.path, attempt)
    value = decode(reply.body, endpoint.answer)
    if isinstance(value, DecodeError):
        return value.about(endpoint.method, endpoint.path, attempt)
    return Answer(value, reply.body, reply.status, attempt, 0.0, answered_at)
