import asyncio
import datetime as dt

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.keywords import sync_keywords
from tmdb_assets.tables import KeywordId, SyncAudit
from tmdb_assets.tmdb import TMDBError
from tmdb_assets.transforms.themes import Theme, ThemeKeyword
from tmdb_assets_tests.sync.conftest import client_of

TRANS = Theme("trans", "Trans", (ThemeKeyword("trans", 336668), ThemeKeyword("transgender")))


def synced(fake: FakeTMDB, storage: Storage, *themes: Theme, run: SyncRun | None = None) -> SyncAudit:
    async def sync() -> SyncAudit:
        async with client_of(fake) as client:
            return await sync_keywords(client, storage, themes, run or SyncRun(run_id="test"))

    return asyncio.run(sync())


def film_with(fake: FakeTMDB, **names: int) -> None:
    keywords = [{"id": keyword_id, "name": name.replace("_", " ")} for name, keyword_id in names.items()]
    fake.add_movie(1, "1999-01-01", keywords=keywords)


def test_a_pinned_id_counts_while_it_lives(fake: FakeTMDB, storage: Storage) -> None:
    film_with(fake, trans=336668, transgender=290527)

    synced(fake, storage, TRANS)

    rows = storage.lake.read(KeywordId)
    assert rows.select("keyword", "keyword_id", "status").rows() == [
        ("trans", 336668, "pinned"),
        ("transgender", 290527, "found"),
    ]


def test_a_dead_pin_is_looked_up_by_its_exact_name(fake: FakeTMDB, storage: Storage) -> None:
    """TMDB's search is tolerant: for "moth" it also answers mother and mothballs."""
    film_with(fake, Moth=7, mothballs=8, mother=9)

    synced(fake, storage, Theme("moths", "Moths", (ThemeKeyword("moth", 999999),)))

    rows = storage.lake.read(KeywordId)
    assert rows.select("keyword_id", "tmdb_name", "status").rows() == [(7, "Moth", "found")]


def test_a_word_with_two_living_ids_gets_both(fake: FakeTMDB, storage: Storage) -> None:
    keywords = [{"id": 1, "name": "moth"}, {"id": 2, "name": "Moth"}]
    fake.add_movie(1, "1999-01-01", keywords=keywords)

    synced(fake, storage, Theme("moths", "Moths", (ThemeKeyword("moth"),)))

    assert storage.lake.read(KeywordId)["keyword_id"].to_list() == [1, 2]


def test_a_name_that_tmdb_lacks_is_a_row_without_id(fake: FakeTMDB, storage: Storage) -> None:
    film_with(fake, mothballs=8)

    audit = synced(fake, storage, Theme("moths", "Moths", (ThemeKeyword("moth", 999999),)))

    assert storage.lake.read(KeywordId)["status"].to_list() == ["missing"]
    assert audit.missing_count == 1


def test_nothing_is_asked_while_the_ids_are_fresh(fake: FakeTMDB, storage: Storage) -> None:
    film_with(fake, trans=336668)
    synced(fake, storage, TRANS)
    asked = len(fake.requests)

    audit = synced(fake, storage, TRANS)

    assert len(fake.requests) == asked
    assert audit.reused_count == audit.row_count == 2


def test_other_themes_are_asked_for_at_once(fake: FakeTMDB, storage: Storage) -> None:
    synced(fake, storage, TRANS)

    audit = synced(fake, storage, Theme("drag", "Drag", (ThemeKeyword("drag"),)))

    assert audit.request_count == 1
    assert storage.lake.read(KeywordId)["theme"].to_list() == ["drag"]


def test_a_week_later_they_are_asked_for_again(fake: FakeTMDB, storage: Storage) -> None:
    synced(fake, storage, TRANS)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=8)

    audit = synced(fake, storage, TRANS, run=SyncRun(run_id="later", clock=lambda: later))

    assert audit.request_count > 0


def test_ids_from_a_time_to_come_are_asked_for_once_more(fake: FakeTMDB, storage: Storage) -> None:
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(days=3650)
    synced(fake, storage, TRANS, run=SyncRun(run_id="ahead", clock=lambda: ahead))

    audits = [synced(fake, storage, TRANS) for _ in range(2)]

    assert [audit.request_count > 0 for audit in audits] == [True, False]


def test_a_failure_leaves_the_table_as_it_was(storage: Storage) -> None:
    with FakeTMDB(films=0, faults="503@4,500!") as fake, pytest.raises(TMDBError):
        synced(fake, storage, TRANS)

    assert storage.lake.read(KeywordId).is_empty()


def test_a_pinned_id_that_died_is_found_again_with_the_ids_that_it_had(
    fake: FakeTMDB, storage: Storage
) -> None:
    theme = Theme("moths", "Moths", (ThemeKeyword("moth", 7), ThemeKeyword("butterfly")))
    film_with(fake, moth=7, butterfly=8)
    synced(fake, storage, theme)
    fake.remove_keyword(7)
    fake.add_keyword(70, "moth")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=8)

    synced(fake, storage, theme, run=SyncRun(run_id="later", clock=lambda: later))

    rows = storage.lake.read(KeywordId).sort("keyword")
    assert rows.select("keyword", "pinned_id", "keyword_id", "former_ids", "renumbered_at").rows() == [
        ("butterfly", None, 8, [], None),
        ("moth", 7, 70, [7], later),
    ]


def test_what_was_looked_up_is_kept_outside_the_lake_too(fake: FakeTMDB, storage: Storage) -> None:
    synced(fake, storage, TRANS)

    [(year, rows)] = storage.lists.read(KeywordId)

    assert year is None
    assert rows.sort(KeywordId.key).equals(storage.lake.read(KeywordId))
