import datetime as dt

import msgspec

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.marks import marked_films, years_with_marked_films
from tmdb_assets.tables import FailedMovie, MovieChange, MovieDetail, TmdbExport
from tmdb_assets_tests.tables.rows import detail

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def feed(storage: Storage, *tmdb_ids: int, at: dt.datetime) -> None:
    """Store a day of the changes feed."""
    rows = [MovieChange(day=at.date(), tmdb_id=film, adult=None, seen_at=at) for film in tmdb_ids]
    storage.lake.replace_where(MovieChange, MovieChange.frame(rows), "day", at.date())


def export(storage: Storage, *films: tuple[int, str, bool], at: dt.datetime) -> None:
    """Store what an export of ids told."""
    row = {"export_date": at.date(), "original_title": None, "seen_at": at}
    rows = [
        msgspec.convert({**row, "tmdb_id": film, "change": change, "is_known": is_known}, TmdbExport)
        for film, change, is_known in films
    ]
    storage.lake.replace_where(TmdbExport, TmdbExport.frame(rows), "export_date", at.date())


def details(storage: Storage, year: int, *tmdb_ids: int, at: dt.datetime) -> None:
    rows = [detail(film, year, checked_at=at) for film in tmdb_ids]
    storage.lake.replace_year(MovieDetail, MovieDetail.frame(rows), year)


def failure(storage: Storage, year: int, tmdb_id: int, reason: str, *, at: dt.datetime) -> None:
    row = {"tmdb_id": tmdb_id, "release_year": year, "title": None, "reason": reason, "message": None}
    failed = msgspec.convert({**row, "attempt_count": 1, "checked_at": at}, FailedMovie)
    storage.lake.replace_year(FailedMovie, FailedMovie.frame([failed]), year)


def test_a_film_has_the_newest_of_its_marks(storage: Storage) -> None:
    feed(storage, 1, 2, at=NOW - 2 * DAY)
    feed(storage, 1, at=NOW - DAY)
    export(storage, (2, "vanished", True), (3, "new", True), (4, "new", False), at=NOW)

    marks = dict(marked_films(storage).collect().iter_rows())

    assert marks == {1: NOW - DAY, 2: NOW, 3: NOW}


def test_only_years_with_stale_films_are_named(storage: Storage) -> None:
    details(storage, 1979, 1, at=NOW - 20 * DAY)
    details(storage, 1980, 2, at=NOW - 20 * DAY)
    details(storage, 1981, 3, at=NOW - DAY / 24)
    details(storage, 1982, 4, at=NOW - 20 * DAY)
    feed(storage, 1, 3, 99, at=NOW - DAY / 12)
    export(storage, (4, "vanished", True), at=NOW)

    assert years_with_marked_films(storage, storage.policy, NOW) == [1979, 1982]


def test_a_film_that_was_gone_may_be_back_but_a_deleted_one_stays_away(storage: Storage) -> None:
    failure(storage, 1979, 1, "not_found", at=NOW - 20 * DAY)
    failure(storage, 1980, 2, "deleted", at=NOW - 20 * DAY)
    feed(storage, 1, 2, at=NOW)

    assert years_with_marked_films(storage, storage.policy, NOW) == [1979]


def test_a_year_is_named_again_eight_hours_after_the_mark(storage: Storage) -> None:
    details(storage, 1979, 1, at=NOW + DAY / 24)
    feed(storage, 1, at=NOW)

    named = [years_with_marked_films(storage, storage.policy, NOW + DAY * hours / 24) for hours in (7.9, 8)]

    assert named == [[], [1979]]


def test_without_any_mark_no_year_is_named(storage: Storage) -> None:
    details(storage, 1979, 1, at=NOW - 900 * DAY)

    assert years_with_marked_films(storage, storage.policy, NOW) == []
