"""Jobs: what is materialized together."""

import dagster as dg

from tmdb_assets.tables import (
    CuratedCarousel,
    DiscoveredMovie,
    EnrichedUpload,
    FailedMovie,
    KeywordId,
    MovieChange,
    MovieDetail,
    MovieHistory,
    TmdbExport,
)

_BY_RELEASE_YEAR = dg.AssetSelection.all() - dg.AssetSelection.assets(
    EnrichedUpload.table, MovieChange.table, TmdbExport.table
)

_DETAILS = (MovieDetail.table, FailedMovie.table, MovieHistory.table)
"""What one step makes; it cannot be had in part."""

whole_graph = dg.define_asset_job(
    "whole_graph",
    selection=_BY_RELEASE_YEAR,
    description="Every table for some release years, then the snapshot: what `tmdb-assets run` does.",
)

keywords = dg.define_asset_job(
    "keywords",
    selection=dg.AssetSelection.assets(KeywordId.table),
    description="Look up the keywords of each theme at TMDB.",
)

films = dg.define_asset_job(
    "films",
    selection=dg.AssetSelection.assets(KeywordId.table, DiscoveredMovie.table, *_DETAILS),
    description="All that TMDB knows of the films of some release years; carousels and snapshot follow.",
)

changes = dg.define_asset_job(
    "changes",
    selection=dg.AssetSelection.assets(MovieChange.table),
    description="Read which films TMDB changed on some days.",
)

exports = dg.define_asset_job(
    "exports",
    selection=dg.AssetSelection.assets(TmdbExport.table),
    description="Read TMDB's daily export of ids: which films came, and which are gone.",
)

refreshed_films = dg.define_asset_job(
    "refreshed_films",
    selection=dg.AssetSelection.assets(*_DETAILS, CuratedCarousel.table),
    description="Ask for the films that are due of some release years, and make their carousels again.",
)

publishing = dg.define_asset_job(
    "publishing",
    selection=dg.AssetSelection.assets("warehouse"),
    description="Publish the snapshot from what is stored.",
)

upload_enrichment = dg.define_asset_job(
    "upload_enrichment",
    selection=dg.AssetSelection.assets(EnrichedUpload.table),
    description="Match the rows of a dropped film list and fill in what TMDB knows.",
)

carousels_and_snapshot = dg.define_asset_job(
    "carousels_and_snapshot",
    selection=dg.AssetSelection.assets(CuratedCarousel.table, "warehouse"),
    description="Make the carousels of some release years again from what is stored, and publish.",
)
