import datetime as dt
from concurrent.futures import ThreadPoolExecutor

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import DiscoveredMovie, FailedMovie, MovieDetail
from tmdb_assets_tests.sync.uploading import ANNA, asked, details, drop, enrich, rows
from tmdb_assets_tests.tables.rows import discovered


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


def test_a_search_from_a_time_to_come_is_made_again(fake: FakeTMDB, storage: Storage) -> None:
    drop(storage, "Heat,1995,9")
    enrich(fake, storage)
    fake.add_movie(949, "1995-12-15", title="Heat")
    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)

    enrich(fake, storage, clock=lambda: before)

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


def test_the_last_file_wins_when_it_is_replaced_while_it_is_enriched(
    fake: FakeTMDB, storage: Storage
) -> None:
    fake.add_movie(949, "1995-12-15", title="Heat")
    fake.add_movie(1, "2018-05-01", title="Target")
    drop(storage, "Heat,1995,9")

    enrich(fake, storage, on_year=lambda _: drop(storage, "Target,2018,6"))

    assert [row["tmdb_id"] for row in rows(storage)] == [1]
    assert [movie.tmdb_id for movie in storage.state.requested_movies()] == [1]


def test_a_film_of_a_list_stays_when_its_years_run_was_planned_before(
    fake: FakeTMDB, storage: Storage
) -> None:
    fake.add_movie(949, "1995-12-15", title="Heat")
    fake.add_movie(1, "1995-06-01")
    listed = [discovered(1, 1995, release_date=dt.date(1995, 6, 1))]
    storage.lake.replace_year(DiscoveredMovie, DiscoveredMovie.frame(listed), 1995)
    drop(storage, "Heat,1995,9")

    def meanwhile(*_: object) -> None:
        with ThreadPoolExecutor() as another:
            another.submit(enrich, fake, storage).result()

    details(fake, storage, 1995, on_plan=meanwhile)

    assert sorted(storage.lake.read(MovieDetail)["tmdb_id"]) == [1, 949]


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
