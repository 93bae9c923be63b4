"""tmdbsimple: requests with one shared session, as its README offers; it closes connections all the same."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

import requests
import tmdbsimple

from benchmarks.client.clients import APPENDED


@contextmanager
def opened(base_url: str, key: str) -> Generator[Callable[[int], int]]:
    """Ask for films; its address is an attribute of each object."""
    tmdbsimple.API_KEY = key
    parts = ",".join(APPENDED)

    def ask(id_: int) -> int:
        movie = tmdbsimple.Movies(id_)
        movie.base_uri = base_url
        movie.info(append_to_response=parts)
        return movie.id

    with requests.Session() as tmdbsimple.REQUESTS_SESSION:
        yield ask


def decode(body: bytes) -> int:
    """Read the JSON as requests does, and set an attribute for each member."""
    response = requests.Response()
    response._content = body  # noqa: SLF001 -- what requests has read
    response.encoding = "utf-8"
    movie = tmdbsimple.Movies()
    movie._set_attrs_to_values(response.json())  # noqa: SLF001 -- the library's own parsing
    return movie.id
