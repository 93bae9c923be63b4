"""The data folder: which file or URL each part of the storage has."""

import dataclasses
from pathlib import Path
from typing import Self

from tmdb_assets.settings import Settings
from tmdb_assets.storage.export_ids import ExportIds
from tmdb_assets.storage.journal import Journal
from tmdb_assets.storage.lake import Lake
from tmdb_assets.storage.lists import ListFiles
from tmdb_assets.storage.policy_file import load_policy
from tmdb_assets.storage.state import State
from tmdb_assets.transforms.refresh import RefreshPolicy


@dataclasses.dataclass(frozen=True)
class Storage:
    """Where answers, lists, tables, state, the snapshot and uploads are, and how long they count as fresh.

    Attributes
    ----------
    policy
        How old what is kept may be.
    claims
        The folder of what processes are asking for right now.
    export_ids
        The ids of TMDB's exports that were read last.
    """

    journal: Journal
    lists: ListFiles
    lake: Lake
    state: State
    snapshot: Path
    uploads: Path
    policy: RefreshPolicy
    claims: Path
    export_ids: ExportIds

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open what the settings name; by default all of it lies in the data folder."""
        raw = Path(settings.journal or settings.data / "raw")
        return cls(
            journal=Journal(raw / "movie_details"),
            lists=ListFiles(raw),
            lake=Lake(settings.lake or settings.data.absolute() / "lake"),
            state=State(settings.state or f"sqlite:///{settings.data.absolute() / 'state.db'}"),
            snapshot=snapshot_path(settings),
            uploads=uploads_path(settings),
            policy=load_policy(settings.refresh_policy),
            claims=settings.data / "claims",
            export_ids=ExportIds(settings.data / "exports"),
        )


def uploads_path(settings: Settings) -> Path:
    """Return where people drop their film lists."""
    return settings.data / "uploads"


def snapshot_path(settings: Settings) -> Path:
    """Return where the snapshot is published."""
    return settings.data / "warehouse.duckdb"
