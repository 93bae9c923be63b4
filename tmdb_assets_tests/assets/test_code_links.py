from pathlib import Path

import dagster as dg
import pytest

from tmdb_assets.definitions import build_defs, defs

ASSETS = sorted(key.to_user_string() for key in defs.resolve_asset_graph().get_all_asset_keys())


@pytest.mark.parametrize("name", ASSETS)
def test_every_asset_links_to_the_function_that_makes_it(name: str) -> None:
    asset = build_defs().resolve_asset_graph().get(dg.AssetKey(name))

    [link] = asset.metadata["dagster/code_references"].value.code_references

    lines = Path(link.file_path).read_text(encoding="utf-8").splitlines()[link.line_number - 1 :]
    function = next(line for line in lines if line.startswith("def "))
    assert function.removeprefix("def ").startswith((f"{name}(", "movie_details("))
