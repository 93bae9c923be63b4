"""Doctor: journal, lake, snapshot and state are held against each other, and mended."""

from tmdb_assets.sync.doctor.mending import Finding, check_up
from tmdb_assets.sync.doctor.rest import is_empty

__all__ = ["Finding", "check_up", "is_empty"]
