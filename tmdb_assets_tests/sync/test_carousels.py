import datetime as dt
from pathlib import Path

import pytest

from tmdb_assets.storage.lake import Lake
from tmdb_assets.sync.carousels import CuratedYear, UnknownThemeError, curate_years
from tmdb_assets.tables import CuratedCarousel, EnrichedUpload, KeywordId, MovieDetail
from tmdb_assets_tests.tables.rows import AT, detail, keyword, upload_row

DRAG, GAY = 1, 2
LATER = AT + dt.timedelta(days=1)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    lake.replace(KeywordId, KeywordId.frame([keyword("drag", DRAG), keyword("gay", GAY)]))
    return lake


def keep(lake: Lake, year: int, **keywords_by_film: list[int]) -> None:
    """Keep films of a year with their keywords; ``_7`` is film 7."""
    films = [
        detail(int(name[1:]), year, keyword_ids=keywords, vote_average=7.0, vote_count=100, poster_url="p")
        for name, keywords in keywords_by_film.items()
    ]
    lake.replace_year(MovieDetail, MovieDetail.frame(films), year)


def curate(lake: Lake, *years: int, themes: tuple[str, ...] = (), at: dt.datetime = AT) -> list[CuratedYear]:
    return list(curate_years(lake, years, themes=themes, clock=lambda: at))


def places(lake: Lake) -> list[tuple[object, ...]]:
    return lake.read(CuratedCarousel).select("slug", "position", "tmdb_id").rows()


def versions(lake: Lake) -> int:
    return len(list(Path(lake.uri, CuratedCarousel.table, "_delta_log").glob("*.json")))


def test_a_year_is_stored_and_told(lake: Lake) -> None:
    keep(lake, 1999, _1=[DRAG], _2=[DRAG, GAY])

    [told] = curate(lake, 1999)

    assert places(lake) == [("drag-1999", 1, 1), ("drag-1999", 2, 2), ("gay-1999", 1, 2)]
    assert (told.year, told.has_changed) == (1999, True)
    assert told.rows.equals(lake.read(CuratedCarousel))


def test_other_years_stay(lake: Lake) -> None:
    keep(lake, 1999, _1=[DRAG])
    keep(lake, 2000, _2=[DRAG])
    curate(lake, 1999, 2000)

    keep(lake, 2000, _2=[DRAG], _3=[DRAG])
    curate(lake, 2000)

    assert places(lake) == [("drag-1999", 1, 1), ("drag-2000", 1, 2), ("drag-2000", 2, 3)]


def test_a_year_that_is_as_it_was_is_not_written_again(lake: Lake) -> None:
    keep(lake, 1999, _1=[DRAG])
    curate(lake, 1999)
    before = versions(lake)

    [told] = curate(lake, 1999, at=LATER)

    assert versions(lake) == before
    assert lake.read(CuratedCarousel)["curated_at"].to_list() == [AT]
    assert not told.has_changed
    assert told.rows.equals(lake.read(CuratedCarousel))


def test_a_year_in_which_nothing_is_left_has_no_rows(lake: Lake) -> None:
    keep(lake, 1999, _1=[DRAG])
    curate(lake, 1999)

    keep(lake, 1999, _1=[])
    [told] = curate(lake, 1999)

    assert places(lake) == []
    assert told.rows.is_empty()


def test_a_film_that_moved_leaves_its_old_year_without_a_gap(lake: Lake) -> None:
    keep(lake, 1999, _1=[DRAG, GAY], _2=[DRAG], _3=[GAY])
    keep(lake, 2000, _4=[DRAG])
    curate(lake, 1999, 2000)

    keep(lake, 2000, _1=[DRAG], _4=[DRAG])
    curate(lake, 2000)

    assert places(lake) == [
        ("drag-1999", 1, 2),
        ("drag-2000", 1, 1),
        ("drag-2000", 2, 4),
        ("gay-1999", 1, 3),
    ]


def test_only_the_chosen_themes_are_curated(lake: Lake) -> None:
    keep(lake, 1999, _1=[DRAG, GAY])
    curate(lake, 1999)

    keep(lake, 1999, _1=[DRAG, GAY], _2=[DRAG, GAY])
    curate(lake, 1999, themes=("gay",), at=LATER)

    rows = lake.read(CuratedCarousel).select("slug", "tmdb_id", "curated_at").rows()
    assert rows == [("drag-1999", 1, AT), ("gay-1999", 1, LATER), ("gay-1999", 2, LATER)]


def test_a_film_that_moved_stays_in_the_themes_that_are_not_chosen(lake: Lake) -> None:
    keep(lake, 1999, _1=[DRAG, GAY], _2=[DRAG, GAY])
    curate(lake, 1999)

    keep(lake, 2000, _1=[DRAG, GAY])
    curate(lake, 2000, themes=("drag",))

    assert places(lake) == [
        ("drag-1999", 1, 2),
        ("drag-2000", 1, 1),
        ("gay-1999", 1, 1),
        ("gay-1999", 2, 2),
    ]


def test_an_unknown_theme_is_refused_with_those_that_there_are(lake: Lake) -> None:
    keep(lake, 1999, _1=[DRAG])
    rows = EnrichedUpload.frame([upload_row("curated/Best.csv", 1, 1)])
    lake.replace_where(EnrichedUpload, rows, "upload", "curated/Best.csv")

    with pytest.raises(UnknownThemeError, match=r"no theme dragg\..*drag, gay, from-your-lists, best"):
        curate(lake, 1999, themes=("dragg", "best"))

    assert places(lake) == []


def test_lists_of_the_lake_have_their_say(lake: Lake) -> None:
    keep(lake, 1999, _1=[], _2=[])
    for path, tmdb_id in (("watched.csv", 1), ("curated/Best.csv", 2)):
        rows = EnrichedUpload.frame([upload_row(path, 1, tmdb_id, rating=9.0)])
        lake.replace_where(EnrichedUpload, rows, "upload", path)

    curate(lake, 1999)

    assert places(lake) == [("best-1999", 1, 2), ("from-your-lists-1999", 1, 1)]


def test_years_are_stored_in_one_commit(lake: Lake) -> None:
    keep(lake, 1999, _1=[DRAG])
    keep(lake, 2000, _2=[DRAG])

    list(curate_years(lake, (1999, 2000), clock=lambda: AT))

    assert versions(lake) == 2


def test_a_year_that_cannot_be_read_does_not_take_those_before_it(lake: Lake) -> None:
    keep(lake, 1999, _1=[DRAG])
    keep(lake, 2000, _2=[DRAG])
    [of_2000] = [file for file in lake.file_uris(MovieDetail) if "release_year=2000" in file]
    Path(of_2000).unlink()
    years = curate_years(lake, (1999, 2000), clock=lambda: AT)

    with pytest.raises(OSError, match="release_year=2000"):
        list(years)

    assert places(lake) == [("drag-1999", 1, 1)]
