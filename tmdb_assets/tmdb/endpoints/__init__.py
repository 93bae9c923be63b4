"""Endpoints: a file per domain of TMDB's, one pure function per operation; no I/O.

``endpoints.movies.credits(550)`` is a question as a value; ``client.send`` asks it.
"""

from tmdb_assets.tmdb.endpoints import (
    changes,
    configuration,
    discover,
    find,
    genres,
    keywords,
    movies,
    search,
)

__all__ = ["changes", "configuration", "discover", "find", "genres", "keywords", "movies", "search"]
