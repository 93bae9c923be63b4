"""The guide's snippets run, and print what the page shows; so do those of the page on other libraries."""

import csv
import json
import shlex
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tmdb_assets.fake_tmdb import FakeTMDB
from tmdb_assets_tests.docs.snippets import Snippet, printed, snippets

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = DOCS / "client.md"
CAST = [
    {"id": 819, "name": "Edward Norton", "character": "Narrator", "order": 0},
    {"id": 287, "name": "Brad Pitt", "character": "Tyler Durden", "order": 1},
]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTMDB]:
    """Start a TMDB that has Fight Club and 450 fictional films, and let the environment point at it."""
    with FakeTMDB(films=450) as fake:
        fake.add_movie(
            550,
            "1999-10-15",
            title="Fight Club",
            runtime=139,
            popularity=1000.0,
            vote_average=8.4,
            vote_count=30_000,
            genre_ids=[18],
            credits={"cast": CAST, "crew": []},
        )
        monkeypatch.setenv("TMDB_API_KEY", "0123456789abcdef0123456789abcdef")
        monkeypatch.setenv("TMDB_BASE_URL", fake.base_url)
        monkeypatch.setenv("TMDB_REQUESTS_PER_SECOND", "500")
        yield fake


def commands(page: Path) -> list[Any]:
    """List the console blocks that run the project's own program."""
    blocks = [each for each in snippets(page) if each.language == "console" and "$ tmdb-assets" in each.code]
    return [pytest.param(each, id=f"line-{each.line}") for each in blocks]


@pytest.mark.usefixtures("fake")
def test_the_guides_snippets_print_what_it_shows() -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    pythons = [each for each in snippets(GUIDE) if each.language == "python"]

    outputs = {each.line: printed(each, GUIDE, names) for each in pythons}
    names["client"].close()

    assert outputs == {each.line: each.output for each in pythons}


@pytest.mark.parametrize("block", commands(GUIDE))
def test_the_guides_commands_print_what_it_shows(block: Snippet, tmp_path: Path) -> None:
    record_film(tmp_path / "recordings")
    command, *shown = block.code.removeprefix("$ ").splitlines()

    done = subprocess.run(program(command), capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == shown


def test_a_snippet_that_prints_something_else_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "Words.\n\n```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n\n```python\nx = 1 / 0\n```\n"
    )

    first, second = snippets(page)

    assert (printed(first, page, {}), first.output) == ("2\n", "3\n")
    with pytest.raises(ZeroDivisionError) as caught:
        printed(second, page, {})
    assert str(caught.traceback[-1].path) == str(page)
    assert caught.traceback[-1].lineno + 1 == page.read_text().splitlines().index("x = 1 / 0") + 1


def program(command: str) -> list[str]:
    """Return a command of the guide's as one that can be started here."""
    name, *arguments = shlex.split(command)
    return [str(Path(sysconfig.get_path("scripts")) / name), *arguments]


def record_film(folder: Path) -> None:
    """Make a folder of one recorded answer."""
    folder.mkdir()
    (folder / "credits.json").write_text(json.dumps({"id": 550, "cast": CAST, "crew": []}))
    with (folder / "manifest.csv").open("w", newline="") as manifest:
        writer = csv.writer(manifest)
        writer.writerows([["file", "endpoint", "http_status"], ["credits.json", "/3/movie/550/credits", 200]])
