"""Schedules: what is asked for by itself, and when. Carousels and snapshot follow by automation."""

from tmdb_assets.schedules.changes import changed_films_hourly, changes_hourly, exports_daily
from tmdb_assets.schedules.release_years import (
    current_years_daily,
    keywords_weekly,
    rolling_backfill_nightly,
)

__all__ = [
    "changed_films_hourly",
    "changes_hourly",
    "current_years_daily",
    "exports_daily",
    "keywords_weekly",
    "rolling_backfill_nightly",
]
