"""Jobs: what is materialized together."""

import dagster as dg

whole_graph = dg.define_asset_job(
    "whole_graph",
    selection=dg.AssetSelection.all(),
    description="Every table for some release years, then the snapshot: what `tmdb-assets run` does.",
)
