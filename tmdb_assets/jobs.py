"""Jobs: what is materialized together."""

import dagster as dg

from tmdb_assets.partitions import release_years

whole_graph = dg.define_asset_job(
    "whole_graph",
    selection=dg.AssetSelection.all(),
    partitions_def=release_years,
    description="Every table for some release years, then the snapshot: what `tmdb-assets run` does.",
)
