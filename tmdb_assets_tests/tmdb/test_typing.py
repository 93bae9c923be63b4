"""A strict type checker infers what each client answers, and refuses wrong arguments."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
from typing import assert_type

from tmdb_assets.tmdb import AsyncPages, AsyncTMDBClient, Batch, Pages, TMDBClient, endpoints
from tmdb_assets.tmdb.models import Credits, MovieDetails, MovieListItem, Page

def sync(client: TMDBClient) -> None:
    assert_type(client.movies.details(550), MovieDetails)
    assert_type(client.movies.credits(550, language="da"), Credits)
    assert_type(client.discover.movie(vote_count_gte=3), Pages[MovieListItem])
    assert_type(client.discover.movie().page(2), Page[MovieListItem])
    assert_type(client.send(endpoints.discover.movie(page=3)), Page[MovieListItem])
    assert_type(client.answer(endpoints.movies.details(1)).value, MovieDetails)
    assert_type(client.get_batch_movie_details([1]), Batch[MovieDetails])
    assert_type(client.get_batch_movie_details([1]).found, list[MovieDetails])

async def awaited(client: AsyncTMDBClient) -> None:
    assert_type(await client.movies.details(550), MovieDetails)
    assert_type(client.discover.movie(), AsyncPages[MovieListItem])
    assert_type(await client.send(endpoints.movies.credits(1)), Credits)
    async for movie in client.discover.movie():
        assert_type(movie, MovieListItem)
"""
MISTAKES = """
from tmdb_assets.tmdb import TMDBClient

def mistakes(client: TMDBClient) -> None:
    client.movies.details("550")
    client.movies.details(550, append="credits")
    client.discover.movie(votes=3)
    client.movies.details(550).runtime.hours
"""


def errors_of(program: str, folder: Path) -> list[str]:
    (folder / "program.py").write_text(program)
    (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    done = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--pythonpath", sys.executable, "--project", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in done.stdout.splitlines() if " - error: " in line]


def test_every_answer_has_its_type(tmp_path: Path) -> None:
    assert errors_of(PROGRAM, tmp_path) == []


def test_a_wrong_argument_is_an_error(tmp_path: Path) -> None:
    lines = {int(error.split(":")[1]) for error in errors_of(MISTAKES, tmp_path)}

    assert lines == {5, 6, 7, 8}
