"""What the ticks of schedules and sensors share: the tags of runs, and what to say instead of a traceback."""

from collections.abc import Callable
from typing import TypeVar

import dagster as dg

from tmdb_assets.settings import SettingsError
from tmdb_assets.storage.lake_damage import LAKE_ERRORS, damaged
from tmdb_assets.sync.usage import DailyCapReachedError
from tmdb_assets.tmdb import AuthenticationError

T = TypeVar("T")

REASON = "tmdb_assets/reason"
"""The tag that says why a run was asked for."""


def or_why_not(decide: Callable[[], T]) -> T | dg.SkipReason:
    """Return what a tick decides, or skip it with a sentence on what to mend; nothing was asked."""
    try:
        return decide()
    except (SettingsError, AuthenticationError, DailyCapReachedError) as error:
        return dg.SkipReason(str(error))
    except (*LAKE_ERRORS, OSError) as error:
        return dg.SkipReason(damaged(error) or f"The data cannot be read ({error}): mend that.")
