"""Curating years of the lake: carousels from its films, keywords and lists, without a request."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import polars as pl

from tmdb_assets.storage.lake import Lake
from tmdb_assets.tables import CuratedCarousel, EnrichedUpload, KeywordId, MovieDetail
from tmdb_assets.transforms.carousel_order import in_order
from tmdb_assets.transforms.curation import (
    FILM_COLUMNS,
    UPLOAD_COLUMNS,
    carousel_themes,
    curated_years,
)

_FILMS_AT_ONCE = 20_000


class UnknownThemeError(ValueError):
    """A theme was asked for that there is not."""


@dataclasses.dataclass(frozen=True)
class CuratedYear:
    """A year's carousels as they are stored now, and whether they differ from what was stored before."""

    year: int
    rows: pl.DataFrame
    has_changed: bool


def curate_years(
    lake: Lake, years: Iterable[int], *, themes: Collection[str] = (), clock: Callable[[], dt.datetime]
) -> Iterator[CuratedYear]:
    """Make the carousels of release years, and yield each year once it is stored.

    Many years are one commit; one by one where that fails, so that those before the failing year are stored.
    A year whose rows are as they were is left alone.

    Parameters
    ----------
    themes
        Slugs of the themes to curate; what is stored of the others stays. By default all.
    clock
        Says what time it is, UTC.

    Raises
    ------
    UnknownThemeError
        A slug is no theme's and no editor's list's; nothing was curated.
    """
    keywords = lake.read(KeywordId)
    uploads = lake.scan(EnrichedUpload).select(UPLOAD_COLUMNS).collect()
    known = carousel_themes(keywords, uploads["upload"])
    if unknown := sorted(set(themes) - set(known)):
        raise UnknownThemeError(
            f"There is no theme {', '.join(unknown)}. Choose among {', '.join(known)}, or none for all."
        )

    def stored(group: Collection[int]) -> list[CuratedYear]:
        films = lake.scan(MovieDetail).filter(pl.col("release_year").is_in(list(group)))
        rows = curated_years(films.select(FILM_COLUMNS).collect(), keywords, uploads, at=clock())
        return list(_store(lake, group, rows, themes))

    counts = lake.row_counts(MovieDetail)
    for group in in_groups({year: counts.get(year, 0) for year in years}, _FILMS_AT_ONCE):
        try:
            together = stored(group)
        except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 -- it is raised again where it belongs
            for year in group:
                yield from stored([year])
        else:
            yield from together


def curate_all_years(lake: Lake, *, clock: Callable[[], dt.datetime]) -> None:
    """Make the carousels of all release years again, whatever is stored of them: many years in one commit.

    Parameters
    ----------
    clock
        Says what time it is, UTC.
    """
    keywords = lake.read(KeywordId)
    uploads = lake.scan(EnrichedUpload).select(UPLOAD_COLUMNS).collect()
    counts = lake.row_counts(MovieDetail)
    all_films = lake.scan(MovieDetail).select(FILM_COLUMNS)
    for years in in_groups(counts, _FILMS_AT_ONCE):
        films = all_films.filter(pl.col("release_year").is_in(years)).collect()
        rows = curated_years(films, keywords, uploads, at=clock())
        lake.replace_years(CuratedCarousel, years, lambda _, rows=rows: rows)
    emptied = lake.row_counts(CuratedCarousel).keys() - counts.keys()
    lake.replace_years(CuratedCarousel, emptied, lambda _: CuratedCarousel.frame())


def in_groups(counts: Mapping[int, int], size: int) -> list[list[int]]:
    """Return years in order, in groups of about so many rows.

    Parameters
    ----------
    counts
        How many rows each year has.
    """
    groups: list[list[int]] = []
    left = 0
    for year in sorted(counts):
        if left <= 0:
            groups.append([])
            left = size
        groups[-1].append(year)
        left -= counts[year]
    return groups


def _store(
    lake: Lake, years: Collection[int], rows: pl.DataFrame, themes: Collection[str]
) -> Iterator[CuratedYear]:
    """Store the rows of years, as far as they differ from what is stored."""
    is_chosen = pl.col("theme").is_in(list(themes)) if themes else pl.lit(value=True)
    rows = rows.filter(is_chosen)

    def compared(stored: pl.LazyFrame, of_years: Collection[int]) -> Iterator[CuratedYear]:
        is_here = pl.col("release_year").is_in(list(of_years))
        before = stored.filter(is_here).collect().sort(CuratedCarousel.key)
        after = pl.concat([before.filter(~is_chosen), rows.filter(is_here)]).sort(CuratedCarousel.key)
        for year in of_years:
            was, is_now = (frame.filter(pl.col("release_year") == year) for frame in (before, after))
            is_same = is_now.drop("curated_at").equals(was.drop("curated_at"))
            yield CuratedYear(year, was if is_same else is_now, has_changed=not is_same)

    found = {of_year.year: of_year for of_year in compared(lake.scan(CuratedCarousel), years)}
    changed = [year for year in years if found[year].has_changed]

    def rewritten(stored: pl.LazyFrame) -> pl.DataFrame:
        found.update((of_year.year, of_year) for of_year in compared(stored, changed))
        after = pl.concat([found[year].rows for year in changed])
        has_moved = is_chosen & pl.col("tmdb_id").is_in(rows["tmdb_id"].unique().to_list())
        return pl.concat([after, *_years_left_behind(stored, after, changed, has_moved)])

    if changed:
        lake.rewrite_years(CuratedCarousel, changed, rewritten)
    yield from (found[year] for year in years)


def _years_left_behind(
    stored: pl.LazyFrame, rows: pl.DataFrame, here: Collection[int], has_moved: pl.Expr
) -> list[pl.DataFrame]:
    """Return the other years that have films of these rows, without what has moved and without gaps."""
    elsewhere = stored.filter(~pl.col("release_year").is_in(list(here)))
    years = (
        elsewhere.join(rows.select("tmdb_id").unique().lazy(), on="tmdb_id", how="semi")
        .select(pl.col("release_year").unique())
        .collect()["release_year"]
        .to_list()
    )
    if not years:
        return []
    left = elsewhere.filter(pl.col("release_year").is_in(years) & ~has_moved).collect()
    return [in_order(of_year) for of_year in left.partition_by("release_year")]
