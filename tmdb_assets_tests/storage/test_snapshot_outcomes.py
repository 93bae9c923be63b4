from pathlib import Path

from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.snapshot import publish
from tmdb_assets.storage.state import State
from tmdb_assets.tables import DiscoveredMovie, FailedMovie, MovieDetail, RequestedMovie
from tmdb_assets_tests.storage.films import answers
from tmdb_assets_tests.tables.rows import AT, detail, discovered


def failure(tmdb_id: int, reason: str, *, count: int = 1) -> FailedMovie:
    row = {"tmdb_id": tmdb_id, "release_year": 1999, "title": f"Film {tmdb_id}", "reason": reason}
    return FailedMovie(**row, message="Why", attempt_count=1, checked_at=AT, failure_count=count)


def requested(upload: str, tmdb_id: int) -> RequestedMovie:
    return RequestedMovie(
        upload=upload,
        tmdb_id=tmdb_id,
        release_year=1999,
        title="Asked for",
        release_date=None,
        requested_at=AT,
    )


def test_each_film_that_is_or_was_promised_has_one_outcome(lake: Lake, state: State, path: Path) -> None:
    lake.replace_year(MovieDetail, MovieDetail.frame([detail(1, 1999)]), 1999)
    listed = [discovered(film, 1999) for film in (1, 2, 3, 4)]
    lake.replace_year(DiscoveredMovie, DiscoveredMovie.frame(listed), 1999)
    failures = [failure(2, "failed", count=3), failure(3, "undated"), failure(5, "not_found")]
    lake.replace_year(FailedMovie, FailedMovie.frame([*failures, failure(6, "deleted")]), 1999)
    state.request_movies("a.csv", [requested("a.csv", 7), requested("a.csv", 1)])
    state.request_movies("b.csv", [requested("b.csv", 7)])

    publish(lake, state, path)

    rows = answers(path, "SELECT tmdb_id, outcome, failure_count, message FROM movie_outcomes ORDER BY ALL")
    assert rows == [
        (1, "ok", 0, None),
        (2, "failed", 3, "Why"),
        (3, "undated", 1, "Why"),
        (4, "pending", 0, None),
        (5, "not_found", 1, "Why"),
        (6, "deleted", 1, "Why"),
        (7, "pending", 0, None),
    ]
