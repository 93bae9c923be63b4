"""tmdbapis: requests with its own session; all threads share the one object that its documentation makes."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

import requests
import tmdbapis.api3
from tmdbapis.objs.reload import Movie

from benchmarks.client.clients import APPENDED

_made: list[tmdbapis.TMDbAPIs] = []


@contextmanager
def opened(base_url: str, key: str) -> Generator[Callable[[int], int]]:
    """Ask for films; its address is a constant of its module."""
    tmdbapis.api3.base_url = base_url
    tmdb = tmdbapis.TMDbAPIs(key)
    _made.append(tmdb)
    parts = ",".join(APPENDED)
    yield lambda id_: tmdb.movie(id_, partial=parts).id


def decode(body: bytes) -> int:
    """Read the JSON as requests does, and make its objects of it."""
    response = requests.Response()
    response._content = body  # noqa: SLF001 -- what requests has read
    response.encoding = "utf-8"
    return Movie(_made[-1], response.json()).id
