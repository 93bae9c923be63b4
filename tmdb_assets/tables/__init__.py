"""Our tables: one row type each, a file per table; the single source of every schema."""

from tmdb_assets.tables.discovered_movies import DiscoveredMovie
from tmdb_assets.tables.failed_movies import FailedMovie
from tmdb_assets.tables.keyword_ids import KeywordId
from tmdb_assets.tables.movie_details import VOLATILE, CastMember, CrewMember, MovieDetail
from tmdb_assets.tables.row import Row
from tmdb_assets.tables.sync_audit import SyncAudit

LAKE_TABLES: tuple[type[Row], ...] = (KeywordId, DiscoveredMovie, MovieDetail, FailedMovie)
"""The tables that live in the lake, in the order in which they are made."""

__all__ = [
    "LAKE_TABLES",
    "VOLATILE",
    "CastMember",
    "CrewMember",
    "DiscoveredMovie",
    "FailedMovie",
    "KeywordId",
    "MovieDetail",
    "Row",
    "SyncAudit",
]
