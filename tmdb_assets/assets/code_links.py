"""Links from the Dagster UI to the code of an asset, on the machine that runs it."""

import warnings
from collections.abc import Iterable
from types import ModuleType

import dagster as dg


def assets_with_code(modules: Iterable[ModuleType]) -> list[dg.AssetsDefinition]:
    """Load the assets of modules, each with the file and line of the function that makes it."""
    assets = dg.load_assets_from_modules(modules)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", dg.BetaWarning
        )  # Dagster says at every asset that these links are new
        linked = dg.with_source_code_references(assets)
    return [asset for asset in linked if isinstance(asset, dg.AssetsDefinition)]
