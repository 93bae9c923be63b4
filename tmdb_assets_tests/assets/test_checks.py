import datetime as dt

import dagster as dg
import msgspec
import polars as pl
import pytest

from tmdb_assets.assets.discovered_movies import discovery_is_complete
from tmdb_assets.assets.enriched_uploads import every_row_has_its_film
from tmdb_assets.assets.keyword_ids import every_theme_has_a_keyword, keywords_are_where_they_were
from tmdb_assets.assets.movie_details import every_change_is_one, no_failed_movie_has_details
from tmdb_assets.assets.tmdb_exports import export_is_about_as_long_as_before
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.sync.discovery_plan import NOT_LISTED
from tmdb_assets.tables import (
    EnrichedUpload,
    FailedMovie,
    KeywordId,
    ListGap,
    MovieDetail,
    MovieHistory,
    SyncAudit,
)
from tmdb_assets_tests.tables.rows import detail, upload_row

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def storage(resources: dict[str, object]) -> StorageResource:
    return resources["storage"]  # type: ignore[return-value] -- resources differ


def keyword(theme: str, name: str, keyword_id: int | None) -> KeywordId:
    return KeywordId(
        theme=theme,
        theme_title=theme.title(),
        keyword=name,
        keyword_id=keyword_id,
        tmdb_name=None,
        status="pinned" if keyword_id else "missing",
        checked_at=NOW,
    )


def audit(year: int, *, missing: int) -> SyncAudit:
    return SyncAudit(
        run_id="test",
        asset="discovered_movies",
        year=year,
        fingerprint="",
        started_at=NOW,
        finished_at=NOW,
        row_count=10,
        promised_count=10 + missing,
        missing_count=missing,
        reused_count=0,
        request_count=1,
        ok_count=1,
        not_found_count=0,
        failed_count=0,
        retry_count=0,
        waited_seconds=0,
        received_bytes=0,
    )


def checked(result: object) -> tuple[dg.AssetCheckResult, str]:
    assert isinstance(result, dg.AssetCheckResult)
    return result, result.description or ""


def test_a_theme_without_any_keyword_is_named(storage: StorageResource) -> None:
    rows = [keyword("drag", "drag", 1), keyword("drag", "dragg", None), keyword("moths", "moth", None)]
    storage.open().lake.replace(KeywordId, KeywordId.frame(rows))

    result, sentence = checked(every_theme_has_a_keyword(storage))

    assert not result.passed
    assert sentence.startswith("1 theme is without a keyword that TMDB knows: Moths.")
    assert "| Drag | dragg |" in str(result.metadata["examples"].value)


def test_a_word_that_tmdb_lacks_is_fine_where_its_theme_has_another(storage: StorageResource) -> None:
    rows = [keyword("drag", "drag", 1), keyword("drag", "dragg", None)]
    storage.open().lake.replace(KeywordId, KeywordId.frame(rows))

    result, sentence = checked(every_theme_has_a_keyword(storage))

    assert (result.passed, sentence) == (True, "")
    assert result.metadata["unknown_keywords"].value == 1


def test_a_dead_pin_is_named_with_the_id_that_the_name_has_now(storage: StorageResource) -> None:
    moved = msgspec.structs.replace(keyword("moths", "moth", 7), pinned_id=1, status="found")
    storage.open().lake.replace(KeywordId, KeywordId.frame([moved]))

    result, sentence = checked(keywords_are_where_they_were(storage))

    assert not result.passed
    assert sentence == "The pinned id 1 of moth is dead, the name has the id 7 now: correct themes.yaml."
    assert "| moths | moth | 1 | 7 |" in str(result.metadata["examples"].value)


def test_keywords_that_are_where_they_were_pass(storage: StorageResource) -> None:
    alive = msgspec.structs.replace(keyword("moths", "moth", 7), pinned_id=7, tmdb_name="moth")
    storage.open().lake.replace(KeywordId, KeywordId.frame([alive]))

    result, sentence = checked(keywords_are_where_they_were(storage))

    assert (result.passed, sentence) == (True, "")


def test_years_whose_lists_are_short_are_named(storage: StorageResource) -> None:
    for year in range(1990, 1997):
        storage.open().state.add_audit(audit(year, missing=2))
    storage.open().state.add_audit(audit(1997, missing=0))

    result, sentence = checked(discovery_is_complete(storage))

    assert not result.passed
    assert "14 promised films are missing" in sentence
    assert "1990, 1991, 1992, 1993, 1994 and 2 more;" in sentence
    assert result.metadata["missing_by_year"].value == {str(year): 2 for year in range(1990, 1997)}


def test_a_year_stays_short_when_a_later_run_finds_it_fresh(storage: StorageResource) -> None:
    """That run asked for nothing."""
    state = storage.open().state
    state.add_audit(audit(1999, missing=2))
    later = NOW + dt.timedelta(hours=1)
    state.add_audit(
        msgspec.structs.replace(audit(1999, missing=0), request_count=0, finished_at=later, reused_count=10)
    )

    result, sentence = checked(discovery_is_complete(storage))

    assert not result.passed
    assert "2 promised films are missing from TMDB's lists of 1999" in sentence


def test_what_is_missing_is_explained_window_by_window(storage: StorageResource) -> None:
    gap = ListGap(
        release_year=1999,
        listed_by="keywords",
        first_date=dt.date(1999, 2, 10),
        last_date=dt.date(1999, 2, 11),
        min_votes=0,
        max_votes=None,
        original_language=None,
        promised_count=7,
        obtained_count=5,
        missing_count=2,
        reason="Page 3 failed: TMDB answered HTTP 503.",
        noticed_at=NOW,
    )
    storage.open().state.add_audit(audit(1999, missing=2))
    storage.open().state.replace_gaps(1999, [gap])

    result, _ = checked(discovery_is_complete(storage))

    row = "| 1999 | keywords | 1999-02-10 | 1999-02-11 | 0 |  |  | 7 | 5 | 2 | Page 3 failed: TMDB answered"
    assert row in str(result.metadata["gaps"].value).replace("\\", "")


def test_rows_of_lists_without_a_film_are_shown(storage: StorageResource) -> None:
    rows = [
        upload_row("anna.csv", 1, 949, tmdb_enriched=True),
        upload_row("anna.csv", 2, None, status="not_found", title="Nowhere at all", tmdb_enriched=False),
    ]
    storage.open().lake.replace_where(EnrichedUpload, EnrichedUpload.frame(rows), "upload", "anna.csv")

    result, sentence = checked(every_row_has_its_film(storage))

    assert (result.passed, sentence) == (False, "1 row is without a film; the column problem says why.")
    assert "Nowhere at all" in str(result.metadata["examples"].value)


def test_a_year_that_could_not_be_listed_is_named_apart(storage: StorageResource) -> None:
    storage.open().state.add_audit(msgspec.structs.replace(audit(1999, missing=1), fingerprint=NOT_LISTED))

    result, sentence = checked(discovery_is_complete(storage))

    assert not result.passed
    assert sentence.startswith("TMDB could not list 1999: the list of before stays")
    assert result.metadata["missing_by_year"].value == {}


def test_a_change_that_is_none_is_shown(storage: StorageResource) -> None:
    rows = [
        MovieHistory(tmdb_id=1, title="Heat", field="runtime", old_value="170", new_value=new, seen_at=at)
        for new, at in (("171", NOW), ("170", NOW + dt.timedelta(days=1)))
    ]
    storage.open().lake.add(MovieHistory, MovieHistory.frame(rows))

    result, sentence = checked(every_change_is_one(storage))

    assert not result.passed
    assert sentence.startswith("1 row is no change")


def test_a_film_with_details_and_a_failure_is_shown(storage: StorageResource) -> None:
    lake = storage.open().lake
    lake.replace_year(MovieDetail, MovieDetail.frame([detail(7, release_year=1999)]), 1999)
    for tmdb_id, passes in ((8, True), (7, False)):
        lost = FailedMovie(
            tmdb_id=tmdb_id,
            release_year=1999,
            title="Lost",
            reason="failed",
            message=None,
            attempt_count=1,
            checked_at=NOW,
        )
        lake.replace_year(FailedMovie, FailedMovie.frame([lost]), 1999)

        result, sentence = checked(no_failed_movie_has_details(storage))

        assert (result.passed, bool(sentence)) == (passes, not passes)


@pytest.mark.parametrize(("count", "passes"), [(104, True), (96, True), (106, False), (94, False)])
def test_an_export_of_another_length_is_noticed(
    storage: StorageResource, count: int, *, passes: bool
) -> None:
    kept = storage.open().export_ids
    with kept.alone():
        kept.keep(dt.date(2026, 1, 1), pl.Series("tmdb_id", range(100)))
        kept.keep(dt.date(2026, 1, 2), pl.Series("tmdb_id", range(count)))

    result, sentence = checked(export_is_about_as_long_as_before(storage))

    assert result.passed == passes
    assert bool(sentence) != passes
