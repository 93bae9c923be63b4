"""Sync: what is due, ask, journal, outcome, sweep again. No Dagster."""

from tmdb_assets.sync.collection import run_full_collection
from tmdb_assets.sync.statistics import RunStatistics, TableStatistics

__all__ = ["RunStatistics", "TableStatistics", "run_full_collection"]
