"""What the client's tests share: a clean environment, a fake of a few films, and the recordings."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB

RECORDINGS = Path(__file__).parents[2].parent / "shared" / "tmdb" / "recordings"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of the machine, no .env of the checkout, a state folder of one's own."""
    for name in (
        "TMDB_BASE_URL",
        "TMDB_LANGUAGE",
        "TMDB_REGION",
        "TMDB_REQUESTS_PER_SECOND",
        "TMDB_MAX_CONCURRENT",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TMDB_API_KEY", KEY)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def fake() -> Iterator[FakeTMDB]:
    """Start a fake with 30 films, ids 1 to 30, of the years 2001 to 2003."""
    with FakeTMDB(films=0) as fake:
        for number in range(1, 31):
            fake.add_movie(number, f"{2001 + number % 3}-06-{number:02}", 818, vote_count=1000 + number)
        yield fake


@pytest.fixture(scope="session")
def recordings() -> list[dict[str, str]]:
    """List the recorded answers: file, endpoint, params, http_status."""
    if not RECORDINGS.exists():
        pytest.skip("the recordings are not beside this checkout")
    with (RECORDINGS / "manifest.csv").open(newline="") as manifest:
        return list(csv.DictReader(manifest))
