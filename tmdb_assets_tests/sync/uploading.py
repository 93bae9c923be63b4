"""Lists in an uploads folder, enriched over a fake."""

import asyncio

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun
from tmdb_assets.sync.details import sync_details
from tmdb_assets.sync.uploads import sync_upload
from tmdb_assets.sync.usage import metered
from tmdb_assets.tables import EnrichedUpload, SyncAudit
from tmdb_assets_tests.sync.conftest import client_of

ANNA = "anna.csv"


def drop(storage: Storage, *lines: str, upload: str = ANNA) -> None:
    """Put a list into the uploads folder."""
    path = storage.uploads / upload
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("Title,Year,Rating", *lines)) + "\n", encoding="utf-8")


def enrich(
    fake: FakeTMDB, storage: Storage, upload: str = ANNA, *, cap: int | None = None, **run: object
) -> SyncAudit:
    """Enrich a list, metered."""

    async def ask() -> SyncAudit:
        async with (
            client_of(fake) as client,
            metered(client, storage.state, EnrichedUpload.table, cap=cap),
        ):
            return await sync_upload(client, storage, upload, SyncRun(run_id="run", **run))  # type: ignore[arg-type] -- any option

    return asyncio.run(ask())


def rows(storage: Storage, upload: str = ANNA) -> list[dict[str, object]]:
    table = storage.lake.read(EnrichedUpload)
    return [row for row in table.iter_rows(named=True) if row["upload"] == upload]


def asked(fake: FakeTMDB, what: str) -> list[str]:
    return [one.path for one in list(fake.requests) if one.path.startswith(f"/3/{what}")]


def details(fake: FakeTMDB, storage: Storage, *years: int, **run: object) -> None:
    """Bring years of details up to date."""

    async def ask() -> None:
        async with client_of(fake) as client:
            await sync_details(client, storage, years, SyncRun(run_id="details", **run))  # type: ignore[arg-type] -- any option

    asyncio.run(ask())
