"""Which films are wanted: those that discovery lists, and those that uploads ask for."""

import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.tables import DiscoveredMovie, RequestedMovie

_COLUMNS = ("release_year", "tmdb_id", "title", "release_date")


def wanted_films(storage: Storage) -> pl.LazyFrame:
    """Return a row for every film that ``movie_details`` is to have.

    Returns
    -------
    polars.LazyFrame
        ``release_year``, ``tmdb_id``, ``title``, ``release_date`` and ``promised_at``, when TMDB's lists or
        search said so.
    """
    discovered = storage.lake.scan(DiscoveredMovie).select(*_COLUMNS, promised_at="discovered_at")
    requested = (
        RequestedMovie.frame(storage.state.requested_movies())
        .select(*_COLUMNS, promised_at="requested_at")
        .unique("tmdb_id", keep="first", maintain_order=True)
    )
    if requested.is_empty():
        return discovered
    # Where both name a film, discovery knows its year: a search may have been long ago.
    return pl.concat([discovered, requested.lazy().join(discovered, on="tmdb_id", how="anti")])
