"""What cannot be had of a year's lists takes nothing else with it, and is a row that says why."""

import asyncio
import datetime as dt
import json

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.tables import DiscoveredMovie, KeywordId, ListGap, SyncAudit
from tmdb_assets.tmdb import AsyncTMDBClient, AuthenticationError
from tmdb_assets_tests.sync.conftest import AT_ONCE, KEY
from tmdb_assets_tests.sync.odd_tmdb import OddPage, odd_tmdb
from tmdb_assets_tests.tables.rows import keyword

DOWN = (503, b'{"success": false, "status_code": 9, "status_message": "Service offline."}')
REFUSED = (401, b'{"success": false, "status_code": 7, "status_message": "Invalid API key."}')
QUEER = 250606


def discovered(base_url: str, storage: Storage, *years: int, refresh: bool = False) -> list[SyncAudit]:
    audits: list[SyncAudit] = []

    async def sync() -> None:
        run = SyncRun(run_id="test", on_year=audits.append, refresh=refresh)
        async with AsyncTMDBClient(KEY, base_url=base_url, requests_per_second=5000, retry=AT_ONCE) as client:
            await sync_discovery(client, storage, years or [1999], run)

    asyncio.run(sync())
    return audits


def discovered_oddly(
    fake: FakeTMDB, storage: Storage, odd_page: OddPage, *, refresh: bool = False
) -> SyncAudit:
    with odd_tmdb(fake, odd_page=odd_page) as server:
        [audit] = discovered(server.base_url, storage, refresh=refresh)
    return audit


def add_films(fake: FakeTMDB, count: int, *, first_day: str = "1999-01-01") -> None:
    """Add a film a day."""
    first = dt.date.fromisoformat(first_day)
    for number in range(count):
        fake.add_movie(1 + number, (first + dt.timedelta(days=number)).isoformat(), vote_count=500)


def ids(storage: Storage) -> list[int]:
    return storage.lake.read(DiscoveredMovie)["tmdb_id"].to_list()


YEAR = ("1999-01-01", "1999-12-31")


def test_a_page_that_fails_once_and_for_all_costs_no_film(fake: FakeTMDB, storage: Storage) -> None:
    """Its films are on other pages of other windows."""
    add_films(fake, 100)

    audit = discovered_oddly(
        fake,
        storage,
        lambda query: (
            DOWN
            if (query["primary_release_date.gte"], query["primary_release_date.lte"], query["page"])
            == (*YEAR, "3")
            else None
        ),
    )

    assert ids(storage) == list(range(1, 101))
    assert (audit.row_count, audit.missing_count, storage.state.list_gaps()) == (100, 0, [])


def test_a_page_that_cannot_be_had_is_a_row_and_the_rest_of_the_year_is_stored(
    fake: FakeTMDB, storage: Storage
) -> None:
    add_films(fake, 30, first_day="1999-06-01")
    fake.add_movie(99, "1999-12-24", vote_count=500)
    only_page = {"total_pages": 2, "total_results": 31, "page": 1}

    def odd_page(query: dict[str, str]) -> tuple[int, bytes] | None:
        if (query["primary_release_date.gte"], query["primary_release_date.lte"]) == YEAR:
            films = [{"id": n, "title": f"Film {n}", "release_date": f"1999-06-{n:02}"} for n in range(1, 21)]
            return (
                DOWN if query["page"] == "2" else (200, json.dumps(only_page | {"results": films}).encode())
            )
        return DOWN

    audit = discovered_oddly(fake, storage, odd_page)

    assert ids(storage) == list(range(1, 21))
    assert (audit.row_count, audit.missing_count, audit.promised_count) == (20, 11, 31)
    gaps = storage.state.list_gaps()
    assert sum(gap.missing_count for gap in gaps) == 11
    [whole] = [gap for gap in gaps if gap.missing_count]
    assert (whole.listed_by, whole.promised_count, whole.obtained_count) == ("votes", 31, 20)
    assert whole.reason.startswith("Page 2 failed: GET /discover/movie: ")


def test_a_day_that_cannot_be_had_is_found_and_named(fake: FakeTMDB, storage: Storage) -> None:
    """TMDB fails wherever the film of that day would be shown."""
    add_films(fake, 60)
    day = "1999-02-10"

    def odd_page(query: dict[str, str]) -> tuple[int, bytes] | None:
        first, last = query["primary_release_date.gte"], query["primary_release_date.lte"]
        is_hidden = query["page"] == "3" if (first, last) == YEAR else first <= day <= last
        return DOWN if is_hidden else None

    audit = discovered_oddly(fake, storage, odd_page)

    assert (audit.row_count, audit.missing_count, audit.promised_count) == (59, 1, 60)
    [gap] = storage.state.list_gaps()
    assert (gap.first_date, gap.last_date) == (dt.date(1999, 2, 10), dt.date(1999, 2, 10))
    assert (gap.promised_count, gap.obtained_count, gap.missing_count) == (1, 0, 1)
    assert gap.reason.startswith("Page 1 failed: GET /discover/movie: TMDB answered HTTP 503")


def test_a_stored_film_stays_while_its_window_cannot_be_read(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(1, "1999-01-10", vote_count=500)
    fake.add_movie(2, "1999-11-10", vote_count=500)
    discovered(fake.base_url, storage)
    promise = json.dumps({"page": 1, "results": [], "total_pages": 1, "total_results": 2}).encode()

    def odd_page(query: dict[str, str]) -> tuple[int, bytes] | None:
        if (query["primary_release_date.gte"], query["primary_release_date.lte"]) == YEAR:
            return 200, promise
        return DOWN if query["primary_release_date.gte"] > "1999-07-01" else None

    audit = discovered_oddly(fake, storage, odd_page, refresh=True)

    assert ids(storage) == [1, 2]
    assert (audit.row_count, audit.missing_count, audit.promised_count) == (2, 1, 2)


def test_a_complete_list_ends_what_was_kept_and_the_gap(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(1, "1999-01-10", vote_count=500)
    discovered(fake.base_url, storage)
    fake.remove_movie(1)
    promise = json.dumps({"page": 1, "results": [], "total_pages": 1, "total_results": 1}).encode()
    discovered_oddly(fake, storage, lambda _: (200, promise), refresh=True)
    kept, gaps = ids(storage), storage.state.list_gaps()

    [audit] = discovered(fake.base_url, storage, refresh=True)

    assert (kept, ids(storage)) == ([1], [])
    assert gaps
    assert (audit.missing_count, storage.state.list_gaps()) == (0, [])


def test_the_keywords_list_has_gaps_of_its_own(fake: FakeTMDB, storage: Storage) -> None:
    storage.lake.replace(KeywordId, KeywordId.frame([keyword("queer", QUEER)]))
    fake.add_movie(1, "1999-01-10", vote_count=500)
    promise = json.dumps({"page": 1, "results": [], "total_pages": 1, "total_results": 1}).encode()

    discovered_oddly(fake, storage, lambda query: (200, promise) if "with_keywords" in query else None)

    assert ids(storage) == [1]
    assert {gap.listed_by for gap in storage.state.list_gaps()} == {"keywords"}


def test_the_gaps_of_another_year_stay(fake: FakeTMDB, storage: Storage) -> None:
    promise = json.dumps({"page": 1, "results": [], "total_pages": 1, "total_results": 1}).encode()
    discovered_oddly(fake, storage, lambda _: (200, promise))

    discovered(fake.base_url, storage, 2000)

    assert {gap.release_year for gap in storage.state.list_gaps()} == {1999}


def test_a_year_that_could_not_be_listed_has_a_row_with_the_error(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(1, "2000-01-10", vote_count=500)

    def odd_page(query: dict[str, str]) -> tuple[int, bytes] | None:
        return DOWN if query["primary_release_date.gte"].startswith("1999") else None

    with odd_tmdb(fake, odd_page=odd_page) as server:
        discovered(server.base_url, storage, 1999, 2000)

    [gap] = storage.state.list_gaps()
    assert (gap.release_year, gap.promised_count, gap.obtained_count) == (1999, None, 0)
    assert "GET /discover/movie" in gap.reason


def test_a_credential_that_is_refused_on_a_later_page_ends_everything(
    fake: FakeTMDB, storage: Storage
) -> None:
    add_films(fake, 30)

    with pytest.raises(AuthenticationError):
        discovered_oddly(fake, storage, lambda query: REFUSED if query["page"] == "2" else None)

    assert ids(storage) == []


def test_a_short_list_is_asked_for_from_its_end(fake: FakeTMDB, storage: Storage) -> None:
    """A film that slips from page to page in one order is found in the other."""
    add_films(fake, 30)
    hidden = {17, 18, 19, 20, 21}

    def odd_page(query: dict[str, str]) -> tuple[int, bytes] | None:
        if query["sort_by"].endswith("desc"):
            return None
        first, last = query["primary_release_date.gte"], query["primary_release_date.lte"]
        days = {n: (dt.date(1999, 1, 1) + dt.timedelta(days=n - 1)).isoformat() for n in range(1, 31)}
        held = [n for n, day in days.items() if first <= day <= last]
        shown = [{"id": n, "release_date": days[n]} for n in held if n not in hidden]
        page = {"page": 1, "results": shown[:20], "total_pages": 1, "total_results": len(held)}
        return 200, json.dumps(page).encode()

    audit = discovered_oddly(fake, storage, odd_page)

    assert set(ids(storage)) >= hidden
    assert audit.missing_count == 0


def test_twelve_thousand_films_of_one_day_are_had_in_full(fake: FakeTMDB, storage: Storage) -> None:
    """By their votes and, where those are equal, by their languages."""
    for number in range(1, 12_001):
        language = "en" if number % 3 else "de"
        fake.add_movie(number, "1999-01-01", vote_count=500, original_language=language)

    [audit] = discovered(fake.base_url, storage)

    assert (audit.row_count, audit.missing_count) == (12_000, 0)
    queries = [
        (one.query.get("with_original_language"), one.query["page"])
        for one in fake.requests[1:]
        if "page" in one.query
    ]
    read_on = [language for language, page in queries if page != "1"]
    assert set(read_on) == {"en", "de"}
    assert len(read_on) == 12_000 / 20 - 2
    assert storage.state.list_gaps() == []


@pytest.mark.parametrize("day", ["1888-02-29", "1888-01-01", "1888-12-31", "2000-02-29", "1900-02-28"])
def test_a_film_of_any_day_is_in_its_year(fake: FakeTMDB, storage: Storage, day: str) -> None:
    """Leap days, and years before 1900."""
    fake.add_movie(1, day, vote_count=500)

    discovered(fake.base_url, storage, int(day[:4]))

    rows = storage.lake.read(DiscoveredMovie).select("tmdb_id", "release_year", "release_date").rows()
    assert rows == [(1, int(day[:4]), dt.date.fromisoformat(day))]


def test_what_was_listed_is_kept_outside_the_lake_too(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(1, "1999-01-10", vote_count=500)

    discovered(fake.base_url, storage)

    [(year, rows)] = storage.lists.read(DiscoveredMovie)
    assert year == 1999
    assert rows.equals(storage.lake.read(DiscoveredMovie))


def test_gaps_are_of_the_row_type(fake: FakeTMDB, storage: Storage) -> None:
    promise = json.dumps({"page": 1, "results": [], "total_pages": 1, "total_results": 1}).encode()
    discovered_oddly(fake, storage, lambda _: (200, promise))

    frame = ListGap.frame(storage.state.list_gaps())

    assert frame.schema == ListGap.schema()
