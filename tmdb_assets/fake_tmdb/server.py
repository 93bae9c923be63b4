"""Starting and stopping the fake: in a thread for Python, in the foreground for the command line."""

import asyncio
import contextlib
import datetime as dt
import signal
import socket
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tmdb_assets.fake_tmdb.application import Application, LoggedRequest
from tmdb_assets.fake_tmdb.exports import PREFIX as EXPORTS
from tmdb_assets.fake_tmdb.options import FakeOptions
from tmdb_assets.fake_tmdb.pictures.gallery import PREFIX

_BACKLOG = 1024
_SHUTDOWN_SECONDS = 1.0


@dataclass(kw_only=True)
class FakeTMDB(FakeOptions):
    """A TMDB that answers from memory, over HTTP, while the ``with`` block lasts."""

    requests: list[LoggedRequest] = field(default_factory=list[LoggedRequest], init=False, repr=False)

    def __post_init__(self) -> None:
        self._application = self.application(self.requests)
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    def __enter__(self) -> Self:
        sock = _listening_socket(self.host, self.port)
        self.port = sock.getsockname()[1]
        self._thread = threading.Thread(
            target=asyncio.run, args=(self._serve(sock),), name="fake-tmdb", daemon=True
        )
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread is None or self._loop is None or self._stop is None:
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._thread = None

    @property
    def base_url(self) -> str:
        """The URL that stands in for ``https://api.themoviedb.org/3``."""
        return _base_url(self.host, self.port)

    @property
    def image_base_url(self) -> str:
        """The URL that stands in for ``https://image.tmdb.org/t/p``."""
        return self.base_url.removesuffix("/3") + PREFIX.rstrip("/")

    @property
    def export_base_url(self) -> str:
        """The URL that stands in for ``https://files.tmdb.org/p/exports``."""
        return self.base_url.removesuffix("/3") + EXPORTS.rstrip("/")

    def stats(self) -> dict[str, Any]:
        """Return what ``GET /__stats__`` shows."""
        return self._application.statistics.as_json()

    def add_movie(
        self,
        movie_id: int,
        release_date: str,
        *keyword_ids: int,
        at: dt.datetime | None = None,
        **fields: Any,  # noqa: ANN401 -- any JSON
    ) -> None:
        """Add a film, or put it in the place of the one with its id.

        Parameters
        ----------
        movie_id, release_date
            The film's id and primary release date, ``""`` when it has none.
        keyword_ids
            Ids of its keywords; one that is not known gets a name of its own.
        at
            When it is added, for the feed of changes; by default now.
        fields
            Any other field or sub-resource, in the shape that TMDB gives it.
        """
        with self._application.lock:
            names = self._application.catalogue.keywords
            keywords = [{"id": each, "name": names.get(each, f"keyword {each}")} for each in keyword_ids]
            film = {"title": f"Film {movie_id}", "keywords": keywords, "vote_average": 6.5} | fields
            with self._changing(movie_id, at):
                self._application.catalogue.put(film | {"id": movie_id, "release_date": release_date})

    def update_movie(self, movie_id: int, *, at: dt.datetime | None = None, **fields: Any) -> None:  # noqa: ANN401 -- any JSON
        """Change fields of a film, by default now; KeyError when there is no such film."""
        with self._application.lock, self._changing(movie_id, at):
            self._application.catalogue.change(movie_id, fields)

    def remove_movie(self, movie_id: int) -> None:
        """Remove a film: its id is not found any more."""
        with self._application.lock:
            if not self._application.catalogue.remove(movie_id):
                raise KeyError(movie_id)

    def add_keyword(self, keyword_id: int, name: str) -> None:
        """Add a keyword, or give another name to the one with its id."""
        with self._application.lock:
            self._application.catalogue.keywords[keyword_id] = name
            self._application.catalogue.touch()

    def remove_keyword(self, keyword_id: int) -> None:
        """Remove a keyword: its id is not found any more, nor is its name."""
        with self._application.lock:
            del self._application.catalogue.keywords[keyword_id]
            self._application.catalogue.touch()

    @contextlib.contextmanager
    def _changing(self, movie_id: int, at: dt.datetime | None) -> Generator[None]:
        """Keep the film as it is, and note its change once it is made."""
        at = at or self.clock()
        self._application.former.keep(self._application.catalogue, movie_id, at)
        yield
        self._application.catalogue.changes.add(movie_id, at)

    async def _serve(self, sock: socket.socket) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        try:
            await _serve_until(self._stop, self._application, sock, self._ready.set)
        finally:
            self._ready.set()  # a failure to start must not leave the caller waiting


def serve(  # noqa: PLR0913 - each is an option of the command
    *,
    films: int = 3000,
    films_file: str | Path | None = None,
    seed: int = 1,
    requests_per_second: int | None = None,
    latency_ms: float = 0,
    faults: str = "",
    api_key: str | None = None,
    port: int = 0,
    host: str = "127.0.0.1",
    on_ready: Callable[[str], object] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM.

    Parameters are those of :class:`FakeTMDB`; ``on_ready`` is called with the base URL once it answers.

    Raises
    ------
    OSError
        When the port is in use or the film file cannot be opened.
    ValueError
        When the film file, the rate or the faults cannot be understood.
    """
    with _listening_socket(host, port) as sock:
        options = FakeOptions(
            films=films,
            films_file=films_file,
            seed=seed,
            requests_per_second=requests_per_second,
            latency_ms=latency_ms,
            faults=faults,
            api_key=api_key,
            host=host,
            port=sock.getsockname()[1],
        )
        base_url = _base_url(host, options.port)
        ready = partial(on_ready, base_url) if on_ready else lambda: None
        asyncio.run(_serve_in_foreground(options.application(None), sock, ready))


async def _serve_in_foreground(
    application: Application, sock: socket.socket, on_ready: Callable[[], object]
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    await _serve_until(stop, application, sock, on_ready)


async def _serve_until(
    stop: asyncio.Event, application: Application, sock: socket.socket, on_ready: Callable[[], object]
) -> None:
    runner = web.ServerRunner(
        web.Server(application.handle, access_log=None), shutdown_timeout=_SHUTDOWN_SECONDS
    )
    await runner.setup()
    try:
        await web.SockSite(runner, sock, backlog=_BACKLOG).start()
        on_ready()
        await stop.wait()
    finally:
        await runner.cleanup()


def _listening_socket(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), backlog=_BACKLOG)


def _base_url(host: str, port: int) -> str:
    return f"http://{host}:{port}/3"
