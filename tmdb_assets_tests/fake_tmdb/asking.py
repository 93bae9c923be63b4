"""How the fake's tests ask it, and where the real data lies."""

from pathlib import Path

import httpx

from tmdb_assets.fake_tmdb import FakeTMDB

SHARED = Path(__file__).parents[3] / "shared"
KEY = "0123456789abcdef0123456789abcdef"


def client_of(fake: FakeTMDB) -> httpx.Client:
    """Return a client with a key that the fake accepts."""
    return httpx.Client(base_url=fake.base_url, params={"api_key": KEY})
