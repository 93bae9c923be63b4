"""Why nothing comes: a wait of the whole work in one sentence now and then, not one for each request."""

import math
import time
from collections.abc import Callable

from tmdb_assets.tmdb.meter import Wait

_LONG_SECONDS = 10.0
_AGAIN_SECONDS = 60.0
"""After this long the same reason is told again."""
_SHORT_SECONDS = 1.0
_SLOTS_OF_OTHERS = 100
"""A slot that is further away than so many others is not held back by processes that share the budget."""


class Watch:
    """Tells why work waits, once it has waited for ten seconds or is known to.

    Call ``look`` about every second.

    Parameters
    ----------
    requests_per_second
        The budget that all processes share.
    tell
        Is called with a sentence without its full stop, such as "waiting 42 s: TMDB asked for it (429)".
    clock
        What tells the time, in seconds.
    """

    def __init__(
        self,
        requests_per_second: float,
        tell: Callable[[str], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate = requests_per_second
        self._tell = tell
        self._clock = clock
        self._under_way = 0
        self._quiet_since = clock()
        self._slot_at = self._asked_until = self._paused_until = -math.inf
        self._slot_wait = 0.0
        self._trouble: Wait | None = None
        self._told: tuple[str, float] = ("", -math.inf)

    def begin(self) -> None:
        """Take that a question's turn has come."""
        self._wake()
        self._under_way += 1

    def end(self) -> None:
        """Take that its turn is over, with an answer or without."""
        self._under_way -= 1

    def answered(self) -> None:
        """Take that a question is answered, so that work goes on."""
        self._quiet_since = self._clock()
        self._trouble = None

    def waits(self, wait: Wait) -> None:
        """Take that a question is held back."""
        until = self._clock() + wait.seconds
        if wait.why == "budget":
            self._slot_at, self._slot_wait = until, wait.seconds
            return
        self._trouble = wait
        self._paused_until = max(self._paused_until, until)
        if wait.why == "asked":
            self._asked_until = max(self._asked_until, until)

    def look(self) -> None:
        """Tell why the work waits, if it does so for long and that was not told yet."""
        now = self._clock()
        held = max(0.0, self._slot_at - now)
        quiet = now - (self._quiet_since if held else max(self._quiet_since, self._slot_at))
        if quiet + held < _LONG_SECONDS or self._is_idle(now):
            return
        why = self._why(held)
        last, told_at = self._told
        if now - told_at < (_AGAIN_SECONDS if why == last else _LONG_SECONDS):
            return
        self._told = why, now
        for_seconds = f" {held:.0f} s" if held else f", for {quiet:.0f} s now"
        self._tell(f"waiting{for_seconds}: {why}")

    def _why(self, held: float) -> str:
        if held:
            if self._asked_until > self._slot_at - _SHORT_SECONDS:
                return "TMDB asked for it (429)"
            if self._slot_wait * self._rate > _SLOTS_OF_OTHERS:
                return "TMDB asked another process for it (429)"
            return f"all processes share the budget of {self._rate:g} requests a second"
        if self._trouble is None:
            return "TMDB has not answered yet"
        came = f"HTTP {self._trouble.status}" if self._trouble.status else "no complete answer"
        return (
            f"TMDB does not answer ({came}), attempt {self._trouble.attempt} of {self._trouble.attempts} "
            "comes next"
        )

    def _wake(self) -> None:
        """Begin to count the quiet when there is something to wait for again."""
        if self._is_idle(now := self._clock()):
            self._quiet_since = now
            self._trouble = None

    def _is_idle(self, now: float) -> bool:
        return not self._under_way and now > self._paused_until + _SHORT_SECONDS
