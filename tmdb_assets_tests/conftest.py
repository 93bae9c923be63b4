"""What every test starts from: no setting of the machine's, a folder of its own, the real films."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True)
def _isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, no ``.env``, no data folder and no rate limit of the machine reaches a test."""
    for name in list(os.environ):
        if name.startswith(("TMDB_", "DAGSTER_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state-home"))
    monkeypatch.setenv("TMDB_ASSETS_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def films_file() -> Path:
    """Name the file of 4,803 real films."""
    path = SHARED / "films" / "films_2017.jsonl.gz"
    if not path.exists():
        pytest.skip(f"the real films are not beside this checkout: {path}")
    return path
