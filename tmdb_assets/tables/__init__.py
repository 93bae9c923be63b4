"""Our tables: one row type each, a file per table; the single source of every schema."""

from tmdb_assets.tables.all_time_carousels import AllTimeCarousel
from tmdb_assets.tables.api_usage import ApiUsage
from tmdb_assets.tables.curated_carousels import CuratedCarousel
from tmdb_assets.tables.discovered_movies import DiscoveredMovie
from tmdb_assets.tables.enriched_uploads import Candidate, EnrichedUpload
from tmdb_assets.tables.failed_movies import FailedMovie
from tmdb_assets.tables.failed_runs import FailedRun
from tmdb_assets.tables.former_details import FormerDetail
from tmdb_assets.tables.keyword_ids import KeywordId
from tmdb_assets.tables.list_gaps import ListGap
from tmdb_assets.tables.movie_changes import MovieChange
from tmdb_assets.tables.movie_details import NEVER_COMPARED, CastMember, CrewMember, MovieDetail
from tmdb_assets.tables.movie_history import WHOLE_FILM, MovieHistory
from tmdb_assets.tables.request_leases import RequestLease
from tmdb_assets.tables.requested_movies import RequestedMovie
from tmdb_assets.tables.row import Row
from tmdb_assets.tables.sync_audit import SyncAudit
from tmdb_assets.tables.title_searches import TitleSearch
from tmdb_assets.tables.tmdb_exports import ExportChange, TmdbExport
from tmdb_assets.tables.upload_sessions import UploadSession

LAKE_TABLES: tuple[type[Row], ...] = (
    KeywordId,
    DiscoveredMovie,
    MovieDetail,
    FailedMovie,
    MovieHistory,
    EnrichedUpload,
    CuratedCarousel,
    MovieChange,
    TmdbExport,
)
"""The tables that are assets, in the order in which they are made; each is published."""

STORED_TABLES: tuple[type[Row], ...] = (*LAKE_TABLES, FormerDetail)
"""All that lives in the lake."""

STATE_TABLES: tuple[type[Row], ...] = (
    SyncAudit,
    ListGap,
    UploadSession,
    RequestedMovie,
    TitleSearch,
    FailedRun,
    ApiUsage,
    RequestLease,
)
"""The tables that live in the state: what was spent, asked for and decided."""

__all__ = [
    "LAKE_TABLES",
    "NEVER_COMPARED",
    "STATE_TABLES",
    "STORED_TABLES",
    "WHOLE_FILM",
    "AllTimeCarousel",
    "ApiUsage",
    "Candidate",
    "CastMember",
    "CrewMember",
    "CuratedCarousel",
    "DiscoveredMovie",
    "EnrichedUpload",
    "ExportChange",
    "FailedMovie",
    "FailedRun",
    "FormerDetail",
    "KeywordId",
    "ListGap",
    "MovieChange",
    "MovieDetail",
    "MovieHistory",
    "RequestLease",
    "RequestedMovie",
    "Row",
    "SyncAudit",
    "TitleSearch",
    "TmdbExport",
    "UploadSession",
]
