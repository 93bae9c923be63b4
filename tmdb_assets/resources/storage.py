"""The storage as a Dagster resource."""

from pathlib import Path

import dagster as dg
import msgspec
from pydantic import Field

from tmdb_assets.settings import Settings
from tmdb_assets.storage.folder import Storage


class StorageResource(dg.ConfigurableResource[Storage]):
    """Where answers, tables, state and the snapshot are; by default what the environment says."""

    data: str | None = Field(default=None, description="The data folder; by default TMDB_ASSETS_DATA.")

    def open(self) -> Storage:
        """Open the storage."""
        settings = Settings.load()
        if self.data:
            settings = msgspec.structs.replace(settings, data=Path(self.data))
        return Storage.open(settings)
