"""One account of all requests: counted in the state as they are sent, and kept within a day's cap."""

import asyncio
import contextlib
import datetime as dt
import logging
import tempfile
import threading
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path

import msgspec

from tmdb_assets.settings import Settings, SettingsError
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.state import State
from tmdb_assets.sync.waiting import Watch
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets.tmdb.meter import Wait

_log = logging.getLogger(__name__)

ESTIMATE, FETCH = "estimate", "fetch"
"""On behalf of no table: to say what a run would take, and to fill a folder with films."""

_CAP = "TMDB_ASSETS_DAILY_REQUESTS"
_FLUSHED_EVERY_SECONDS = 1.0
_COLUMNS = {
    "ok": "ok_count",
    "not_found": "not_found_count",
    "failed": "failed_count",
    "retries": "retry_count",
    "rate_limited": "rate_limited_count",
    "waited_seconds": "waited_seconds",
    "received_bytes": "received_bytes",
}
"""What of a client's usage stands in which column; requests are counted when they are sent."""


class DailyCapReachedError(Exception):
    """So many requests were sent today that no more may be."""

    def __init__(self, cap: int) -> None:
        super().__init__(
            f"The daily cap of {cap:,} requests ({_CAP}) is reached: what was got is "
            "kept, and work resumes tomorrow, at 00:00 UTC."
        )


@contextlib.contextmanager
def open_account(settings: Settings) -> Generator[State]:
    """Open the state for a command that only asks.

    A data folder that is missing stays so, and nothing is remembered, unless a daily cap has to be.
    """
    is_kept = settings.data.exists() or settings.state or settings.daily_requests
    with tempfile.TemporaryDirectory() as empty:
        folder = settings if is_kept else msgspec.structs.replace(settings, data=Path(empty))
        yield Storage.open(folder).state


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def is_of_daily_cap(sentence: str) -> bool:
    """Say whether a sentence is that of a daily cap that was reached."""
    return f"({_CAP}) is reached" in sentence


def requests_left_today(state: State, cap: int | None) -> int | None:
    """Return how many requests may still be sent today, at least one; None where there is no cap.

    Raises
    ------
    DailyCapReachedError
        None may be sent any more.
    """
    if cap is None:
        return None
    left = state.requests_left(_today(), cap)
    if not left:
        raise DailyCapReachedError(cap)
    return left


class UsageMeter:
    """Counts for one table, and keeps within the day's cap, also beside other processes.

    Requests are leased from the cap a few at a time, before they are sent, and given back when they were not.
    So the cap holds whatever happens, and a process that is killed takes its lease with it.

    Parameters
    ----------
    cap
        Requests a day of all who share the state; any number when None.
    today
        Says what day it is, UTC.
    """

    def __init__(
        self,
        state: State,
        asset: str,
        watch: Watch | None = None,
        *,
        cap: int | None = None,
        today: Callable[[], dt.date] = _today,
    ) -> None:
        self.is_remote = cap is not None
        self._state = state
        self._asset = asset
        self._watch = watch
        self._cap = cap
        self._today = today
        self._counting, self._leasing, self._flushing = threading.Lock(), threading.Lock(), threading.Lock()
        self._counts: dict[dt.date, Counter[str]] = {}
        self._released: Counter[dt.date] = Counter()
        self._lease_day = dt.date.min
        self._lease_count = 0
        self._refusal: DailyCapReachedError | None = None

    def begin(self) -> None:
        """Take that a question's turn has come.

        Raises
        ------
        DailyCapReachedError
            Nothing more may be asked today.
        """
        if self._watch:
            self._watch.begin()
        self._check()

    def end(self) -> None:
        """Take that its turn is over."""
        if self._watch:
            self._watch.end()

    def admit(self) -> None:
        """Count a request that is sent now.

        Raises
        ------
        DailyCapReachedError
            It would be one too many.
        """
        day = self._today()
        if self._cap is not None:
            with self._leasing:
                self._use_lease(day, self._cap)
        with self._counting:
            self._of(day)["request_count"] += 1

    def add(self, **more: float) -> None:
        """Count what came of requests."""
        with self._counting:
            counts = self._of(self._today())
            for name, column in _COLUMNS.items():
                if count := more.get(name):
                    counts[column] += count  # pyright: ignore[reportArgumentType] -- seconds are no whole number
        if self._watch and (more.get("ok") or more.get("not_found")):
            self._watch.answered()

    def waits(self, wait: Wait) -> None:
        """Take that a question is held back."""
        if self._watch:
            self._watch.waits(wait)

    def flush(self) -> None:
        """Bring into the state what was counted since the last time.

        Raises
        ------
        SettingsError
            The state cannot be used; what was counted waits for the next time.
        """
        with self._flushing:
            with self._counting:
                counts, self._counts = self._counts, {}
                released, self._released = self._released, Counter()
            for day in sorted({*counts, *released}):
                try:
                    self._state.add_usage(day, self._asset, counts.get(day, {}), released_count=released[day])
                except SettingsError:
                    with self._counting:
                        for later in (each for each in {*counts, *released} if each >= day):
                            self._of(later).update(counts.get(later, {}))
                            self._released[later] += released[later]
                    raise

    def close(self) -> None:
        """Give back what was leased and not used, and flush."""
        with self._leasing:
            self._give_back()
        self.flush()

    def _check(self) -> None:
        if self._refusal:
            raise self._refusal

    def _of(self, day: dt.date) -> Counter[str]:
        return self._counts.setdefault(day, Counter())

    def _use_lease(self, day: dt.date, cap: int) -> None:
        self._check()
        if self._lease_day != day:
            self._give_back()
        if not self._lease_count:
            self._lease_day, self._lease_count = day, self._state.lease_requests(day, cap)
        if not self._lease_count:
            self._refusal = DailyCapReachedError(cap)
            raise self._refusal
        self._lease_count -= 1
        with self._counting:
            self._released[day] += 1  # once it stands among the requests

    def _give_back(self) -> None:
        if self._lease_count:
            with self._counting:
                self._released[self._lease_day] += self._lease_count
            self._lease_count = 0


@contextlib.asynccontextmanager
async def metered(
    client: AsyncTMDBClient,
    state: State,
    asset: str,
    *,
    cap: int | None = None,
    on_wait: Callable[[str], object] = _log.info,
) -> AsyncGenerator[None]:
    """Count in the state what a client asks meanwhile, every second, and keep it within the day's cap.

    Parameters
    ----------
    asset
        The table on whose behalf it asks.
    cap
        Requests a day of all who share the state; any number when None.
    on_wait
        Is called with a sentence on why nothing comes, when that takes long; see :class:`Watch`.

    Raises
    ------
    DailyCapReachedError
        By what the client is asked then.
    """
    watch, ended = Watch(client.requests_per_second, on_wait), asyncio.Event()
    meter = UsageMeter(state, asset, watch, cap=cap)
    flushing = asyncio.create_task(_flush_until(ended, meter, watch))
    client.meter = meter
    try:
        yield
    except BaseException:
        with contextlib.suppress(SettingsError):  # what the work says tells more
            await _end(client, meter, ended, flushing)
        raise
    await _end(client, meter, ended, flushing)


async def _end(
    client: AsyncTMDBClient, meter: UsageMeter, ended: asyncio.Event, flushing: asyncio.Task[None]
) -> None:
    client.meter = None
    ended.set()
    await flushing
    await asyncio.to_thread(meter.close)


async def _flush_until(ended: asyncio.Event, meter: UsageMeter, watch: Watch) -> None:
    while not ended.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), _FLUSHED_EVERY_SECONDS)
        watch.look()
        with contextlib.suppress(SettingsError):  # the last flush tells
            await asyncio.to_thread(meter.flush)
