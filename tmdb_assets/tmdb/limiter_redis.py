"""The budget that many machines share, in Redis."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tmdb_assets.settings import SettingsError, checked_redis_url
from tmdb_assets.tmdb.limiter import LATENESS, LONGEST_PUSH, Limiter, ProcessLimiter, SharedLimiter

if TYPE_CHECKING:
    from redis import Redis

__all__ = ["RedisLimiter"]

_TIMEOUT = 1.0
_NEVER = 1e9  # seconds; not every Redis reads "inf"

# What follows repeats ``next_slot``, ``reserved`` and ``pushed`` in Redis, where nothing comes between.
# Numbers are kept with 17 digits: so they are Python's, to the last bit.
_SLOT = """
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] + time[2] / 1000000
end
local lateness = tonumber(ARGV[2])
local slot = now - lateness
local kept = redis.call('GET', KEYS[1])
if kept then
  local free, noted = string.match(kept, '^slots ([%d%.e+-]+) ([%d%.e+-]+)$')
  free, noted = tonumber(free), tonumber(noted)
  if free and noted then
    slot = math.max(free - math.max(0, noted - now), slot)
  end
end
local function keep(free)
  local milliseconds = math.ceil((math.max(0, free - now) + 60) * 1000)
  redis.call('SET', KEYS[1], string.format('slots %.17g %.17g', free, now), 'PX', milliseconds)
end
"""
_RESERVE = f"""{_SLOT}
local seconds = math.max(0, slot - now)
if seconds <= tonumber(ARGV[4]) then
  keep(slot + 1 / tonumber(ARGV[3]))
end
return string.format('%.17g', seconds)
"""
_PUSH = f"""{_SLOT}
keep(math.max(slot, now + tonumber(ARGV[3])))
"""


class RedisLimiter(SharedLimiter):
    """A budget that many machines share, in Redis.

    Redis tells the time, since the machines' clocks differ. While it cannot be used, ``standby`` gives out
    the slots, with a warning, and Redis is tried again every ten seconds.

    Parameters
    ----------
    url
        ``redis://[user:password@]host[:port][/database]``, likewise ``rediss://``, or ``unix:///path``.
    key
        What the budget is called in Redis; it is removed by itself a minute after its last use.
    requests_per_second
        The budget of all machines together.
    standby
        A limiter for the time that Redis is away; by default one of this process alone.
    clock
        What tells the time instead of Redis, alike to all who share the budget.

    Raises
    ------
    SettingsError
        When the address is of another form, or the package ``redis`` is not installed.
    """

    is_remote = True

    def __init__(
        self,
        url: str,
        key: str,
        requests_per_second: float,
        *,
        standby: Limiter | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(
            standby or ProcessLimiter(requests_per_second, clock or time.monotonic), clock or time.monotonic
        )
        self.key = key
        self.requests_per_second = requests_per_second
        self._redis_clock = clock
        redis = _redis(checked_redis_url(url))
        parts = urlsplit(url)
        self.place = parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}"
        self._reserve_there = redis.register_script(_RESERVE)
        self._push_there = redis.register_script(_PUSH)

    def _reserve(self, longest: float) -> float:
        longest = min(max(longest, -1.0), _NEVER)
        return float(self._run(self._reserve_there, self.requests_per_second, longest))

    def _push(self, seconds: float) -> None:
        self._run(self._push_there, max(0.0, min(seconds, LONGEST_PUSH)))

    def _run(self, script: Callable[..., object], *arguments: float) -> str:
        import redis  # noqa: PLC0415 - an extra

        now = self._redis_clock() if self._redis_clock else ""
        try:
            return str(script(keys=[self.key], args=[now, LATENESS, *arguments]))
        # Its words are not repeated: a server that knows no password answers with the one it was sent.
        except redis.AuthenticationError:
            raise OSError("it refuses the user or the password") from None
        except (redis.TimeoutError, TimeoutError):
            raise OSError(f"no answer within {_TIMEOUT:g} s") from None
        except (redis.ConnectionError, OSError):
            raise OSError("it cannot be reached") from None
        except (redis.RedisError, ValueError) as error:
            raise OSError(f"it answers with a {type(error).__name__}") from None

    def _complaint(self, error: OSError) -> str:
        return (
            f"The rate limit is not shared between machines: Redis at {self.place} cannot be used ({error})."
        )


def _redis(url: str) -> "Redis":
    """Return a client of Redis, not connected yet."""
    try:
        from redis import Redis  # noqa: PLC0415 - an extra
        from redis.backoff import NoBackoff  # noqa: PLC0415 - the same
        from redis.retry import Retry  # noqa: PLC0415 - the same
    except ImportError:
        raise SettingsError(
            "A limit that is shared through Redis needs a package more: pip install 'tmdb-assets[redis]'."
        ) from None
    try:
        redis = Redis.from_url(
            url,
            decode_responses=True,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=_TIMEOUT,
            socket_timeout=_TIMEOUT,
        )
        redis.connection_pool.make_connection()  # an option that it does not know shows here
    except (TypeError, ValueError):
        raise SettingsError(
            "The address of Redis has an option that the package redis does not know."
        ) from None
    return redis
