"""A TMDB that answers from memory: for the demo, tests, benchmarks and work without a network.

It imports nothing of the rest of tmdb_assets: a wrong model must not be able to agree with itself.
"""

from tmdb_assets.fake_tmdb.application import LoggedRequest
from tmdb_assets.fake_tmdb.server import FakeTMDB, serve

__all__ = ["FakeTMDB", "LoggedRequest", "serve"]
