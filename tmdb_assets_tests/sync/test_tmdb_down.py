"""TMDB goes down in the middle of each step: one error soon, all that was got kept, and then it goes on."""

import asyncio
import contextlib
import datetime as dt
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.changes import sync_changes
from tmdb_assets.sync.details import sync_details
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.sync.keywords import sync_keywords
from tmdb_assets.sync.outage import TMDBUnavailableError
from tmdb_assets.sync.uploads import sync_upload
from tmdb_assets.tables import DiscoveredMovie, EnrichedUpload, KeywordId, MovieChange, MovieDetail, Row
from tmdb_assets.tmdb import AsyncTMDBClient, RetryPolicy, TMDBError
from tmdb_assets.transforms.themes import Theme, ThemeKeyword
from tmdb_assets_tests.sync.conftest import AT_ONCE, KEY
from tmdb_assets_tests.sync.odd_tmdb import NO_ANSWER, odd_tmdb
from tmdb_assets_tests.sync.uploading import ANNA, drop

THEME = Theme("space", "Space", tuple(ThemeKeyword(f"keyword {number}") for number in range(1, 31)))
YEARS = range(1990, 2000)
TODAY = dt.datetime.now(dt.UTC)
DAYS = [TODAY.date() - dt.timedelta(days=days) for days in (2, 3, 4)]


@dataclass
class GoingDown:
    """Answers as the fake does until so many requests of a kind were made, then does not until it is up."""

    how: str
    base_url: str = ""
    path: str = ""
    after: int = 0
    is_up: bool = True
    _ended: threading.Event = field(default_factory=threading.Event)

    def odd(self, path: str) -> tuple[int, bytes] | None:
        """Return what is answered in the place of the fake's answer."""
        self.after -= path.startswith(f"/3/{self.path}")
        if self.is_up or self.after >= 0:
            return None
        if self.how == "hangs":
            self._ended.wait()
        return {"503": (503, b"{}"), "html": (200, b"<html>Bad gateway</html>")}.get(
            self.how, (NO_ANSWER, b"")
        )

    def go_down(self, path: str, after: int) -> None:
        """Answer so many more requests for a kind of path, then none."""
        self.path, self.after, self.is_up = path, after, False

    def come_back(self) -> None:
        """Answer again."""
        self.is_up = True
        self._ended.set()


@pytest.fixture
def fake() -> Iterator[FakeTMDB]:
    with FakeTMDB(films=0) as fake:
        for number in range(1, 31):
            fake.add_keyword(number, f"keyword {number}")
        for film in range(1, 121):
            fake.add_movie(film, f"{YEARS[film % 10]}-06-01", 1 + film % 30, vote_count=300)
        yield fake


@contextlib.contextmanager
def going_down(fake: FakeTMDB, how: str) -> Iterator[GoingDown]:
    down = GoingDown(how)
    with odd_tmdb(fake, down.odd) as server:
        down.base_url = server.base_url
        yield down
        down.come_back()


@pytest.fixture(params=["503", "html", "closed"])
def tmdb(request: pytest.FixtureRequest, fake: FakeTMDB) -> Iterator[GoingDown]:
    with going_down(fake, request.param) as down:
        yield down


def done(tmdb: GoingDown, work: Callable[[AsyncTMDBClient, SyncRun], Awaitable[object]]) -> None:
    patience = (
        {"retry": RetryPolicy(attempts=1), "timeout": 2.0} if tmdb.how == "hangs" else {"retry": AT_ONCE}
    )

    async def ask() -> None:
        client = AsyncTMDBClient(KEY, base_url=tmdb.base_url, requests_per_second=5000, **patience)
        async with client:
            await work(client, SyncRun(run_id="test"))

    asyncio.run(ask())


def keywords(tmdb: GoingDown, storage: Storage) -> None:
    done(tmdb, lambda client, run: sync_keywords(client, storage, [THEME], run))


def discovery(tmdb: GoingDown, storage: Storage) -> None:
    done(tmdb, lambda client, run: sync_discovery(client, storage, YEARS, run))


def details(tmdb: GoingDown, storage: Storage) -> None:
    done(tmdb, lambda client, run: sync_details(client, storage, YEARS, run))


def upload(tmdb: GoingDown, storage: Storage) -> None:
    done(tmdb, lambda client, run: sync_upload(client, storage, ANNA, run))


def changes(tmdb: GoingDown, storage: Storage) -> None:
    done(tmdb, lambda client, run: sync_changes(client, storage, DAYS, run, on_day=lambda _: None))


@contextlib.contextmanager
def fails() -> Iterator[None]:
    with pytest.raises((TMDBUnavailableError, TMDBError)) as raised:
        yield
    assert "\n" not in str(raised.value)
    assert isinstance(raised.value, TMDBUnavailableError) or raised.value.retryable


def count(storage: Storage, table: type[Row]) -> int:
    return len(storage.lake.read(table))


def answered(fake: FakeTMDB, prefix: str) -> list[str]:
    return [one.path for one in list(fake.requests) if one.path.startswith(f"/3/{prefix}")]


def test_while_keywords_are_looked_up(tmdb: GoingDown, storage: Storage) -> None:
    tmdb.go_down("search/keyword", 12)
    with fails():
        keywords(tmdb, storage)
    at_first = count(storage, KeywordId)
    tmdb.come_back()

    keywords(tmdb, storage)

    assert (at_first, count(storage, KeywordId)) == (0, 30)


def test_while_years_are_listed(tmdb: GoingDown, storage: Storage) -> None:
    keywords(tmdb, storage)
    tmdb.go_down("discover/", 8)
    with fails():
        discovery(tmdb, storage)
    at_first = storage.lake.row_counts(DiscoveredMovie)
    tmdb.come_back()

    discovery(tmdb, storage)

    assert all(films == 12 for films in at_first.values())  # whole years, or none
    assert storage.lake.row_counts(DiscoveredMovie) == dict.fromkeys(YEARS, 12)


def test_while_films_are_asked_for(tmdb: GoingDown, fake: FakeTMDB, storage: Storage) -> None:
    keywords(tmdb, storage)
    discovery(tmdb, storage)
    tmdb.go_down("movie/", 40)
    with fails():
        details(tmdb, storage)
    at_first = len(answered(fake, "movie/"))
    tmdb.come_back()

    details(tmdb, storage)

    asked = answered(fake, "movie/")
    assert (at_first, len(asked), len(set(asked))) == (40, 120, 120)
    assert count(storage, MovieDetail) == 120


def test_while_films_are_asked_for_and_never_answered(fake: FakeTMDB, storage: Storage) -> None:
    with going_down(fake, "hangs") as tmdb:
        keywords(tmdb, storage)
        discovery(tmdb, storage)
        tmdb.go_down("movie/", 40)
        with fails():
            details(tmdb, storage)
        tmdb.come_back()

        details(tmdb, storage)

    assert count(storage, MovieDetail) == 120


@pytest.mark.parametrize(("path", "after"), [("search/movie", 20), ("movie/", 20)])
def test_while_a_list_is_enriched(
    tmdb: GoingDown, fake: FakeTMDB, storage: Storage, path: str, after: int
) -> None:
    drop(storage, *(f"Film {film},{YEARS[film % 10]},9" for film in range(1, 41)))
    tmdb.go_down(path, after)
    with fails():
        upload(tmdb, storage)
    session = storage.state.sessions()[ANNA]
    tmdb.come_back()

    upload(tmdb, storage)

    assert session.status == "failed"
    assert storage.lake.read(EnrichedUpload)["tmdb_enriched"].sum() == 40
    assert len(answered(fake, "search/movie")) == len(answered(fake, "movie/")) == 40


def test_while_changes_are_read(tmdb: GoingDown, fake: FakeTMDB, storage: Storage) -> None:
    for number, day in enumerate(DAYS):
        at = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
        for film in range(250):
            fake.add_movie(1000 * (number + 1) + film, "2020-01-01", at=at)
    tmdb.go_down("movie/changes", 4)
    with fails():
        changes(tmdb, storage)
    at_first = count(storage, MovieChange)
    tmdb.come_back()

    changes(tmdb, storage)

    assert (at_first, count(storage, MovieChange)) == (250, 750)
