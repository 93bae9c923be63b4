"""Automation: what follows by itself when something before it was updated."""

from typing import Any, TypeAlias

import dagster as dg

from tmdb_assets.tables import CuratedCarousel, EnrichedUpload, KeywordId, MovieDetail

Condition: TypeAlias = Any
"""An ``AutomationCondition``, whose types Dagster leaves half open."""

_conditions: Any = dg.AutomationCondition

_DETAILS = dg.AssetSelection.assets(MovieDetail.table)
_KEYWORDS = dg.AssetSelection.assets(KeywordId.table)
_LISTS = dg.AssetSelection.assets(EnrichedUpload.table)
_CAROUSELS = dg.AssetSelection.assets(CuratedCarousel.table)

_updated = _conditions.any_deps_updated
_nothing_on_its_way: Condition = ~_conditions.any_deps_in_progress() & ~_conditions.in_progress()


def _since_requested(update: Condition) -> Condition:
    """Be true from an update until a run is requested; an update at that very tick counts, too."""
    return update.since(_conditions.newly_requested() & ~update)


# A year's films concern that year alone; other keywords concern every year that has carousels.
_films_updated: Condition = _updated().allow(_DETAILS)
_keywords_changed: Condition = (
    _conditions.any_deps_match(_conditions.data_version_changed()).allow(_KEYWORDS) & ~_conditions.missing()
)
_carousels_are_due: Condition = _since_requested(_films_updated | _keywords_changed).with_label(
    "films were updated, or keywords changed"
)

CAROUSELS_FOLLOW: Condition = (_carousels_are_due & _nothing_on_its_way).with_label("carousels follow")
"""A year's carousels are made again once its films were updated and nothing more is on its way to them.

``AutomationCondition.eager`` would look at the latest year only, and wait until all years exist. People's
lists concern all years at once; the sensor ``lists_have_a_say`` asks for those in one run.
"""

SNAPSHOT_FOLLOWS: Condition = (
    _since_requested(_updated().ignore(_LISTS)).with_label("a table was updated")
    & ~_conditions.any_deps_match(_carousels_are_due).allow(_CAROUSELS)
    & _nothing_on_its_way
).with_label("snapshot follows")
"""The snapshot is published once all that is under way has arrived: once after a backfill of many years.

What ``lists_have_a_say`` asks for publishes by itself.
"""
