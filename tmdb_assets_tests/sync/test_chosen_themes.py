"""Runs over some themes only: what they ask for, what they leave alone, what counts as fresh after them."""

import asyncio
import datetime as dt
from collections.abc import Iterable

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.discovery import sync_discovery
from tmdb_assets.sync.keywords import sync_keywords
from tmdb_assets.tables import DiscoveredMovie, KeywordId, SyncAudit
from tmdb_assets.transforms.themes import Theme, ThemeKeyword, ThemesError
from tmdb_assets_tests.sync.conftest import client_of

QUEER, DRAG = 250606, 171636
THEMES = [
    Theme("queer", "Queer", (ThemeKeyword("queer", QUEER),)),
    Theme("drag", "Drag", (ThemeKeyword("drag", DRAG),)),
]


@pytest.fixture
def both_themes(storage: Storage) -> None:
    rows = [
        KeywordId(
            theme=theme.slug,
            theme_title=theme.title,
            keyword=theme.slug,
            keyword_id=theme.keywords[0].id,
            tmdb_name=theme.slug,
            status="pinned",
            checked_at=dt.datetime.now(dt.UTC),
        )
        for theme in THEMES
    ]
    storage.lake.replace(KeywordId, KeywordId.frame(rows))


def discovered(
    fake: FakeTMDB, storage: Storage, *, themes: Iterable[str] = (), refresh: bool = False
) -> SyncAudit:
    audits: list[SyncAudit] = []

    async def sync() -> None:
        run = SyncRun(run_id="test", on_year=audits.append, refresh=refresh)
        async with client_of(fake) as client:
            await sync_discovery(client, storage, [1999], run, themes=list(themes))

    asyncio.run(sync())
    return audits[0]


def looked_up(
    fake: FakeTMDB, storage: Storage, *, only: Iterable[str] = (), refresh: bool = False
) -> SyncAudit:
    async def sync() -> SyncAudit:
        async with client_of(fake) as client:
            run = SyncRun(run_id="test", refresh=refresh)
            return await sync_keywords(client, storage, THEMES, run, only=list(only))

    return asyncio.run(sync())


def rows(storage: Storage) -> dict[int, tuple[bool, bool]]:
    found = storage.lake.read(DiscoveredMovie).select("tmdb_id", "has_enough_votes", "has_theme_keyword")
    return {tmdb_id: (votes, keyword) for tmdb_id, votes, keyword in found.iter_rows()}


@pytest.mark.usefixtures("both_themes")
def test_only_the_chosen_themes_films_and_those_with_votes_are_asked_for(
    fake: FakeTMDB, storage: Storage
) -> None:
    fake.add_movie(1, "1999-01-01", QUEER)
    fake.add_movie(2, "1999-01-01", DRAG)
    fake.add_movie(3, "1999-01-01", vote_count=500)

    audit = discovered(fake, storage, themes=["queer"])

    assert rows(storage) == {1: (False, True), 3: (True, False)}
    assert (audit.row_count, audit.request_count) == (2, 2)


@pytest.mark.usefixtures("both_themes")
def test_films_that_are_not_found_again_stay_as_they_were(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(1, "1999-01-01", QUEER)
    fake.add_movie(2, "1999-01-01", DRAG)
    fake.add_movie(3, "1999-01-01", DRAG, vote_count=500)
    discovered(fake, storage)
    before = storage.lake.read(DiscoveredMovie)
    fake.add_movie(4, "1999-01-01", QUEER)

    audit = discovered(fake, storage, themes=["queer"], refresh=True)

    assert rows(storage) == {1: (False, True), 2: (False, True), 3: (True, True), 4: (False, True)}
    after = storage.lake.read(DiscoveredMovie)
    assert after.filter(tmdb_id=2).equals(before.filter(tmdb_id=2))
    assert (audit.row_count, audit.reused_count, audit.missing_count) == (4, 1, 0)


@pytest.mark.usefixtures("both_themes")
def test_a_year_asked_for_some_themes_is_not_fresh_for_all(fake: FakeTMDB, storage: Storage) -> None:
    fake.add_movie(2, "1999-01-01", DRAG)
    discovered(fake, storage, themes=["queer"])

    audit = discovered(fake, storage)

    assert audit.request_count == 2
    assert set(rows(storage)) == {2}


@pytest.mark.usefixtures("both_themes")
def test_a_year_asked_for_every_theme_by_name_is_not_fresh_for_all(fake: FakeTMDB, storage: Storage) -> None:
    """Its other films were left in it, even such as TMDB lists no more."""
    discovered(fake, storage, themes=["queer", "drag"])

    audit = discovered(fake, storage)

    assert audit.request_count == 2


@pytest.mark.usefixtures("both_themes")
@pytest.mark.parametrize("before", [["queer"], []], ids=["the same themes", "all themes"])
def test_some_themes_are_fresh_after_the_same_or_all_were_asked_for(
    fake: FakeTMDB, storage: Storage, before: list[str]
) -> None:
    fake.add_movie(1, "1999-01-01", QUEER)
    discovered(fake, storage, themes=before)

    audit = discovered(fake, storage, themes=["queer"])

    assert audit.request_count == 0


@pytest.mark.usefixtures("both_themes")
def test_some_themes_are_not_fresh_after_others_were_asked_for(fake: FakeTMDB, storage: Storage) -> None:
    discovered(fake, storage, themes=["drag"])

    audit = discovered(fake, storage, themes=["queer"])

    assert audit.request_count == 2


def test_a_theme_that_was_never_looked_up_is_a_sentence(fake: FakeTMDB, storage: Storage) -> None:
    looked_up(fake, storage, only=["drag"])

    with pytest.raises(ThemesError, match="no row of queer yet: materialize keyword_ids first"):
        discovered(fake, storage, themes=["queer", "drag"])


def test_only_the_chosen_themes_are_looked_up(fake: FakeTMDB, storage: Storage) -> None:
    looked_up(fake, storage)
    before = storage.lake.read(KeywordId).filter(theme="queer")

    audit = looked_up(fake, storage, only=["drag"], refresh=True)

    after = storage.lake.read(KeywordId)
    assert after.filter(theme="queer").equals(before)
    assert after["theme"].unique().sort().to_list() == ["drag", "queer"]
    assert (audit.row_count, audit.request_count) == (2, 1)


@pytest.mark.parametrize(
    ("before", "then", "requests"),
    [(["drag"], ["drag"], 0), ([], ["drag"], 0), (["drag"], [], 2), (["drag"], ["queer"], 1)],
)
def test_themes_are_fresh_once_they_or_all_were_looked_up(
    fake: FakeTMDB, storage: Storage, before: list[str], then: list[str], requests: int
) -> None:
    looked_up(fake, storage, only=before)

    audit = looked_up(fake, storage, only=then)

    assert audit.request_count == requests


def test_a_theme_that_does_not_exist_is_a_sentence_with_those_that_do(
    fake: FakeTMDB, storage: Storage
) -> None:
    with pytest.raises(ThemesError, match=r"^quer is no theme: the themes are queer, drag\.$"):
        looked_up(fake, storage, only=["quer"])
