"""The TMDB client: typed, sync and async from one definition; worth using on its own, without Dagster.

>>> from tmdb_assets.tmdb import TMDBClient
>>> with TMDBClient() as client:
...     movie = client.movies.details(550)
"""

import importlib
from typing import TYPE_CHECKING

from tmdb_assets.tmdb import endpoints, models
from tmdb_assets.tmdb.batch import Batch, ProgressCallback
from tmdb_assets.tmdb.caches.disk import DiskCache
from tmdb_assets.tmdb.caches.rules import Cache, StoredAnswer
from tmdb_assets.tmdb.caches.stores import MemoryCache
from tmdb_assets.tmdb.endpoint import Endpoint, any_of
from tmdb_assets.tmdb.endpoints.movies import DETAILS_APPENDED
from tmdb_assets.tmdb.errors import (
    AuthenticationError,
    DecodeError,
    NotFoundError,
    RateLimitError,
    ServerError,
    TMDBError,
    TransportError,
    ValidationError,
)
from tmdb_assets.tmdb.exchange import Answer, RetryPolicy
from tmdb_assets.tmdb.images import IMAGE_SIZES, ImageURLs
from tmdb_assets.tmdb.limiter import Limiter, ProcessLimiter
from tmdb_assets.tmdb.limiter_local import LocalLimiter
from tmdb_assets.tmdb.limiter_redis import RedisLimiter
from tmdb_assets.tmdb.models import UNSET, MovieDetails, MovieListItem, Page
from tmdb_assets.tmdb.pages import AsyncPages, Pages
from tmdb_assets.tmdb.timeouts import Timeouts
from tmdb_assets.tmdb.usage import Usage

if TYPE_CHECKING:
    from tmdb_assets.tmdb.async_client import AsyncTMDBClient
    from tmdb_assets.tmdb.client import TMDBClient

__all__ = [
    "DETAILS_APPENDED",
    "IMAGE_SIZES",
    "UNSET",
    "Answer",
    "AsyncPages",
    "AsyncTMDBClient",
    "AuthenticationError",
    "Batch",
    "Cache",
    "DecodeError",
    "DiskCache",
    "Endpoint",
    "ImageURLs",
    "Limiter",
    "LocalLimiter",
    "MemoryCache",
    "MovieDetails",
    "MovieListItem",
    "NotFoundError",
    "Page",
    "Pages",
    "ProcessLimiter",
    "ProgressCallback",
    "RateLimitError",
    "RedisLimiter",
    "RetryPolicy",
    "ServerError",
    "StoredAnswer",
    "TMDBClient",
    "TMDBError",
    "Timeouts",
    "TransportError",
    "Usage",
    "ValidationError",
    "any_of",
    "endpoints",
    "models",
]

# With them come httpx and aiohttp, which whoever wants a model or an error does not need.
_CLIENTS = {"AsyncTMDBClient": "async_client", "TMDBClient": "client"}


def __getattr__(name: str) -> object:
    """Import a client when it is named for the first time."""
    if name not in _CLIENTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_CLIENTS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_CLIENTS})
