import dagster as dg
import pytest

from tmdb_assets.definitions import build_defs, defs
from tmdb_assets.tables import LAKE_TABLES

GROUPS = {
    "keyword_ids": "themes",
    "discovered_movies": "discovery",
    "movie_details": "details",
    "failed_movies": "details",
    "movie_history": "details",
    "enriched_uploads": "uploads",
    "curated_carousels": "curation",
    "movie_changes": "refresh",
    "tmdb_exports": "refresh",
    "warehouse": "publishing",
}


def spec(name: str) -> dg.AssetSpec:
    return defs.resolve_asset_graph().get(dg.AssetKey(name)).to_asset_spec()


def test_the_definitions_load() -> None:
    dg.Definitions.validate_loadable(defs)

    assert {key.to_user_string() for key in defs.resolve_asset_graph().get_all_asset_keys()} == set(GROUPS)


@pytest.mark.parametrize("name", GROUPS)
def test_every_asset_says_what_it_is_and_what_one_row_is(name: str) -> None:
    asset = spec(name)

    assert asset.group_name == GROUPS[name]
    assert asset.owners
    assert asset.kinds
    assert asset.code_version
    assert set(asset.tags) >= {"layer", "source", "asks_tmdb"}
    assert (asset.freshness_policy is None) is (name == "enriched_uploads")  # a list may come at any time
    assert "one " in (asset.description or "").casefold()


@pytest.mark.parametrize("table", LAKE_TABLES, ids=lambda table: table.table)
def test_every_column_is_described(table: type) -> None:
    schema = spec(table.table).metadata["dagster/column_schema"].value

    assert {column.name for column in schema.columns} == set(table.schema())
    assert all(column.description for column in schema.columns)


def test_the_lineage_is_the_story() -> None:
    graph = defs.resolve_asset_graph()

    parents = {
        name: {key.to_user_string() for key in graph.get(dg.AssetKey(name)).parent_keys} for name in GROUPS
    }

    assert parents == {
        "keyword_ids": set(),
        "discovered_movies": {"keyword_ids"},
        "movie_details": {"discovered_movies"},
        "failed_movies": {"discovered_movies"},
        "movie_history": {"discovered_movies"},
        "enriched_uploads": {"movie_details"},
        "curated_carousels": {"keyword_ids", "movie_details", "enriched_uploads"},
        "movie_changes": set(),
        "tmdb_exports": set(),
        "warehouse": set(GROUPS) - {"warehouse"},
    }


def test_years_from_the_first_film_to_announced_ones_are_partitions() -> None:
    keys = defs.resolve_asset_graph().get(dg.AssetKey("movie_details")).partitions_def.get_partition_keys()

    assert keys[0] == "1874"
    assert keys == [str(year) for year in range(1874, int(keys[-1]) + 1)]


def test_a_resource_can_be_put_in_anothers_place() -> None:
    other = object()

    assert build_defs(storage=other).resources["storage"] is other
