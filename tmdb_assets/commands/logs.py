"""What the program says of its inner life, as far as TMDB_ASSETS_LOG_LEVEL asks for it."""

import logging
import sys

from tmdb_assets.settings import Settings


def show_logs() -> None:
    """Write our own log records to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(Settings.load().log_level)  # a run's log in Dagster takes more of them
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    ours = logging.getLogger("tmdb_assets")
    ours.addHandler(handler)
    ours.setLevel(handler.level)
    ours.propagate = False
