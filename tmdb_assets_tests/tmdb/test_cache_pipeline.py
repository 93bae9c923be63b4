"""The pipeline asks TMDB itself: the journal is its cache."""

from pathlib import Path

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets.settings import Settings
from tmdb_assets.tmdb import AsyncTMDBClient

pytest.importorskip("dagster", reason="the client's tests run without it")


def test_the_pipeline_has_no_cache(fake: FakeTMDB, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tmdb_assets.resources.tmdb import TMDBResource  # noqa: PLC0415 -- only where Dagster is
    from tmdb_assets.storage.folder import Storage  # noqa: PLC0415 -- the same

    async def ask_twice(client: AsyncTMDBClient) -> int:
        await client.movies.details(1)
        await client.movies.details(1)
        return client.usage.cached

    monkeypatch.setenv("TMDB_BASE_URL", fake.base_url)

    tmdb = TMDBResource(requests_per_second=500)
    cached = tmdb.run(ask_twice, Storage.open(Settings(data=tmp_path)), "movie_details", print)

    assert cached == 0
    assert [request.status for request in fake.requests] == [200, 200]
