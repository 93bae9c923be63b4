"""Automation: what follows by itself when something before it was updated."""

from typing import Any

import dagster as dg

from tmdb_assets.tables import MovieDetail

_DETAILS = dg.AssetSelection.assets(MovieDetail.table)
_updated = dg.AutomationCondition.any_deps_updated
_handled = dg.AutomationCondition.newly_requested() | dg.AutomationCondition.newly_updated()
_nothing_on_its_way = ~dg.AutomationCondition.any_deps_in_progress() & ~dg.AutomationCondition.in_progress()

CAROUSELS_FOLLOW: dg.AutomationCondition[Any] = (
    # A year's films concern that year alone; keywords and lists concern every year that has carousels.
    (_updated().allow(_DETAILS) | (_updated().ignore(_DETAILS) & ~dg.AutomationCondition.missing()))
    .since(_handled)
    .with_label("films, keywords or lists were updated since")
    & _nothing_on_its_way
).with_label("carousels follow")
"""A year's carousels are made again once its films were updated and nothing more is on its way to them.

``AutomationCondition.eager`` would look at the latest year only, and wait until all years exist.
"""

SNAPSHOT_FOLLOWS: dg.AutomationCondition[Any] = (
    _updated().since(_handled).with_label("a table was updated since")
    & ~_updated()  # what follows from an update is requested at the same tick: wait for the next one
    & _nothing_on_its_way
).with_label("snapshot follows")
"""The snapshot is published once all that is under way has arrived: once after a backfill of many years."""
