"""The clients that are measured: ours, the other clients of TMDB, and the libraries beneath them."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["APPENDED", "CLIENTS", "Client"]

APPENDED = ("credits", "keywords", "release_dates", "videos", "external_ids")
"""What every client asks TMDB to append to a film's details."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client: ``name`` is its file in ``peers``, ``package`` what is installed for it."""

    name: str
    title: str
    kind: Literal["sync", "async"]
    role: Literal["ours", "peer", "bare"]
    package: str
    note: str = ""


CLIENTS = (
    Client("ours_sync", "**tmdb_assets** `TMDBClient`", "sync", "ours", "tmdb-assets"),
    Client(
        "tmdbsimple",
        "tmdbsimple",
        "sync",
        "peer",
        "tmdbsimple",
        "with a shared session, as its README offers; it asks to close every connection all the same",
    ),
    Client(
        "tmdbv3api",
        "tmdbv3api",
        "sync",
        "peer",
        "tmdbv3api",
        "its cache is off: with it, it asks without its session",
    ),
    Client(
        "tmdbapis",
        "tmdbapis",
        "sync",
        "peer",
        "tmdbapis",
        "one object for all threads, as its documentation makes it; `partial` names the parts",
    ),
    Client(
        "themoviedb_sync",
        "themoviedb `TMDb`",
        "sync",
        "peer",
        "themoviedb",
        "in a `with` block, which keeps a session",
    ),
    Client("bare_httpx", "httpx, our decoding", "sync", "bare", "httpx"),
    Client("ours_async", "**tmdb_assets** `AsyncTMDBClient`", "async", "ours", "tmdb-assets"),
    Client(
        "themoviedb_async",
        "themoviedb `aioTMDb`",
        "async",
        "peer",
        "themoviedb",
        "in an `async with` block, which keeps a session",
    ),
    Client(
        "aiotmdb",
        "aiotmdb",
        "async",
        "peer",
        "aiotmdb",
        "its cache is off: with it, a question fails the second time; each request has its own session",
    ),
    Client("bare_httpx_async", "httpx, our decoding", "async", "bare", "httpx"),
    Client("bare_aiohttp", "aiohttp, our decoding", "async", "bare", "aiohttp"),
)
"""In the order of the table; the first of each kind is ours."""
