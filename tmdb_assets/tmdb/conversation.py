"""A conversation: one exchange under way, with its account of requests and waits, and its log lines."""

import logging
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Generic, TypeVar

from tmdb_assets.tmdb.caches.rules import Caching
from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.errors import NotFoundError, TMDBError
from tmdb_assets.tmdb.exchange import Answer, Reply, RetryPolicy, Send, Sleep, Step, exchange
from tmdb_assets.tmdb.meter import Meter, Wait
from tmdb_assets.tmdb.usage import Counter

__all__ = ["Conversation"]

T = TypeVar("T")

logger = logging.getLogger("tmdb_assets.tmdb")

_WORTH_SAYING_SECONDS = 1.0


class Conversation(Generic[T]):
    """What both clients go through for one question.

    Call ``next_step`` until it is ``None``, and carry out each step: report what ``came`` of a ``Send``, and
    how long was ``waited``. Then ``answer`` is there, unless an error was raised. What a cache knows takes no
    step.
    """

    answer: Answer[T]
    headers: Mapping[str, str]
    """What the request carries beside the client's own headers."""

    def __init__(
        self,
        endpoint: Endpoint[T],
        policy: RetryPolicy,
        counter: Counter,
        caching: Caching | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._attempts = policy.attempts
        self._caching = caching
        self._meter = meter
        self._counter = counter
        self._steps = exchange(endpoint, policy, now=lambda: datetime.now(UTC), jitter=random.random)
        self._reply: Reply | TMDBError | None = None
        self._status: int | None = None
        self._attempt = 0
        self._is_announced = False
        self.headers = {}
        self._waited = 0.0

    def next_step(self) -> Step | None:
        """Return what to do next, or ``None`` when the answer is there.

        Raises
        ------
        TMDBError
            When the question cannot be answered.
        """
        reply, self._reply = self._reply, None
        while True:
            try:
                step = self._steps.send(reply)
            except StopIteration as stop:
                self._settle(stop.value)
                return None
            except TMDBError as error:
                not_found = isinstance(error, NotFoundError)
                self._counter.add(not_found=int(not_found), failed=int(not not_found))
                raise
            if isinstance(step, Sleep):
                logger.info("Waiting %.1f s, then asking again: %s", step.seconds, step.reason)
                self._tell_why(step.seconds)
            if not isinstance(step, Send):
                return step
            self._attempt = step.attempt
            reply = self._recalled()
            if reply is None:
                return step

    def _recalled(self) -> Reply | None:
        if self._caching is None:
            return None
        reply = self._caching.recalled(datetime.now(UTC))
        self.headers = self._caching.condition
        return reply

    def _settle(self, answer: Answer[T]) -> None:
        is_hit = False
        if self._caching is not None:
            answer, is_hit = self._caching.settled(answer), self._caching.is_hit
        if is_hit:
            logger.debug("%s %s from the cache", self._endpoint.method, self._endpoint.path)
        self.answer = replace(answer, waited_seconds=self._waited)
        self._counter.add(ok=1, cached=int(is_hit))

    def _tell_why(self, seconds: float) -> None:
        if self._meter is not None:
            why = "asked" if self._status == HTTPStatus.TOO_MANY_REQUESTS else "trouble"
            self._meter.waits(Wait(seconds, why, self._status, self._attempt + 1, self._attempts))

    def waited(self, seconds: float) -> None:
        """Note a wait, for a slot or between attempts."""
        self._waited += seconds
        self._counter.add(waited_seconds=seconds)

    def waiting_for_slot(self, seconds: float) -> None:
        """Say that the rate limit asks for a wait, when it is a long one."""
        if seconds >= _WORTH_SAYING_SECONDS:
            self._is_announced = True
            if self._meter is not None:
                self._meter.waits(Wait(seconds, "budget"))
            logger.info(
                "Waiting %.1f s before %s %s: others took the budget until then, or TMDB asked to slow down",
                seconds,
                self._endpoint.method,
                self._endpoint.path,
            )

    def sending(self, queued_seconds: float) -> None:
        """Say how long the question waited for its turn, when that was long and nobody knew it before."""
        if queued_seconds >= _WORTH_SAYING_SECONDS and not self._is_announced:
            logger.info(
                "Waited %.1f s before %s %s: other questions of this client came first",
                queued_seconds,
                self._endpoint.method,
                self._endpoint.path,
            )
        self._is_announced = False

    def begins(self) -> None:
        """Say that it is the question's turn.

        Raises
        ------
        Exception
            The meter's, where nothing more may be asked.
        """
        if self._meter is not None:
            self._meter.begin()

    def ends(self) -> None:
        """Say that the question's turn is over."""
        if self._meter is not None:
            self._meter.end()

    def not_sent(self, error: TMDBError) -> None:
        """Note that no request was sent, and why."""
        self._reply = error

    def came(self, reply: Reply | TMDBError, seconds: float) -> None:
        """Note what came of a request, and after how many seconds."""
        self._reply = self._caching.completed(reply) if self._caching else reply
        arrived = isinstance(reply, Reply)
        self._status = reply.status if arrived else None
        self._counter.add(
            requests=1,
            retries=int(self._attempt > 1),
            rate_limited=int(arrived and reply.status == HTTPStatus.TOO_MANY_REQUESTS),
            received_bytes=len(reply.body) if arrived else 0,
        )
        if logger.isEnabledFor(logging.DEBUG):
            logger.debug(
                "%s %s %s in %.0f ms (attempt %d)",
                self._endpoint.method,
                self._endpoint.path,
                reply.status if arrived else "no answer",
                seconds * 1000,
                self._attempt,
            )
