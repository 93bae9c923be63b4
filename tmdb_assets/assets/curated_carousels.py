"""``curated_carousels``: per theme the films of a year, the best first."""

import datetime as dt

import dagster as dg
import polars as pl

from tmdb_assets.assets.configuration import CurationConfig
from tmdb_assets.assets.documentation import Metadata, described, preview
from tmdb_assets.assets.evidence import counted, none_found
from tmdb_assets.assets.finished_years import keeping_finished, years_of
from tmdb_assets.assets.keyword_ids import keyword_ids
from tmdb_assets.automation import CAROUSELS_FOLLOW
from tmdb_assets.partitions import YEARS_PER_RUN, release_years
from tmdb_assets.resources.storage import StorageResource
from tmdb_assets.sync.carousels import CuratedYear, UnknownThemeError, curate_years
from tmdb_assets.tables import CuratedCarousel, EnrichedUpload, MovieDetail

_PREVIEWED = ("theme", "position", "poster_url", "title", "weighted_rating")
_SHOWN_OF_EACH = 3
_SHOWN = 60


@dg.asset(
    deps=[
        keyword_ids,
        MovieDetail.table,
        dg.AssetDep(EnrichedUpload.table, partition_mapping=dg.AllPartitionMapping()),
    ],
    partitions_def=release_years,
    backfill_policy=YEARS_PER_RUN,
    automation_condition=CAROUSELS_FOLLOW,
    code_version="1",
    **described("curation", CuratedCarousel),
)
def curated_carousels(
    context: dg.AssetExecutionContext, config: CurationConfig, storage: StorageResource
) -> None:
    """The carousels of the year: every film of each theme, of your lists and of each editor's list, in order.

    One row per theme, year and film. The best come first, by a mean of TMDB's votes and your lists' ratings
    that a few votes hardly move; films without a poster come last, adult films not at all, and no collection
    is twice in a row of twelve. A list dropped into `curated/` of the uploads keeps its editor's order.
    """
    lake = storage.open().lake
    with keeping_finished(context) as finish:
        years = curate_years(lake, years_of(context), themes=config.themes, clock=_now)
        try:
            for curated in years:
                finish(curated.year, {context.asset_key: _describe(curated)})
                if curated.has_changed:
                    context.log.info("%s: %d rows are new or in a new order", curated.year, len(curated.rows))
        except UnknownThemeError as error:
            raise dg.Failure(str(error)) from None


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _describe(curated: CuratedYear) -> Metadata:
    rows = curated.rows
    first = rows.filter(pl.col("position") <= _SHOWN_OF_EACH).head(_SHOWN).select(_PREVIEWED)
    return {
        "dagster/partition_row_count": dg.MetadataValue.int(len(rows)),
        "carousels": dg.MetadataValue.int(rows["theme"].n_unique()),
        "films": dg.MetadataValue.int(rows["tmdb_id"].n_unique()),
        "preview": preview(first.with_columns(pl.col("weighted_rating").round(2))),
    }


@dg.asset_check(asset=curated_carousels)
def places_have_no_gaps(storage: StorageResource) -> dg.AssetCheckResult:
    """The places of every carousel are 1, 2, 3 and so on."""
    gaps = (
        _stored(storage)
        .group_by("slug")
        .agg(pl.col("position").sort())
        .filter(pl.col("position") != pl.int_ranges(1, pl.col("position").list.len() + 1))
        .select("slug", films=pl.col("position").list.len(), last_place=pl.col("position").list.last())
        .sort("slug")
        .collect()
    )
    return _warning(gaps, "carousel", "counted with gaps", "slug")


@dg.asset_check(asset=curated_carousels)
def no_film_is_twice_in_a_carousel(storage: StorageResource) -> dg.AssetCheckResult:
    """A film has one place in a carousel."""
    twice = (
        _stored(storage)
        .group_by("slug", "tmdb_id")
        .agg(pl.col("title").first(), pl.col("position").sort().alias("positions"))
        .filter(pl.col("positions").list.len() > 1)
        .sort("slug", "tmdb_id")
        .collect()
    )
    return _warning(twice, "film", "twice in a carousel", "title")


@dg.asset_check(asset=curated_carousels)
def no_adult_film_is_in_a_carousel(storage: StorageResource) -> dg.AssetCheckResult:
    """Films that TMDB marks as adult are in no carousel."""
    adult = storage.open().lake.scan(MovieDetail).filter(pl.col("adult")).select("tmdb_id")
    shown = (
        _stored(storage)
        .join(adult, on="tmdb_id", how="semi")
        .select("slug", "position", "tmdb_id", "title")
        .sort("slug", "position")
        .collect()
    )
    return _warning(shown, "place", "held by adult films", "title")


def _stored(storage: StorageResource) -> pl.LazyFrame:
    return storage.open().lake.scan(CuratedCarousel)


def _warning(found: pl.DataFrame, what: str, how: str, named_by: str) -> dg.AssetCheckResult:
    """Pass where nothing was found; else say how much, name one, and show some."""
    if found.is_empty():
        return dg.AssetCheckResult(passed=True)
    sentence = (
        f"{counted(len(found), what)} {how}, such as {found[named_by][0]}: "
        "materialize the carousels of these years again."
    )
    return none_found(found, found.columns, sentence)
