"""The storage as a Dagster resource."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import msgspec
from pydantic import Field

from tmdb_assets.settings import Settings, SettingsError
from tmdb_assets.storage.folder import Storage
from tmdb_assets.storage.origin import check_storage, claim_storage, holds_films
from tmdb_assets.sync.usage import requests_left_today


class StorageResource(dg.ConfigurableResource[Storage]):
    """Where answers, tables, state and the snapshot are; by default what the environment says."""

    data: str | None = Field(default=None, description="The data folder; by default TMDB_ASSETS_DATA.")

    def open(self) -> Storage:
        """Open the storage."""
        return Storage.open(self._settings())

    def open_to_fetch(self) -> Storage:
        """Open the storage, to put films from the TMDB of the environment into it.

        Raises
        ------
        dagster.Failure
            It holds films of another origin, or it cannot be used; nothing was asked.
        """
        settings = self._settings()
        try:
            claim_storage(settings)
            return Storage.open(settings)
        except SettingsError as error:
            raise dg.Failure(str(error)) from None

    def holds_films(self) -> bool:
        """Say whether films were ever stored, without making anything."""
        settings = self._settings()
        return bool(settings.lake or settings.journal) or holds_films(settings.data)

    @contextmanager
    def open_to_look(self) -> Generator[Storage]:
        """Open the storage to see what is due, without claiming it; a data folder that is missing stays so.

        Raises
        ------
        SettingsError
            It holds films of another origin, or it cannot be used.
        DailyCapReachedError
            Nothing may be asked any more today, so that nothing is due.
        """
        settings = self._settings()
        check_storage(settings)
        with tempfile.TemporaryDirectory() as empty:
            data = settings.data if settings.data.exists() else Path(empty)
            storage = Storage.open(msgspec.structs.replace(settings, data=data))
            requests_left_today(storage.state, settings.daily_requests)
            yield storage

    def _settings(self) -> Settings:
        settings = Settings.load()
        return msgspec.structs.replace(settings, data=Path(self.data)) if self.data else settings
