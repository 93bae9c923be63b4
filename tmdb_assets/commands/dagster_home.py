"""The folder of the Dagster instance that every command shares, without a need for Dagster itself."""

import os
from pathlib import Path

from tmdb_assets.storage.dagster_history import dagster_folder

SETTINGS = Path(__file__).with_name("dagster.yaml")
_FORMER = ("telemetry:\n  enabled: false\n",)
"""What earlier versions wrote; any other text is the user's own."""


def dagster_home(data: Path) -> Path:
    """Return the Dagster instance's folder, made when missing: DAGSTER_HOME, or one in the data folder."""
    home = dagster_folder(data)
    os.environ["DAGSTER_HOME"] = str(home)
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / "dagster.yaml"
    if not configuration.exists() or configuration.read_text(encoding="utf-8") in _FORMER:
        writing = home / f".dagster-{os.getpid()}.yaml"
        writing.write_bytes(SETTINGS.read_bytes())
        writing.rename(configuration)  # whole at once: another process may read it now
    return home
