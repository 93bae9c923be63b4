"""TMDBClient, with all defaults but the address and a budget that does not bind."""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager

from benchmarks.client.clients import APPENDED
from benchmarks.client.our_decoding import decode
from tmdb_assets.tmdb import TMDBClient

__all__ = ["collect", "decode", "opened"]

_UNBOUND = 1_000_000


@contextmanager
def opened(base_url: str, key: str) -> Generator[Callable[[int], int]]:
    """Ask for films."""
    with TMDBClient(key, base_url=base_url, requests_per_second=_UNBOUND) as client:
        yield lambda id_: client.movies.details(id_, append_to_response=APPENDED).id


def collect(base_url: str, key: str, ids: Iterable[int]) -> list[int]:
    """Return the ids of the films that a batch obtains within the default budget."""
    with TMDBClient(key, base_url=base_url) as client:
        return [movie.id for movie in client.get_batch_movie_details(ids).found]
