"""httpx's sync client alone, with our decoding."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

import httpx

from benchmarks.client.films import APPENDED
from tmdb_assets.tmdb.decoding import decode as decode_as
from tmdb_assets.tmdb.models import MovieDetails


@contextmanager
def opened(base_url: str, key: str) -> Generator[Callable[[int], int]]:
    """Ask for films, as httpx's quickstart does."""
    params = {"api_key": key, "append_to_response": ",".join(APPENDED)}
    with httpx.Client(base_url=base_url) as client:
        yield lambda id_: decode(client.get(f"/movie/{id_}", params=params).raise_for_status().content)


def decode(body: bytes) -> int:
    """Decode as our client does."""
    movie = decode_as(body, MovieDetails)
    if not isinstance(movie, MovieDetails):
        raise movie
    return movie.id
