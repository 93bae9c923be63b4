"""httpx's sync client alone, with our decoding."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

import httpx

from benchmarks.client.clients import APPENDED
from benchmarks.client.our_decoding import decode

__all__ = ["decode", "opened"]


@contextmanager
def opened(base_url: str, key: str) -> Generator[Callable[[int], int]]:
    """Ask for films, as httpx's quickstart does."""
    params = {"api_key": key, "append_to_response": ",".join(APPENDED)}
    with httpx.Client(base_url=base_url) as client:
        yield lambda id_: decode(client.get(f"/movie/{id_}", params=params).raise_for_status().content)
