"""The async sender: what ``sync_sender.py`` holds, awaited."""

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import TypeVar

from tmdb_assets.tmdb.batch import HELD_PER_CONNECTION, Stream
from tmdb_assets.tmdb.conversation import Conversation
from tmdb_assets.tmdb.core import ClientCore
from tmdb_assets.tmdb.endpoint import Endpoint
from tmdb_assets.tmdb.errors import TMDBError
from tmdb_assets.tmdb.exchange import Answer, Push, Send
from tmdb_assets.tmdb.limiter import LATENESS
from tmdb_assets.tmdb.transport.async_transport import AsyncTransport
from tmdb_assets.tmdb.usage import Counter

__all__ = ["AsyncSender"]

T = TypeVar("T")


class AsyncSender(ClientCore):
    """Everything of ``AsyncTMDBClient`` that waits; cancelling ends every wait at once."""

    _transport: AsyncTransport | None = None
    _loop: asyncio.AbstractEventLoop | None = None

    def _make_locks(self) -> None:
        self._places = asyncio.Semaphore(self.max_concurrent)
        self._slots = asyncio.Lock()

    def _opened(self) -> AsyncTransport:
        loop = asyncio.get_running_loop()
        if self._transport is None:
            if loop is not self._loop:
                self._make_locks()  # those of an earlier loop cannot be waited for in this one
            self._transport = AsyncTransport(
                self.base_url, self._credential, connections=self.max_concurrent, timeouts=self.timeouts
            )
            self._is_open, self._loop = True, loop
        elif loop is not self._loop:
            raise RuntimeError(
                f"{self!r} has connections in another event loop: make one client for each loop, or "
                "close it there with aclose() before it is used here."
            )
        return self._transport

    async def _close(self) -> None:
        transport, self._transport, self._is_open = self._transport, None, False
        if transport is not None:
            await transport.close()

    def __del__(self) -> None:
        try:
            super().__del__()
        finally:
            if self._transport is not None and self._loop is not None:
                self._is_open = False
                self._transport.abandon(self._loop)

    async def _answer(self, endpoint: Endpoint[T], counter: Counter | None = None) -> Answer[T]:
        endpoint, conversation = self._converse(endpoint, counter)
        while step := conversation.next_step():
            if isinstance(step, Send):
                await self._ask(endpoint, conversation)
            elif isinstance(step, Push):
                await self._push(step.seconds)
            else:
                await asyncio.sleep(step.seconds)
                conversation.waited(step.seconds)
        return conversation.answer

    async def _ask(self, endpoint: Endpoint[T], conversation: Conversation[T]) -> None:
        self._opened()  # before a slot is taken: it is slow the first time
        asked = time.monotonic()
        if not await _acquired(self._places, self._longest_place_wait):
            conversation.not_sent(self._no_place())
            return
        try:
            conversation.begins()
            if (far := await self._take_slot(conversation, asked + self.retry.longest_slot_wait)) > 0:
                conversation.not_sent(self._slot_refused(far))
                return
            started = time.monotonic()
            conversation.sending(started - asked)
            reply = await self._opened().ask(
                endpoint.method, endpoint.path, endpoint.params, conversation.headers
            )
            conversation.came(reply, time.monotonic() - started)
        finally:
            conversation.ends()
            self._places.release()

    async def _take_slot(self, conversation: Conversation[T], latest: float = math.inf) -> float:
        """Wait for a slot, and return 0; or, when it is too far away to wait for, how far."""
        # One at a time: a slot reserved long before it is due could not be taken back by a 429 to anybody.
        if not await _acquired(self._slots, latest - time.monotonic()):
            return self.retry.longest_slot_wait
        try:
            started = time.monotonic()
            while (seconds := await self._reserve(latest - time.monotonic())) > 0:
                if time.monotonic() + seconds > latest:
                    return seconds
                conversation.waiting_for_slot(seconds)
                due = time.monotonic() + seconds
                await asyncio.sleep(seconds)
                if time.monotonic() - due <= LATENESS:
                    break
            await self._admit()
        finally:
            self._slots.release()
        conversation.waited(time.monotonic() - started)
        return 0.0

    async def _reserve(self, longest: float) -> float:
        if self._limiter_is_remote:
            return await asyncio.to_thread(self._limiter.reserve, longest)
        return self._limiter.reserve(longest)

    async def _admit(self) -> None:
        if self.meter is not None and self.meter.is_remote:
            await asyncio.to_thread(self.meter.admit)
        elif self.meter is not None:
            self.meter.admit()

    async def _push(self, seconds: float) -> None:
        if self._limiter_is_remote:
            await asyncio.to_thread(self._limiter.push, seconds)
        else:
            self._limiter.push(seconds)

    async def _stream(
        self,
        endpoints: Iterable[Endpoint[T]],
        take: Callable[[Answer[T]], T],
        *,
        concurrent: int | None = None,
        ahead: int | None = None,
        on_done: Callable[[int], object] | None = None,
    ) -> AsyncGenerator[T | TMDBError]:
        concurrent = min(concurrent or self.max_concurrent, self.max_concurrent)
        stream = Stream(endpoints, ahead or HELD_PER_CONNECTION * concurrent, on_done)
        done = asyncio.Queue[tuple[int, asyncio.Task[T | TMDBError]]]()
        asked = set[asyncio.Task[T | TMDBError]]()

        async def outcome(endpoint: Endpoint[T]) -> T | TMDBError:
            try:
                return take(await self._answer(endpoint))
            except TMDBError as error:
                return error

        def ask(number: int, endpoint: Endpoint[T]) -> None:
            task = asyncio.create_task(outcome(endpoint))
            task.add_done_callback(lambda task: done.put_nowait((number, task)))
            asked.add(task)

        def ask_on() -> None:
            while len(asked) < concurrent and (question := stream.next_question()):
                ask(*question)

        try:
            while True:
                ask_on()
                for each in stream.due():
                    yield each
                ask_on()  # what was told made room
                if not asked:
                    return
                number, task = await done.get()
                asked.remove(task)
                stream.done(number, task.result())
        finally:
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)


async def _acquired(lock: asyncio.Lock | asyncio.Semaphore, seconds: float) -> bool:
    """Wait for a lock, and return whether it could be had in time."""
    if seconds == math.inf:
        return await lock.acquire()
    try:
        async with asyncio.timeout(seconds):
            return await lock.acquire()
    except TimeoutError:
        return False
