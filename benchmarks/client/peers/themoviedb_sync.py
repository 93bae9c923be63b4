"""themoviedb, its sync client: requests with one session, as its with block keeps."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

import requests
import themoviedb
from themoviedb.utils import as_dataclass

from benchmarks.client.clients import APPENDED


@contextmanager
def opened(base_url: str, key: str) -> Generator[Callable[[int], int]]:
    """Ask for films; its address is a field of its configuration."""
    parts = ",".join(APPENDED)
    with themoviedb.TMDb(api_key=key) as tmdb:
        tmdb._config.host = base_url.removesuffix("/3")  # noqa: SLF001 -- the library offers no other way
        yield lambda id_: tmdb.movie(id_).details(append_to_response=parts).id


def decode(body: bytes) -> int:
    """Read the JSON as requests does, and make its dataclasses of it."""
    response = requests.Response()
    response._content = body  # noqa: SLF001 -- what requests has read
    response.encoding = "utf-8"
    return as_dataclass(themoviedb.schemas.Movie, response.json()).id
