import asyncio
import datetime as dt

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details import sync_details
from tmdb_assets.sync.details_stream import TMDBUnavailableError
from tmdb_assets.sync.uploads import forget_upload, sync_upload
from tmdb_assets.tables import DiscoveredMovie, EnrichedUpload, FailedMovie, MovieDetail, SyncAudit
from tmdb_assets.transforms.upload_files import UploadError
from tmdb_assets_tests.sync.conftest import client_of
from tmdb_assets_tests.tables.rows import discovered

ANNA = "anna.csv"


def drop(storage: Storage, *lines: str, upload: str = ANNA) -> None:
    """Put a list into the uploads folder."""
    path = storage.uploads / upload
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("Title,Year,Rating", *lines)) + "\n", encoding="utf-8")


def enrich(fake: FakeTMDB, storage: Storage, upload: str = ANNA, **run: object) -> SyncAudit:
    """Enrich a list."""

    async def ask() -> SyncAudit:
        async with client_of(fake) as client:
            return await sync_upload(client, storage, upload, SyncRun(run_id="run", **run))  # type: ignore[arg-type] -- any option

    return asyncio.run(ask())


def rows(storage: Storage, upload: str = ANNA) -> list[dict[str, object]]:
    table = storage.lake.read(EnrichedUpload)
    return [row for row in table.iter_rows(named=True) if row["upload"] == upload]


def asked(fake: FakeTMDB, what: str) -> list[str]:
    return [one.path for one in list(fake.requests) if one.path.startswith(f"/3/{what}")]


def test_a_row_with_exactly_a_films_title_and_year_is_matched_and_filled_in(
    fake: FakeTMDB, storage: Storage
) -> None:
    fake.add_movie(
        949,
        "1995-12-15",
        title="Heat",
        runtime=170,
        genres=[{"id": 80, "name": "Crime"}],
        credits={
            "cast": [{"id": 1158, "name": "Al Pacino", "order": 0, "credit_id": "a", "character": "Hanna"}],
            "crew": [{"id": 638, "name": "Michael Mann", "job": "Director", "credit_id": "b"}],
        },
        vote_average=7.9,
        vote_count=6000,
        popularity=40.5,
    )
    drop(storage, "Heat,1995,9")

    enrich(fake, storage)

    [row] = rows(storage)
    assert (row["status"], row["tmdb_id"], row["score"], row["tmdb_enriched"]) == ("matched", 949, 1.0, True)
    assert (row["genres"], row["runtime"], row["directors"]) == (["Crime"], 170, ["Michael Mann"])
    assert (row["cast"], row["popularity"], row["vote_average"]) == (["Al Pacino"], 40.5, 7.9)
    assert (row["rating"], row["problem"]) == (9.0, None)


def test_a_film_that_the_lake_lacked_joins_the_details_of_its_year(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(949, "1995-12-15", title="Heat")
    drop(storage, "Heat,1995,9")

    enrich(fake, storage)

    assert storage.lake.row_counts(MovieDetail) == {1995: 1}


def test_a_film_that_the_lake_has_costs_no_request(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(949, "1995-12-15", title="Heat")
    drop(storage, "Heat,1995,9")
    drop(storage, "HEAT!,1995,8", upload="ben.csv")
    enrich(fake, storage)
    before = len(fake.requests)

    enrich(fake, storage, "ben.csv")

    assert len(fake.requests) == before
    assert [row["status"] for row in rows(storage, "ben.csv")] == ["matched"]


def test_an_upload_leaves_the_other_films_of_a_year_alone(fake: FakeTMDB, storage: Storage) -> None:
    """Neither asks for them, nor forgets why they failed."""
    for tmdb_id in (1, 2):
        fake.add_movie(tmdb_id, "1995-06-01", vote_count=500)
    fake.add_movie(949, "1995-12-15", title="Heat")
    fake.update_movie(2, runtime="odd")
    listed = [discovered(tmdb_id, 1995, release_date=dt.date(1995, 6, 1)) for tmdb_id in (1, 2)]
    storage.lake.replace_year(DiscoveredMovie, DiscoveredMovie.frame(listed), 1995)
    details(fake, storage, 1995)
    before = len(fake.requests)
    drop(storage, "Heat,1995,9")

    enrich(fake, storage)

    assert [one.path for one in fake.requests[before:]] == ["/3/search/movie", "/3/movie/949"]
    assert sorted(storage.lake.read(MovieDetail)["tmdb_id"]) == [1, 949]
    assert storage.lake.read(FailedMovie)["tmdb_id"].to_list() == [2]


def details(fake: FakeTMDB, storage: Storage, *years: int) -> None:
    async def ask() -> None:
        async with client_of(fake) as client:
            await sync_details(client, storage, years, SyncRun(run_id="details"))

    asyncio.run(ask())


def test_a_film_of_a_list_stays_when_its_year_is_materialized(fake: FakeTMDB, storage: Storage) -> None:
    """Discovery does not list it: it has few votes."""
    fake.add_movie(949, "1995-12-15", title="Heat")
    fake.add_movie(1, "1995-06-01")
    drop(storage, "Heat,1995,9")
    enrich(fake, storage)
    listed = [discovered(1, 1995, release_date=dt.date(1995, 6, 1))]
    storage.lake.replace_year(DiscoveredMovie, DiscoveredMovie.frame(listed), 1995)

    details(fake, storage, 1995)

    assert sorted(storage.lake.read(MovieDetail)["tmdb_id"]) == [1, 949]


def test_two_films_of_one_title_and_year_are_kept_as_candidates(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(1, "2018-05-01", title="Target")
    fake.add_movie(2, "2018-09-01", title="Target")
    drop(storage, "Target,2018,6")

    enrich(fake, storage)

    [row] = rows(storage)
    assert (row["status"], row["tmdb_id"], row["tmdb_enriched"]) == ("ambiguous", None, False)
    assert [candidate["tmdb_id"] for candidate in row["candidates"]] == [1, 2]
    assert row["problem"] == "Two films of 2018 have this title."


def test_a_film_of_the_year_after_is_found_without_the_year_and_is_a_candidate(
    fake: FakeTMDB, storage: Storage
) -> None:
    fake.add_movie(1, "2019-02-01", title="Target")
    drop(storage, "Target,2018,6")

    enrich(fake, storage)

    [row] = rows(storage)
    assert (row["status"], [candidate["tmdb_id"] for candidate in row["candidates"]]) == ("ambiguous", [1])
    assert len(asked(fake, "search/movie")) == 2


def test_every_row_of_the_file_is_a_row_of_the_table_with_its_line(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(949, "1995-12-15", title="Heat")
    drop(storage, "Heat,1995,9", "", ",1999,5", "Nowhere at all,1987,", "Heat,1995,9")

    enrich(fake, storage)

    told = [(row["row_number"], row["line_number"], row["status"]) for row in rows(storage)]
    assert told == [(1, 2, "matched"), (2, 4, "not_found"), (3, 5, "not_found"), (4, 6, "matched")]
    assert [row["problem"] is None for row in rows(storage)] == [True, False, False, True]


def test_a_title_that_stands_twice_is_asked_for_once(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(949, "1995-12-15", title="Heat")
    drop(storage, "Heat,1995,9", "Heat,1995,9")

    enrich(fake, storage)

    assert len(fake.requests) == 2


def test_enriching_again_asks_nothing_and_changes_nothing(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(949, "1995-12-15", title="Heat")
    fake.add_movie(1, "2018-05-01", title="Target")
    fake.add_movie(2, "2018-09-01", title="Target")
    drop(storage, "Heat,1995,9", "Target,2018,", "Nowhere at all,1987,")
    enrich(fake, storage)
    before, requests = rows(storage), len(fake.requests)

    audit = enrich(fake, storage)

    assert (rows(storage), len(fake.requests)) == (before, requests)
    assert (audit.row_count, audit.reused_count, audit.request_count) == (3, 1, 0)


def test_what_is_matched_stays_when_tmdb_gets_another_film_of_that_title(
    fake: FakeTMDB, storage: Storage
) -> None:
    fake.add_movie(949, "1995-12-15", title="Heat")
    drop(storage, "Heat,1995,9")
    enrich(fake, storage)
    fake.add_movie(950, "1995-03-01", title="Heat")

    enrich(fake, storage, refresh=True)

    assert [row["tmdb_id"] for row in rows(storage)] == [949]


def test_a_refresh_searches_again_for_what_was_not_matched(fake: FakeTMDB, storage: Storage) -> None:
    drop(storage, "Heat,1995,9")
    enrich(fake, storage)
    fake.add_movie(949, "1995-12-15", title="Heat")

    enrich(fake, storage, refresh=True)

    assert [row["status"] for row in rows(storage)] == ["matched"]


def test_a_title_is_searched_for_again_after_a_week(fake: FakeTMDB, storage: Storage) -> None:
    drop(storage, "Heat,1995,9")
    enrich(fake, storage)
    fake.add_movie(949, "1995-12-15", title="Heat")
    in_8_days = dt.datetime.now(dt.UTC) + dt.timedelta(days=8)

    enrich(fake, storage, clock=lambda: in_8_days)

    assert [row["status"] for row in rows(storage)] == ["matched"]


def test_rows_that_moved_in_a_replaced_file_keep_their_match(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(949, "1995-12-15", title="Heat")
    fake.add_movie(1, "2018-05-01", title="Target")
    drop(storage, "Heat,1995,9")
    enrich(fake, storage)
    fake.add_movie(950, "1995-03-01", title="Heat")
    drop(storage, "Target,2018,6", "Heat,1995,9")

    enrich(fake, storage)

    assert [(row["row_number"], row["tmdb_id"]) for row in rows(storage)] == [(1, 1), (2, 949)]


def test_the_session_says_how_far_the_upload_is(fake: FakeTMDB, storage: Storage) -> None:
    for tmdb_id in range(1, 6):
        fake.add_movie(tmdb_id, "1995-06-01")
    drop(storage, *(f"Film {tmdb_id},1995,9" for tmdb_id in range(1, 6)), "Nowhere at all,1987,")
    seen = []

    enrich(fake, storage, on_progress=lambda *_: seen.append(storage.state.sessions()[ANNA].status))

    session = storage.state.sessions()[ANNA]
    assert set(seen) == {"enriching"}
    assert (session.status, session.enriched_count, session.total_movies) == ("completed", 5, 6)
    assert session.problems == ["Titles that are not at TMDB with that year: 1."]


def test_a_file_that_is_no_list_fails_in_a_sentence(fake: FakeTMDB, storage: Storage) -> None:
    storage.uploads.mkdir(parents=True)
    (storage.uploads / ANNA).write_bytes(b"PK\x03\x04 and so on")

    with pytest.raises(UploadError) as raised:
        enrich(fake, storage)

    session = storage.state.sessions()[ANNA]
    assert (session.status, session.problems) == ("failed", [str(raised.value)])
    assert "zip" in str(raised.value)


@pytest.mark.parametrize("upload", ["gone.csv", "../state.db", "/etc/hostname"])
def test_a_file_that_is_not_in_the_folder_fails_in_a_sentence(
    fake: FakeTMDB, storage: Storage, upload: str
) -> None:
    with pytest.raises(UploadError, match=r"put (it|the file) there"):
        enrich(fake, storage, upload)

    assert fake.requests == []


def test_a_film_whose_details_cannot_be_had_is_matched_and_says_why(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(949, "1995-12-15", title="Heat", runtime="odd")
    drop(storage, "Heat,1995,9")

    enrich(fake, storage)

    [row] = rows(storage)
    assert (row["status"], row["tmdb_enriched"], row["enriched_at"]) == ("matched", False, None)
    assert "runtime" in str(row["problem"])
    assert storage.lake.read(FailedMovie)["tmdb_id"].to_list() == [949]


def test_when_tmdb_goes_down_what_was_found_is_kept_and_the_rest_is_asked_next_time(
    fake: FakeTMDB, storage: Storage
) -> None:
    """The first five requests are answered: searches for the first five titles."""
    titles = [f"Film {tmdb_id}" for tmdb_id in range(1, 31)]
    with FakeTMDB(films=0, faults=",".join(f"503@{number}" for number in range(6, 200))) as failing:
        for each in (failing, fake):
            for tmdb_id in range(1, 31):
                each.add_movie(tmdb_id, "1995-06-01")
        drop(storage, *(f"{title},1995,9" for title in titles))

        with pytest.raises(TMDBUnavailableError, match=r"TMDB does not answer|gave no answer"):
            enrich(failing, storage)

    kept = [row["status"] for row in rows(storage)]
    enrich(fake, storage)

    assert (kept.count("matched"), kept.count("failed")) == (5, 25)
    assert storage.state.sessions()[ANNA].status == "completed"
    assert len(asked(fake, "search/movie")) == 25
    assert [row["tmdb_enriched"] for row in rows(storage)] == [True] * 30


def test_a_forgotten_list_leaves_neither_rows_nor_wishes(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(949, "1995-12-15", title="Heat")
    for upload in (ANNA, "o'ben.csv"):
        drop(storage, "Heat,1995,9", upload=upload)
        enrich(fake, storage, upload)

    forget_upload(storage, "o'ben.csv")

    assert [row["upload"] for row in rows(storage)] == [ANNA]
    assert rows(storage, "o'ben.csv") == []
    assert [movie.upload for movie in storage.state.requested_movies()] == [ANNA]
    assert list(storage.state.sessions()) == [ANNA]
