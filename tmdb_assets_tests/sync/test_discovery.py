import asyncio
import datetime as dt
import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.tables import DiscoveredMovie, KeywordId, SyncAudit
from tmdb_assets.tmdb import TMDBError
from tmdb_assets_tests.sync.conftest import client_of

QUEER, DRAG = 250606, 171636


def discovered(
    fake: FakeTMDB, storage: Storage, *years: int, min_votes: int = 200, **run_options: object
) -> list[SyncAudit]:
    audits: list[SyncAudit] = []

    async def sync() -> None:
        run = SyncRun(run_id="test", on_year=audits.append, **run_options)  # type: ignore[arg-type] -- any option
        async with client_of(fake) as client:
            await sync_discovery(client, storage, years, run, min_votes=min_votes)

    asyncio.run(sync())
    return audits


def with_keywords(storage: Storage, *keyword_ids: int) -> None:
    rows = [
        KeywordId(
            theme="queer",
            theme_title="Queer",
            keyword=str(keyword_id),
            keyword_id=keyword_id,
            tmdb_name=None,
            status="pinned",
            checked_at=dt.datetime.now(dt.UTC),
        )
        for keyword_id in keyword_ids
    ]
    storage.lake.replace(KeywordId, KeywordId.frame(rows))


def ids(storage: Storage, year: int) -> list[int]:
    return storage.lake.read(DiscoveredMovie, years=[year])["tmdb_id"].to_list()


def test_a_film_with_two_of_our_keywords_is_one_row(fake: FakeTMDB, storage: Storage) -> None:
    """Keywords are ORed, not joined."""
    with_keywords(storage, QUEER, DRAG)
    fake.add_movie(926, "1999-12-25", QUEER, DRAG)

    discovered(fake, storage, 1999)

    assert ids(storage, 1999) == [926]


def test_votes_or_a_keyword_suffice(fake: FakeTMDB, storage: Storage) -> None:
    with_keywords(storage, QUEER)
    fake.add_movie(1, "1999-01-01", vote_count=200)
    fake.add_movie(2, "1999-12-31", QUEER, vote_count=0)
    fake.add_movie(3, "1999-06-01", vote_count=199)
    fake.add_movie(4, "2000-01-01", QUEER, vote_count=9999)

    discovered(fake, storage, 1999)

    rows = storage.lake.read(DiscoveredMovie).select("tmdb_id", "has_enough_votes", "has_theme_keyword")
    assert rows.rows() == [(1, True, False), (2, False, True)]


def test_each_window_costs_one_request_per_twenty_films(fake: FakeTMDB, storage: Storage) -> None:
    for number in range(1, 42):
        fake.add_movie(number, "1999-06-01", vote_count=500)

    [audit] = discovered(fake, storage, 1999)

    assert (audit.row_count, audit.request_count) == (41, 3)


def test_the_real_films_of_ten_years_are_those_that_plain_python_finds(
    films_file: Path, storage: Storage
) -> None:
    with_keywords(storage, 275157, 158718, 1862)
    years = range(1995, 2005)

    with FakeTMDB(films_file=films_file) as fake:
        discovered(fake, storage, *years)

    with gzip.open(films_file, "rt", encoding="utf-8") as lines:
        films = [json.loads(line) for line in lines]
    expected = {
        (film["id"], int(film["release_date"][:4]))
        for film in films
        if film["release_date"]
        and int(film["release_date"][:4]) in years
        and (film["vote_count"] >= 200 or {275157, 158718, 1862} & {word["id"] for word in film["keywords"]})
    }
    rows = storage.lake.read(DiscoveredMovie).select("tmdb_id", "release_year")
    assert set(rows.rows()) == expected


def test_pages_that_drift_lose_no_film(storage: Storage) -> None:
    with FakeTMDB(films=0, faults="drift:0.5", seed=3) as fake:
        for number in range(1, 200):
            fake.add_movie(number, f"1999-{number % 12 + 1:02}-{number % 28 + 1:02}", vote_count=200 + number)
        [audit] = discovered(fake, storage, 1999)

    assert ids(storage, 1999) == list(range(1, 200))
    assert audit.row_count == 199


def test_faults_cost_requests_but_no_films(storage: Storage) -> None:
    faults = "429:0.2,500:0.1,reset:0.1,truncate:0.1,html200:0.1"
    with FakeTMDB(films=0, faults=faults, seed=5) as fake:
        for number in range(1, 101):
            fake.add_movie(number, "1999-06-01", vote_count=500)
        [audit] = discovered(fake, storage, 1999)

    assert len(ids(storage, 1999)) == 100
    assert audit.retry_count > 0


def test_a_fresh_year_asks_for_nothing(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(1, "1999-06-01", vote_count=500)
    discovered(fake, storage, 1999)
    asked = len(fake.requests)

    [audit] = discovered(fake, storage, 1999)

    assert len(fake.requests) == asked
    assert audit.reused_count == 1


@pytest.mark.parametrize("change", ["votes", "keywords", "refresh"])
def test_a_year_is_fresh_only_for_the_same_question(fake: FakeTMDB, storage: Storage, change: str) -> None:
    fake.add_movie(1, "1999-06-01", vote_count=500)
    discovered(fake, storage, 1999)
    if change == "keywords":
        with_keywords(storage, QUEER)

    [audit] = discovered(
        fake, storage, 1999, min_votes=100 if change == "votes" else 200, refresh=change == "refresh"
    )

    assert audit.request_count > 0


def test_a_year_whose_rows_are_gone_is_asked_for_again(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(1, "1999-06-01", vote_count=500)
    discovered(fake, storage, 1999)
    storage.lake.replace_year(DiscoveredMovie, DiscoveredMovie.frame(), 1999)

    discovered(fake, storage, 1999)

    assert ids(storage, 1999) == [1]


def test_a_list_from_a_time_to_come_is_asked_for_once_more(fake: FakeTMDB, storage: Storage) -> None:
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(days=3650)
    discovered(fake, storage, 1999, clock=lambda: ahead)

    audits = [discovered(fake, storage, 1999) for _ in range(2)]

    assert [audit.request_count > 0 for [audit] in audits] == [True, False]


def test_years_that_cannot_be_had_do_not_take_the_others_with_them(storage: Storage) -> None:
    done: list[SyncAudit] = []
    problems: list[str] = []

    async def sync(fake: FakeTMDB) -> None:
        run = SyncRun(run_id="test", on_year=done.append, on_problem=problems.append)
        async with client_of(fake) as client:
            await sync_discovery(client, storage, range(1999, 2002), run)

    all_but_the_first = ",".join(f"500@{number}" for number in range(2, 60))
    with FakeTMDB(films=0, faults=all_but_the_first) as fake:
        for year in range(1999, 2002):
            fake.add_movie(year, f"{year}-06-01", vote_count=500)
        asyncio.run(sync(fake))

    good, *bad = done
    assert storage.lake.read(DiscoveredMovie)["release_year"].to_list() == [good.year]
    assert [(audit.missing_count, audit.ok_count) for audit in bad] == [(1, 0), (1, 0)]
    assert all("could not be listed" in problem for problem in problems)


def test_a_year_that_could_not_be_listed_keeps_its_list_and_is_asked_for_next_time(storage: Storage) -> None:
    """However fresh it is."""
    with FakeTMDB(films=0) as fake:
        fake.add_movie(1, "1999-06-01", vote_count=500)
        discovered(fake, storage, 1999)
    with FakeTMDB(films=0, faults=",".join(f"500@{number}" for number in range(2, 60))) as failing:
        discovered(failing, storage, 2000, 1999, refresh=True)
    kept = ids(storage, 1999)
    with FakeTMDB(films=0) as fake:
        fake.add_movie(2, "1999-06-01", vote_count=500)

        discovered(fake, storage, 1999, 2000)

    assert (kept, ids(storage, 1999)) == ([1], [2])


def test_when_no_year_can_be_had_the_run_fails(storage: Storage) -> None:
    always = ",".join(f"500@{number}" for number in range(1, 60))

    with FakeTMDB(films=0, faults=always) as failing, pytest.raises(TMDBError):
        discovered(failing, storage, 1999, 2000)


def test_a_film_that_is_listed_in_another_year_now_leaves_the_old_one(
    fake: FakeTMDB, storage: Storage
) -> None:
    fake.add_movie(1, "1999-12-31", vote_count=500)
    discovered(fake, storage, 1999)
    fake.add_movie(1, "2000-01-01", vote_count=500)

    discovered(fake, storage, 2000)

    assert storage.lake.read(DiscoveredMovie).select("tmdb_id", "release_year").rows() == [(1, 2000)]


def test_genres_and_dates_are_kept_as_tmdb_sends_them(fake: FakeTMDB, storage: Storage) -> None:
    genres = [{"id": 18, "name": "Drama"}, {"id": 35, "name": "Comedy"}]
    fake.add_movie(1, "1999-06-01", vote_count=500, genres=genres)

    discovered(fake, storage, 1999)

    row = storage.lake.read(DiscoveredMovie).select("genre_ids", "release_date", pl.col("vote_count")).row(0)
    assert row == ([18, 35], dt.date(1999, 6, 1), 500)


def test_a_year_with_more_films_than_tmdb_serves_of_one_query_is_had_in_full(
    fake: FakeTMDB, storage: Storage
) -> None:
    """TMDB refuses page 501."""
    count = 10_050
    for number in range(1, count + 1):
        fake.add_movie(number, f"1999-{number % 12 + 1:02}-{number % 28 + 1:02}", vote_count=500)

    [audit] = discovered(fake, storage, 1999)

    assert (audit.row_count, audit.missing_count) == (count, 0)
    assert storage.lake.read(DiscoveredMovie)["tmdb_id"].n_unique() == count
    assert audit.request_count <= count / 20 + 4
