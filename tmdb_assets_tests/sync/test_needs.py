import datetime as dt
import time

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.segment import JournalLine
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.discovery_plan import DiscoveryQuestion
from tmdb_assets.sync.needs import year_needs
from tmdb_assets.tables import DiscoveredMovie, FailedMovie, MovieDetail
from tmdb_assets.transforms.backfill import YearNeed
from tmdb_assets_tests.tables.rows import audit, detail, discovered

NOW = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
RECENTLY, LONG_AGO = NOW - dt.timedelta(days=1), NOW - dt.timedelta(days=100)
QUESTION = DiscoveryQuestion(200, (1, 2), "en-US")


def list_year(
    storage: Storage, year: int, *tmdb_ids: int, at: dt.datetime = RECENTLY, **columns: object
) -> None:
    """Store a year's lists as discovery does."""
    rows = [discovered(tmdb_id, year, discovered_at=at, **columns) for tmdb_id in tmdb_ids]
    storage.lake.replace_year(DiscoveredMovie, DiscoveredMovie.frame(rows), year)
    storage.state.add_audit(
        audit(
            asset="discovered_movies",
            year=year,
            fingerprint=QUESTION.fingerprint,
            row_count=len(rows),
            request_count=2,
            finished_at=at,
        )
    )


def store_details(storage: Storage, year: int, checked: dict[int, dt.datetime]) -> None:
    """Store films as details does."""
    rows = [detail(tmdb_id, year, checked_at=at) for tmdb_id, at in checked.items()]
    storage.lake.replace_year(MovieDetail, MovieDetail.frame(rows), year)


def needs(storage: Storage, *years: int, question: DiscoveryQuestion = QUESTION) -> dict[int, YearNeed]:
    run = SyncRun(run_id="test", clock=lambda: NOW)
    found = year_needs(storage, years, question, run, details_fingerprint="f")
    return {need.year: need for need in found}


def test_a_year_whose_lists_and_films_are_fresh_needs_nothing(storage: Storage) -> None:
    list_year(storage, 1990, 7, 8)
    store_details(storage, 1990, {7: RECENTLY, 8: RECENTLY})

    assert needs(storage, 1990) == {}


def test_a_year_without_films_whose_lists_are_fresh_needs_nothing(storage: Storage) -> None:
    list_year(storage, 1875)

    assert needs(storage, 1875) == {}


def test_a_promised_film_that_was_never_asked_for_makes_its_year_incomplete(storage: Storage) -> None:
    list_year(storage, 1990, 7, 8, 9)
    store_details(storage, 1990, {7: RECENTLY, 8: LONG_AGO})

    [need] = needs(storage, 1990).values()

    assert need == YearNeed(
        year=1990, is_incomplete=True, list_requests=0, new_films=1, stale_films=1, checked_at=LONG_AGO
    )


def test_old_lists_take_as_many_requests_as_they_have_pages(storage: Storage) -> None:
    """41 films by votes are three pages, none by keyword is one."""
    films = range(100, 141)
    list_year(storage, 1990, *films, at=LONG_AGO)
    store_details(storage, 1990, dict.fromkeys(films, RECENTLY))

    [need] = needs(storage, 1990).values()

    assert need == YearNeed(year=1990, is_incomplete=False, list_requests=4, checked_at=LONG_AGO)


def test_the_oldest_check_of_what_is_due_counts(storage: Storage) -> None:
    older = LONG_AGO - dt.timedelta(days=10)
    list_year(storage, 1990, 7, 8, 9)
    store_details(storage, 1990, {7: LONG_AGO, 8: older, 9: RECENTLY})

    [need] = needs(storage, 1990).values()

    assert (need.stale_films, need.checked_at) == (2, older)


def test_a_film_that_tmdb_did_not_give_is_due_again_but_does_not_come_first_for_ever(
    storage: Storage,
) -> None:
    list_year(storage, 1990, 7)
    row = FailedMovie(
        tmdb_id=7,
        release_year=1990,
        title=None,
        reason="failed",
        message=None,
        attempt_count=1,
        checked_at=RECENTLY,
    )
    storage.lake.replace_year(FailedMovie, FailedMovie.frame([row]), 1990)

    [need] = needs(storage, 1990).values()

    assert need == YearNeed(year=1990, is_incomplete=False, stale_films=1, checked_at=RECENTLY)


def test_an_answer_that_a_killed_run_left_is_to_be_stored_without_a_request(storage: Storage) -> None:
    list_year(storage, 1990, 7)
    with storage.journal.new_segment() as segment:
        segment.append(JournalLine(tmdb_id=7, answered_at=RECENTLY, outcome="ok", fingerprint="f"))

    [need] = needs(storage, 1990).values()

    assert (need.is_incomplete, need.requests) == (True, 0)


def test_a_year_never_listed_is_taken_to_be_as_large_as_the_median_of_the_others(storage: Storage) -> None:
    for year, count in ((1990, 1), (1991, 50), (1992, 60)):
        list_year(storage, year, *(year * 100 + number for number in range(count)))

    need = needs(storage, 1990, 1991, 1992, 1993)[1993]

    assert need == YearNeed(year=1993, is_incomplete=True, list_requests=4, new_films=50)


def test_where_nothing_is_known_a_year_is_taken_to_have_300_films(storage: Storage) -> None:
    no_keywords = DiscoveryQuestion(200, (), "en-US")

    [need] = needs(storage, 1990, question=no_keywords).values()

    assert need == YearNeed(year=1990, is_incomplete=True, list_requests=15, new_films=300)


def test_another_question_makes_lists_old(storage: Storage) -> None:
    list_year(storage, 1990)

    [need] = needs(storage, 1990, question=DiscoveryQuestion(50, (1, 2), "en-US")).values()

    assert (need.is_incomplete, need.list_requests) == (False, 2)


def test_the_needs_of_all_of_film_history_are_read_in_seconds(storage: Storage) -> None:
    """A tick has 60 s; 157 years with 20,000 films, of which a third is due."""
    years = range(1874, 2031)
    films = {year: range(year * 1000, year * 1000 + 128) for year in years}
    listed = [discovered(one, year, discovered_at=RECENTLY) for year in years for one in films[year]]
    stored = [
        detail(one, year, checked_at=LONG_AGO if one % 3 else RECENTLY)
        for year in years
        for one in films[year]
    ]
    for table, rows in ((DiscoveredMovie, listed), (MovieDetail, stored)):
        frame = table.frame(rows)
        storage.lake.rewrite_year(table, 1874, lambda _, frame=frame: frame)
    for year in years:
        storage.state.add_audit(
            audit(
                asset="discovered_movies",
                year=year,
                fingerprint=QUESTION.fingerprint,
                request_count=2,
                row_count=128,
                finished_at=RECENTLY,
            )
        )

    begun = time.monotonic()
    found = needs(storage, *years)

    assert len(found) == len(years)
    assert time.monotonic() - begun < 10
