"""The sender: carries out what a conversation asks for, in threads, and decides nothing."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar

from tmdb_assets.tmdb.batch import HELD_PER_CONNECTION, Stream
from tmdb_assets.tmdb.conversation import Conversation
from tmdb_assets.tmdb.core import ClientCore
from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.errors import TMDBError
from tmdb_assets.tmdb.exchange import Answer, Push, Send
from tmdb_assets.tmdb.limiter import LATENESS
from tmdb_assets.tmdb.transport.sync_transport import SyncTransport

__all__ = ["SyncSender"]

T = TypeVar("T")

_GLANCE = 0.1


class SyncSender(ClientCore):
    """Everything of ``TMDBClient`` that waits; its callers say when to stop waiting."""

    _transport: SyncTransport | None = None

    def _make_locks(self) -> None:
        self._places = threading.BoundedSemaphore(self.max_concurrent)
        self._slots = threading.Lock()
        self._opening = threading.Lock()
        self._never = threading.Event()

    def _opened(self) -> SyncTransport:
        with self._opening:
            if self._transport is None:
                self._transport = SyncTransport(
                    self.base_url, self._credential, connections=self.max_concurrent, timeouts=self.timeouts
                )
                self._is_open = True
            return self._transport

    def _close(self) -> None:
        with self._opening:
            transport, self._transport, self._is_open = self._transport, None, False
        if transport is not None:
            transport.close()

    def _stop(self, stop: threading.Event) -> None:
        """Free all who wait with ``stop``, whatever for."""
        stop.set()
        if (transport := self._transport) is not None:
            transport.break_off(stop)

    def __del__(self) -> None:
        try:
            super().__del__()
        finally:
            if self._transport is not None:
                self._close()

    def _answer(self, endpoint: Endpoint[T], stop: threading.Event) -> Answer[T]:
        endpoint, conversation = self._converse(endpoint)
        while step := conversation.next_step():
            if isinstance(step, Send):
                self._ask(endpoint, conversation, stop)
            elif isinstance(step, Push):
                self._limiter.push(step.seconds)
            else:
                _pause(step.seconds, stop)
                conversation.waited(step.seconds)
        return conversation.answer

    def _ask(self, endpoint: Endpoint[T], conversation: Conversation[T], stop: threading.Event) -> None:
        self._opened()  # before a slot is taken: it is slow the first time
        asked = time.monotonic()
        if not self._acquired(self._places, self._longest_place_wait, stop):
            conversation.not_sent(self._no_place())
            return
        try:
            conversation.begins()
            if (far := self._take_slot(conversation, stop, asked + self.retry.longest_slot_wait)) > 0:
                conversation.not_sent(self._slot_refused(far))
                return
            started = time.monotonic()
            conversation.sending(started - asked)
            reply = self._opened().ask(
                endpoint.method, endpoint.path, endpoint.params, conversation.headers, stop=stop
            )
            conversation.came(reply, time.monotonic() - started)
        finally:
            conversation.ends()
            self._places.release()

    def _take_slot(self, conversation: Conversation[T], stop: threading.Event, latest: float) -> float:
        """Wait for a slot, and return 0; or, when it is too far away to wait for, how far."""
        # One at a time: a slot reserved long before it is due could not be taken back by a 429 to anybody.
        if not self._acquired(self._slots, latest - time.monotonic(), stop):
            return self.retry.longest_slot_wait
        try:
            started = time.monotonic()
            _pause(0, stop)
            while (seconds := self._limiter.reserve(latest - time.monotonic())) > 0:
                if time.monotonic() + seconds > latest:
                    return seconds
                conversation.waiting_for_slot(seconds)
                due = time.monotonic() + seconds
                _pause(seconds, stop)
                if time.monotonic() - due <= LATENESS:
                    break
            if self.meter is not None:
                self.meter.admit()
        finally:
            self._slots.release()
        conversation.waited(time.monotonic() - started)
        return 0.0

    def _acquired(
        self, lock: "threading.Lock | threading.Semaphore", seconds: float, stop: threading.Event
    ) -> bool:
        """Wait for a lock, and return whether it could be had in time."""
        ends = time.monotonic() + seconds
        glance = threading.TIMEOUT_MAX if stop is self._never else _GLANCE
        while not lock.acquire(timeout=max(0.0, min(glance, ends - time.monotonic()))):
            if time.monotonic() >= ends:
                return False
            _pause(0, stop)
        return True

    def _stream(
        self,
        endpoints: Iterable[Endpoint[T]],
        take: Callable[[Answer[T]], T],
        *,
        concurrent: int | None = None,
        ahead: int | None = None,
        on_done: Callable[[int], object] | None = None,
    ) -> Generator[T | TMDBError]:
        concurrent = min(concurrent or self.max_concurrent, self.max_concurrent)
        stream = Stream(endpoints, ahead or HELD_PER_CONNECTION * concurrent, on_done)
        stop, process = threading.Event(), os.getpid()
        done = SimpleQueue[tuple[int, Future[T | TMDBError]]]()

        def outcome(endpoint: Endpoint[T]) -> T | TMDBError:
            try:
                return take(self._answer(endpoint, stop))
            except TMDBError as error:
                return error

        def ask(pool: ThreadPoolExecutor, number: int, endpoint: Endpoint[T]) -> None:
            pool.submit(outcome, endpoint).add_done_callback(lambda future: done.put((number, future)))

        def ask_on(pool: ThreadPoolExecutor, asked: int) -> int:
            while asked < concurrent and (question := stream.next_question()):
                ask(pool, *question)
                asked += 1
            return asked

        leave = partial(self._stop, stop)
        _leaving.add(leave)
        with ThreadPoolExecutor(concurrent, "tmdb_assets") as pool:
            asked = 0
            try:
                while True:
                    asked = ask_on(pool, asked)
                    yield from stream.due()
                    asked = ask_on(pool, asked)  # what was told made room
                    if not asked:
                        return
                    number, future = _next(done, process)
                    asked -= 1
                    stream.done(number, future.result())
            finally:
                leave()  # nobody waits any more
                _leaving.discard(leave)


_leaving = set[Callable[[], None]]()


def _leave_all() -> None:
    """Let the program end, should it do so while somebody has not taken all that a stream yields."""
    for leave in list(_leaving):
        leave()


if hasattr(threading, "_register_atexit"):
    # What `atexit` calls comes too late: Python waits for all threads before it.
    threading._register_atexit(_leave_all)  # noqa: SLF001 # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_leaving.clear)


def _next(done: "SimpleQueue[T]", process: int) -> T:
    while True:
        if os.getpid() != process:
            raise RuntimeError("A stream cannot go on in a forked process: ask for the rest anew.")
        # Not without end: a signal that comes just before would be noticed only after the next answer.
        with contextlib.suppress(Empty):
            return done.get(timeout=_GLANCE)


def _pause(seconds: float, stop: threading.Event) -> None:
    if stop.wait(seconds):
        raise CancelledError
