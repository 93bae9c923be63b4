"""The TMDB client: typed, sync and async from one definition; worth using on its own, without Dagster.

>>> from tmdb_assets.tmdb import TMDBClient
>>> with TMDBClient() as client:
...     movie = client.movies.details(550)
"""

from tmdb_assets.tmdb import endpoints, models
from tmdb_assets.tmdb.async_client import AsyncTMDBClient
from tmdb_assets.tmdb.batch import Batch
from tmdb_assets.tmdb.client import TMDBClient
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
from tmdb_assets.tmdb.images import IMAGE_SIZES
from tmdb_assets.tmdb.limiter import Limiter, ProcessLimiter
from tmdb_assets.tmdb.limiter_local import LocalLimiter
from tmdb_assets.tmdb.models import UNSET, MovieDetails, MovieListItem, Page
from tmdb_assets.tmdb.pages import AsyncPages, Pages
from tmdb_assets.tmdb.timeouts import Timeouts
from tmdb_assets.tmdb.usage import Usage

__all__ = [
    "DETAILS_APPENDED",
    "IMAGE_SIZES",
    "UNSET",
    "Answer",
    "AsyncPages",
    "AsyncTMDBClient",
    "AuthenticationError",
    "Batch",
    "DecodeError",
    "Endpoint",
    "Limiter",
    "LocalLimiter",
    "MovieDetails",
    "MovieListItem",
    "NotFoundError",
    "Page",
    "Pages",
    "ProcessLimiter",
    "RateLimitError",
    "RetryPolicy",
    "ServerError",
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
