"""A year that is stored while others delete, import and store the same films."""

import datetime as dt
import json

import pytest

from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.local_folder import LocalFolder
from tmdb_assets.sync.deletion import delete_films
from tmdb_assets.sync.details_plan import YearPlan
from tmdb_assets.sync.details_rows import YearRows
from tmdb_assets.sync.details_store import Stored, store_year
from tmdb_assets.sync.details_verdict import Wanted
from tmdb_assets.sync.importing import import_films
from tmdb_assets.sync.local_films import put_failures
from tmdb_assets.tables import FailedMovie, MovieDetail, MovieHistory, RequestedMovie
from tmdb_assets.tmdb.decoding import decode
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.tmdb.models import MovieDetails
from tmdb_assets_tests.sync.busy_lake import busy
from tmdb_assets_tests.sync.rebuilding import reasons, titles

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
RELEASED = dt.date(2001, 1, 1)


@pytest.fixture
def storage(storage: Storage) -> Storage:
    """Let somebody want films 1 and 2 of 2001."""
    wanted = [
        RequestedMovie(
            upload="list", tmdb_id=film, release_year=2001, title="A", release_date=RELEASED, requested_at=NOW
        )
        for film in (1, 2)
    ]
    storage.state.request_movies("list", wanted)
    return storage


def answers(films: dict[int, str | None], *, at: dt.datetime) -> YearRows:
    """Return what TMDB said of films: their titles, or None where it could not say."""
    wanted = {film: Wanted(film, "A", RELEASED, NOW - 9 * DAY) for film in (1, 2)}
    rows = YearRows(YearPlan(2001, wanted=wanted), "fingerprint", None, ImageURLs())
    for film, title in films.items():
        if title is None:
            rows.fail(film, "failed", "busy", answered_at=at)
            continue
        body = json.dumps({"id": film, "title": title, "release_date": str(RELEASED)}).encode()
        details = decode(body, MovieDetails)
        assert isinstance(details, MovieDetails)
        rows.add(film, details, answered_at=at)
    return rows


def store(storage: Storage, films: dict[int, str | None], *, at: dt.datetime = NOW) -> Stored:
    return store_year(storage, answers(films, at=at), now=at)


def delete(storage: Storage, film: int) -> None:
    delete_films(storage, [film], clock=lambda: NOW)


def failure(film: int) -> FailedMovie:
    return FailedMovie(
        tmdb_id=film,
        release_year=2001,
        title="A",
        reason="failed",
        message="of another process",
        attempt_count=1,
        checked_at=NOW,
        first_failed_at=NOW,
    )


def changes(storage: Storage) -> list[tuple[object, ...]]:
    columns = ("tmdb_id", "field", "old_value", "new_value", "seen_at")
    return storage.lake.read(MovieHistory).select(columns).rows()


@pytest.mark.parametrize("moment", [MovieDetail, FailedMovie])
@pytest.mark.parametrize("answer", ["B", None])
def test_a_film_that_is_deleted_while_its_year_is_stored_stays_deleted(
    storage: Storage, moment: type[MovieDetail | FailedMovie], answer: str | None
) -> None:
    store(storage, {1: "A"}, at=NOW - DAY)

    store(busy(storage, moment, lambda: delete(storage, 1)), {1: answer, 2: None})

    assert (titles(storage), reasons(storage)) == ({}, {1: "deleted", 2: "failed"})


def test_a_failed_film_that_is_deleted_while_it_is_had_at_last_stays_deleted(storage: Storage) -> None:
    """It had no row that its deletion could have taken away."""
    store(storage, {1: None, 2: "A"}, at=NOW - DAY)

    stored = store(busy(storage, MovieDetail, lambda: delete(storage, 1)), {1: "A"})

    assert (titles(storage), reasons(storage)) == ({2: "A"}, {1: "deleted"})
    assert (stored.row_count, stored.missing_count) == (1, 0)


def test_a_deletion_that_was_killed_half_way_is_finished(storage: Storage) -> None:
    store(storage, {1: "A", 2: "A"}, at=NOW - DAY)
    before = storage.lake.read(MovieDetail)
    delete(storage, 1)
    storage.lake.replace_year(MovieDetail, before, 2001)

    store(storage, {2: "B"})

    assert (titles(storage), reasons(storage)) == ({2: "B"}, {1: "deleted"})


def test_a_deleted_film_whose_import_was_killed_half_way_is_there(storage: Storage) -> None:
    store(storage, {1: "A", 2: "A"}, at=NOW - DAY)
    delete(storage, 1)
    deleted = storage.lake.read(FailedMovie)
    body = b'{"id": 1, "title": "Imported", "release_date": "2001-01-01", "genres": []}'
    folder = LocalFolder(storage.uploads)
    folder.folder.mkdir()
    (folder.folder / "1.json").write_bytes(body)
    import_films(
        storage,
        folder,
        region=None,
        images=ImageURLs(),
        on_progress=lambda _done, _total: None,
        clock=lambda: NOW + DAY,
    )
    storage.lake.replace_year(FailedMovie, deleted, 2001)

    store(storage, {2: "B"}, at=NOW + DAY)

    assert (titles(storage), reasons(storage)) == ({1: "Imported", 2: "B"}, {})


@pytest.mark.parametrize("moment", [MovieDetail, FailedMovie])
def test_a_failure_that_another_process_adds_meanwhile_stays(
    storage: Storage, moment: type[MovieDetail | FailedMovie]
) -> None:
    def fail() -> None:
        put_failures(storage, [failure(2)], MovieHistory.frame())

    store(busy(storage, moment, fail), {1: None})

    assert reasons(storage) == {1: "failed", 2: "failed"}


def test_of_two_failures_at_once_both_are_counted(storage: Storage) -> None:
    def fail() -> None:
        put_failures(storage, [failure(2)], MovieHistory.frame())

    store(busy(storage, FailedMovie, fail), {1: "A", 2: None}, at=NOW + DAY)

    [row] = storage.lake.read(FailedMovie).rows(named=True)
    assert (row["failure_count"], row["first_failed_at"], row["checked_at"]) == (2, NOW, NOW + DAY)


def test_a_film_that_another_process_has_got_meanwhile_is_not_called_failed(storage: Storage) -> None:
    stored = store(busy(storage, MovieDetail, lambda: store(storage, {2: "A"})), {1: "A", 2: None}, at=NOW)

    assert (titles(storage), reasons(storage)) == ({1: "A", 2: "A"}, {})
    assert stored.missing_count == 0


def test_of_a_commit_that_lost_no_history_stays(storage: Storage) -> None:
    store(storage, {1: "First", 2: "A"}, at=NOW - 3 * DAY)

    def change() -> None:
        store(storage, {1: "Second"}, at=NOW - DAY)

    store(busy(storage, MovieDetail, change), {1: "Second", 2: "B"})

    assert changes(storage) == [
        (1, "title", '"First"', '"Second"', NOW - DAY),
        (2, "title", '"A"', '"B"', NOW),
    ]


def test_history_of_the_same_answer_that_another_process_stored_first_stays(storage: Storage) -> None:
    store(storage, {1: "First"}, at=NOW - DAY)

    store(busy(storage, MovieDetail, lambda: store(storage, {1: "Second"})), {1: "Second", 2: "A"})

    assert changes(storage) == [(1, "title", '"First"', '"Second"', NOW)]
