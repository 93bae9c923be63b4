import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tmdb_assets.settings import Settings, SettingsError
from tmdb_assets.storage.origin import DEMO, DEMO_KEY, Origin, OriginError, claim, origin_of, read

TMDB = Origin("https://api.themoviedb.org/3")
MIRROR = Origin("https://tmdb.example/3")
FAKE = DEMO


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "films" / "data"


def fill(folder: Path) -> None:
    """Put into a data folder what a run leaves there."""
    for name in ("lake/movie_details/part", "raw/movie_details/answers", "state.db", "uploads/watched.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    (folder / ".gitkeep").touch()


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_folder_that_does_not_exist_has_no_origin(folder: Path) -> None:
    assert read(folder) is None


@pytest.mark.parametrize("origin", [TMDB, FAKE])
def test_the_first_claim_writes_the_origin(folder: Path, origin: Origin) -> None:
    assert claim(folder, origin) is None

    assert (read(folder), files(folder)) == (origin, {"origin.json"})


@pytest.mark.parametrize("origin", [TMDB, FAKE])
def test_the_same_origin_again_changes_nothing(folder: Path, origin: Origin) -> None:
    claim(folder, origin)
    fill(folder)
    before = files(folder)

    assert claim(folder, origin) is None

    assert (read(folder), files(folder)) == (origin, before)


@pytest.mark.parametrize(
    ("known", "other", "set_aside"),
    [
        (TMDB, MIRROR, True),
        (TMDB, MIRROR, False),
        (TMDB, FAKE, True),
        (FAKE, Origin("another fake", is_fictional=True), False),
        (FAKE, TMDB, False),
    ],
)
def test_another_origin_is_refused_and_nothing_is_changed(
    folder: Path, known: Origin, other: Origin, *, set_aside: bool
) -> None:
    claim(folder, known)
    fill(folder)
    before = files(folder)

    with pytest.raises(OriginError) as refused:
        claim(folder, other, set_aside=set_aside)

    assert (read(folder), files(folder)) == (known, before)
    sentence = str(refused.value)
    for named in (known.base_url, other.base_url, "TMDB_ASSETS_DATA", str(folder)):
        assert named in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("other", [MIRROR, FAKE])
def test_a_folder_without_films_can_change_its_origin(folder: Path, other: Origin) -> None:
    claim(folder, TMDB)

    assert claim(folder, other) is None

    assert read(folder) == other


def test_fictional_films_are_set_aside_when_real_ones_come_and_uploads_stay(folder: Path) -> None:
    claim(folder, FAKE)
    fill(folder)

    aside = claim(folder, TMDB, set_aside=True)

    assert aside is not None
    assert aside.parent == folder
    assert files(aside) == {
        "lake/movie_details/part",
        "raw/movie_details/answers",
        "state.db",
        "origin.json",
    }
    assert read(aside) == FAKE
    assert files(folder) - {str(path) for path in files(folder) if path.startswith(aside.name)} == {
        ".gitkeep",
        "origin.json",
        "uploads/watched.csv",
    }
    assert read(folder) == TMDB


def test_what_was_set_aside_before_stays_where_it_is(folder: Path) -> None:
    (folder / "fictional-20200101T000000" / "lake").mkdir(parents=True)
    claim(folder, FAKE)
    fill(folder)

    claim(folder, TMDB, set_aside=True)

    assert (folder / "fictional-20200101T000000" / "lake").is_dir()


_KILLED_AT_THE_NTH_MOVE = """
import os, signal, sys
from pathlib import Path
from tmdb_assets.storage.origin import Origin, claim
left = int(sys.argv[2])
def kill(event, _):
    global left
    if event == "os.rename":
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill)
claim(Path(sys.argv[1]), Origin("https://api.themoviedb.org/3"), set_aside=True)
"""


@pytest.mark.parametrize("moves", range(4))
def test_a_claim_that_is_killed_on_its_way_is_finished_by_the_next(folder: Path, moves: int) -> None:
    claim(folder, FAKE)
    fill(folder)
    command = [sys.executable, "-c", _KILLED_AT_THE_NTH_MOVE, str(folder), str(moves)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL

    claim(folder, TMDB, set_aside=True)

    beside = {name for name in files(folder) if not name.startswith("fictional-")}
    aside = {name.partition("/")[2] for name in files(folder) if name.startswith("fictional-")}
    assert {name for name in beside if not name.endswith(".tmp")} == {
        ".gitkeep",
        "origin.json",
        "uploads/watched.csv",
    }
    assert aside >= {"lake/movie_details/part", "raw/movie_details/answers", "state.db", "origin.json"}
    assert read(folder) == TMDB


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b'{"base_url":7}', b'{"base_url":"\xff"}', b"\x00"]
)
def test_a_damaged_file_is_one_sentence_that_names_it(folder: Path, content: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "origin.json").write_bytes(content)

    with pytest.raises(OriginError) as refused:
        claim(folder, TMDB)

    assert str(folder / "origin.json") in str(refused.value)
    assert "\n" not in str(refused.value)
    assert (folder / "origin.json").read_bytes() == content


@pytest.mark.parametrize(
    ("settings", "origin"),
    [
        (Settings(api_key="a" * 32), TMDB),
        (Settings(api_key="a" * 32, base_url="https://tmdb.example/3"), MIRROR),
        (Settings(api_key=DEMO_KEY, base_url="http://127.0.0.1:4711/3"), DEMO),
    ],
    ids=["TMDB", "mirror", "demo"],
)
def test_films_come_from_the_address_that_is_set_or_from_the_demo(settings: Settings, origin: Origin) -> None:
    assert origin_of(settings) == origin


def test_a_folder_that_cannot_be_made_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SettingsError, match=os.strerror(20)):
        claim(tmp_path / "file" / "data", TMDB)
