"""A machine that lets films come, change and go at TMDB, and holds the tables against what it saw."""

import asyncio
import datetime as dt
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

import polars as pl
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tmdb_assets import tables
from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.journal_answers import Reading
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details import sync_details
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.sync.former import former_rows
from tmdb_assets.sync.rebuilt_details import RebuiltDetails
from tmdb_assets.tables import WHOLE_FILM, FailedMovie, FormerDetail, MovieChange, MovieDetail, MovieHistory
from tmdb_assets.tmdb import AsyncTMDBClient
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets_tests.sync.conftest import AT_ONCE, KEY
from tmdb_assets_tests.sync.told import Film, Listing, Look, Row, Told, told

START = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
YEARS = (1999, 2000, 2026)
DATES = st.sampled_from(["1999-01-01", "1999-12-31", "2000-02-29", "2026-02-28", "2026-11-20", "2026-12-24"])
HOURS = st.sampled_from([1, 4, 7, 8, 13, 24 * 6, 24 * 16, 24 * 91, 24 * 181])
HAPPENINGS = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["change", "move", "go", "go", "come"]), DATES), max_size=3
)
Happenings = Collection[tuple[int, str, str]]
MOSTLY = st.sampled_from([True, True, False])
SOME_YEARS = st.permutations(YEARS).flatmap(lambda order: st.sampled_from([order, order[:2], order[:1]]))
_PATH = "/3/movie/"


class _KilledError(BaseException):
    """The process dies here: nothing of ours may catch it."""


def _say_nothing(_done: int, _total: int) -> None:
    pass


class Films(RuleBasedStateMachine):
    """Films come, change, go, come back and move; TMDB's feed is read or not; runs end or are killed."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.storage = Storage.open(Settings(data=self.folder / "data"))
        self.fake = FakeTMDB(films=0)
        self.fake.__enter__()
        self.now = START
        self.films: dict[int, Film] = {}
        self.changes = 0
        self.unread: set[int] = set()
        self.marks: defaultdict[int, list[dt.datetime]] = defaultdict(list)
        self.listed: defaultdict[int, list[Listing]] = defaultdict(list)
        self.looks: defaultdict[int, list[Look]] = defaultdict(list)
        self.stored: set[int] = set()
        self.forgotten: set[int] = set()
        self.seen_requests = 0

    def teardown(self) -> None:
        """Run once more, and make the tables anew from the journal."""
        try:
            self.pass_time(1, reads=True, lists=True)
            self.look(YEARS, killed_after=None)
            self._compare_with_a_rebuild()
        finally:
            self.fake.__exit__(None, None, None)
            shutil.rmtree(self.folder)

    @initialize(dates=st.lists(DATES, min_size=3, max_size=3))
    def begin(self, dates: list[str]) -> None:
        """Give TMDB some films, and have them all."""
        for film, date in enumerate(dates, start=1):
            self.happen(film, "come", date)
        self.list_films()
        self.look(YEARS, killed_after=None)

    @rule(happenings=HAPPENINGS, hours=HOURS, reads=MOSTLY, lists=MOSTLY)
    def have_all(self, hours: int, *, happenings: Happenings = (), reads: bool, lists: bool) -> None:
        """Let things happen and time pass, hear of it perhaps, and run over all years."""
        for film, what, date in happenings:
            self.happen(film, what, date)
        self.pass_time(hours, reads=reads, lists=lists)
        self.look(YEARS, killed_after=None)

    @rule(
        happenings=HAPPENINGS,
        hours=HOURS,
        reads=MOSTLY,
        lists=MOSTLY,
        years=SOME_YEARS,
        killed_after=st.none() | st.integers(0, 3),
        marked_only=st.booleans(),
    )
    def have_some(
        self,
        hours: int,
        years: tuple[int, ...],
        killed_after: int | None,
        *,
        happenings: Happenings = (),
        reads: bool,
        lists: bool,
        marked_only: bool,
    ) -> None:
        """Run over some years in some order, or only for what is marked, and be killed perhaps."""
        for film, what, date in happenings:
            self.happen(film, what, date)
        self.pass_time(hours, reads=reads, lists=lists)
        self.look(years, killed_after=killed_after, marked_only=marked_only)

    def happen(self, film: int, what: str, date: str) -> None:
        """Change a film at TMDB, move it, remove it or bring it back."""
        if film not in self.films:
            self.fake.add_movie(film, date, vote_count=100)
            self.films[film] = Film(date, "")
        elif what == "go":
            self.fake.remove_movie(film)
            del self.films[film]
        elif what == "change":
            self.changes += 1
            self.films[film] = Film(self.films[film].date, f"Change {self.changes}")
            self.fake.update_movie(film, tagline=self.films[film].tagline)
        elif what == "move":
            self.fake.update_movie(film, release_date=date)
            self.films[film] = Film(date, self.films[film].tagline)
        self.unread.add(film)

    def pass_time(self, hours: int, *, reads: bool, lists: bool) -> None:
        """Let hours go by; read the feed of changes, and the lists of all years."""
        self.now += dt.timedelta(hours=hours)
        if reads:
            self.read_feed()
        if lists:
            self.list_films()

    def read_feed(self) -> None:
        """Read what TMDB says has changed since the feed was read last."""
        for film in self.unread:
            self.marks[film].append(self.now)
        self.unread.clear()
        today = {film: at[-1] for film, at in self.marks.items() if at[-1].date() == self.now.date()}
        day = self.now.date()
        rows = [MovieChange(day=day, tmdb_id=film, adult=None, seen_at=at) for film, at in today.items()]
        self.storage.lake.replace_where(MovieChange, MovieChange.frame(rows), "day", day)

    def list_films(self) -> None:
        """List the films of all years."""
        asyncio.run(self._list())
        for film, (date, _) in self.films.items():
            self.listed[film].append(Listing(self.now, date))

    def look(self, years: tuple[int, ...], *, killed_after: int | None, marked_only: bool = False) -> None:
        """Run; perhaps die after so many films, or, after 0, once the first year is stored."""
        try:
            asyncio.run(self._look(years, killed_after, marked_only=marked_only))
            is_whole = not marked_only
        except _KilledError:
            is_whole = False
        self._note_requests()
        self._forget_what_left()
        if is_whole:
            self._no_film_is_older_than_its_age(years)
        if is_whole and set(years) == set(YEARS):
            self._tables_say_what_was_seen()

    async def _list(self) -> None:
        async with self._client() as client:
            run = SyncRun(run_id="lists", clock=lambda: self.now, refresh=True)
            await sync_discovery(client, self.storage, YEARS, run, min_votes=1)

    async def _look(self, years: Collection[int], killed_after: int | None, *, marked_only: bool) -> None:
        def on_progress(done: int, _: int) -> None:
            if done == killed_after:
                raise _KilledError

        def on_year(_: object) -> None:
            if killed_after == 0:
                raise _KilledError

        run = SyncRun(run_id="details", clock=lambda: self.now, on_progress=on_progress, on_year=on_year)
        async with self._client() as client:
            await sync_details(client, self.storage, list(years), run, marked_only=marked_only)

    def _client(self) -> AsyncTMDBClient:
        return AsyncTMDBClient(
            KEY, base_url=self.fake.base_url, requests_per_second=5000, retry=AT_ONCE, max_concurrent=1
        )

    def _note_requests(self) -> None:
        requests = self.fake.requests
        for request in requests[self.seen_requests :]:
            if request.path.startswith(_PATH):
                film = int(request.path.removeprefix(_PATH))
                self._may_be_asked_for(film)
                self.looks[film].append(Look(self.now, self.films.get(film)))
        self.seen_requests = len(requests)

    def _may_be_asked_for(self, film: int) -> None:
        """Hold that only a change's second look and a moved date bring a look within twelve hours."""
        if film in self.forgotten:  # what had left the tables begins anew
            return
        if not self.looks[film] or self.now - self.looks[film][-1].at >= dt.timedelta(hours=12):
            return
        before = self.looks[film][-1]
        seconds = [mark + dt.timedelta(hours=8) for mark in self.marks[film]]
        is_second_look = any(before.at < second <= self.now for second in seconds)
        has_moved = any(at > before.at and date != before.date for at, date in self.listed[film])
        assert is_second_look or has_moved, f"film {film} at {before.at} and at {self.now}"

    def _forget_what_left(self) -> None:
        """Take films that never were there, and that no list names any more, as never seen."""
        stored = {
            film for one in (MovieDetail, FormerDetail, FailedMovie) for film in self._read(one)["tmdb_id"]
        }
        self.forgotten |= self.stored - stored
        self.stored = stored

    def _no_film_is_older_than_its_age(self, years: Collection[int]) -> None:
        policy = self.storage.policy
        details = {row["tmdb_id"]: row for row in self._read(MovieDetail).iter_rows(named=True)}
        failed = {row["tmdb_id"]: row for row in self._read(FailedMovie).iter_rows(named=True)}
        for film, listed in self.listed.items():
            if listed[-1].at != self._listed_last() or int(listed[-1].date[:4]) not in years:
                continue
            if row := details.get(film):
                date, count = row["release_date"], row["unchanged_count"]
                age = policy.details_age(date, self.now.date(), unchanged_count=count)
            else:
                row, age = failed[film], policy.not_found_age
            assert self.now - row["checked_at"] < max(age, policy.least_age), film
            # What TMDB caches for eight hours after a change is looked at once more.
            seconds = [mark + dt.timedelta(hours=8) for mark in self.marks[film][-1:]]
            assert all(row["checked_at"] >= second for second in seconds if second <= self.now), film

    def _tables_say_what_was_seen(self) -> None:
        columns = ("tmdb_id", "checked_at", "changed_at", "unchanged_count")
        rows = {
            film: Row(*row)
            for table in (FormerDetail, MovieDetail)
            for film, *row in self._read(table).select(columns).rows()
        }
        columns = ("tmdb_id", "checked_at", "first_failed_at", "failure_count")
        tombs = {film: tuple(row) for film, *row in self._read(FailedMovie).select(columns).rows()}
        history = self._read(MovieHistory).sort("seen_at")
        is_turn = pl.col("field") == WHOLE_FILM
        for film in self.looks.keys() - self.forgotten:
            should = told(self.looks[film])
            of_film = history.filter(tmdb_id=film)
            turns = of_film.filter(is_turn).select("seen_at", pl.col("new_value").is_not_null()).rows()
            changes = set(of_film.filter(~is_turn)["seen_at"])
            says = Told(rows.get(film), tombs.get(film), changes, turns)
            assert says == should, f"film {film}: {says}, not {should}"

    @invariant()
    def each_film_is_in_one_year(self) -> None:
        """Hold that no film has two rows."""
        films = self._read(MovieDetail).select(
            "tmdb_id", "release_year", pl.col("release_date").dt.year().alias("y")
        )
        assert films["tmdb_id"].is_unique().all()
        assert (films["release_year"] == films["y"]).all()

    def _compare_with_a_rebuild(self) -> None:
        copy = Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copytree(self.folder / "data", copy / "data")
        storage = Storage.open(Settings(data=copy / "data"))
        problems: list[str] = []
        reading = Reading(None, ImageURLs(self.fake.image_base_url), problems.append)
        with RebuiltDetails(
            storage, reading, began_at=self.now, on_progress=_say_nothing, films_at_once=5_000
        ) as made:
            made.read()
            made.replay()
            made.store()
        assert not problems
        is_comparable = ~pl.col("tmdb_id").is_in(list(self.forgotten))
        for table in (MovieDetail, FormerDetail, FailedMovie, MovieHistory):
            as_it_is = self._read(table).filter(is_comparable).rows()
            assert rows_of(storage, table).filter(is_comparable).rows() == as_it_is, table.table

    def _listed_last(self) -> dt.datetime:
        return max(listed[-1].at for listed in self.listed.values())

    def _read(self, table: type[tables.Row]) -> pl.DataFrame:
        return rows_of(self.storage, table)


def rows_of(storage: Storage, table: type[tables.Row]) -> pl.DataFrame:
    """Return a table's rows; of former films only those that count."""
    return former_rows(storage, range(10)) if table is FormerDetail else storage.lake.read(table)
