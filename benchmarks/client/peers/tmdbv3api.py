"""tmdbv3api: requests with its own session; its cache, which would ask without the session, is off."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

import requests
import tmdbv3api
from tmdbv3api.as_obj import AsObj

from benchmarks.client.clients import APPENDED


@contextmanager
def opened(base_url: str, key: str) -> Generator[Callable[[int], int]]:
    """Ask for films; its address is an attribute of each object."""
    tmdb = tmdbv3api.TMDb()
    tmdb.api_key, tmdb.cache = key, False
    movie = tmdbv3api.Movie()
    movie._base = base_url  # noqa: SLF001 -- the library offers no other way
    parts = ",".join(APPENDED)
    yield lambda id_: movie.details(id_, append_to_response=parts).id


def decode(body: bytes) -> int:
    """Read the JSON as requests does, and make an object of each member."""
    response = requests.Response()
    response._content = body  # noqa: SLF001 -- what requests has read
    response.encoding = "utf-8"
    return AsObj(response.json()).id
