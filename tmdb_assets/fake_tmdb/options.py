"""The options of the fake, and the application that they describe."""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tmdb_assets.fake_tmdb.application import Application, LoggedRequest
from tmdb_assets.fake_tmdb.catalogue import Catalogue
from tmdb_assets.fake_tmdb.change_log import ChangeLog
from tmdb_assets.fake_tmdb.changes import Former
from tmdb_assets.fake_tmdb.faults import Faults
from tmdb_assets.fake_tmdb.fictional import FictionalFilms
from tmdb_assets.fake_tmdb.films_file import read_films
from tmdb_assets.fake_tmdb.rate_limit import SlidingWindow


def utc_now() -> dt.datetime:
    """Return the time, UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(kw_only=True)
class FakeOptions:
    """How the fake behaves.

    Parameters
    ----------
    films
        How many fictional films; 0 for none.
    films_file
        Real films instead: JSON Lines, plain or gzip.
    seed
        Decides the fictional films and when faults happen.
    requests_per_second
        The rate limit; none when None.
    latency_ms
        How long every answer takes.
    faults
        What goes wrong, e.g. ``429:0.05,reset@17,slow!``.
    api_key
        The only credential to accept; any well-formed one when None.
    port
        Where to listen; a free port when 0.
    host
        The address to listen on.
    on_request
        Called with the number of the request and its path as each arrives, before it is answered.
    clock
        Says what time it is, UTC: for changes, exports and the cache of details.
    details_cached_hours
        For how long after a change a film's details are still the former ones; TMDB caches up to 8 hours.
    changes_last_day_counts
        Whether the last day of a range of changes belongs to it; TMDB does not say.
    """

    films: int = 300
    films_file: str | Path | None = None
    seed: int = 1
    requests_per_second: int | None = None
    latency_ms: float = 0
    faults: str = ""
    api_key: str | None = None
    port: int = 0
    host: str = "127.0.0.1"
    on_request: Callable[[int, str], object] | None = None
    clock: Callable[[], dt.datetime] = utc_now
    details_cached_hours: float = 0
    changes_last_day_counts: bool = True

    def application(self, log: list[LoggedRequest] | None) -> Application:
        """Build the application.

        Raises
        ------
        OSError
            When the film file cannot be opened.
        ValueError
            When the film file, the rate, the latency or the faults cannot be understood.
        """
        if not 0 <= self.latency_ms < math.inf:
            raise ValueError(f"latency_ms is {self.latency_ms}; it must be a number of milliseconds from 0.")
        return Application(
            faults=Faults.parse(self.faults, self.seed),
            limiter=SlidingWindow(self.requests_per_second),
            latency_seconds=self.latency_ms / 1000,
            credential=self.api_key,
            on_request=self.on_request,
            log=log,
            catalogue=self._catalogue(),
            clock=self.clock,
            former=Former(dt.timedelta(hours=self.details_cached_hours)),
        )

    def _catalogue(self) -> Catalogue:
        changes = ChangeLog(last_day_counts=self.changes_last_day_counts)
        if self.films_file is None:
            fictional = FictionalFilms(self.films, self.seed)
            return Catalogue(f"fictional; seed={self.seed}", fictional=fictional, changes=changes)
        path = Path(self.films_file)
        return Catalogue(f"films-file; name={path.name}", documents=read_films(path), changes=changes)
