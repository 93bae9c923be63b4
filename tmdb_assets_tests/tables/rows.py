"""Rows that tests need: whole ones, of which a test names only what it is about."""

import datetime as dt
from typing import Any

from tmdb_assets.tables import (
    CastMember,
    CrewMember,
    CuratedCarousel,
    DiscoveredMovie,
    EnrichedUpload,
    KeywordId,
    MovieDetail,
    SyncAudit,
)

AT = dt.datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=dt.UTC)

_DETAIL: dict[str, Any] = {
    **dict.fromkeys(MovieDetail.__struct_fields__),
    "title": "Alien",
    "genres": ["Horror"],
    "genre_ids": [27],
    "directors": ["Ridley Scott"],
    "director_ids": [578],
    "cast": [CastMember(person_id=10205, name="Sigourney Weaver", character="Ripley", order=0)],
    "cast_ids": [10205],
    "crew": [CrewMember(person_id=578, name="Ridley Scott", department="Directing", job="Director")],
    "crew_ids": [578],
    "production_companies": ["Brandywine"],
    "production_company_ids": [401],
    "production_countries": ["GB", "US"],
    "spoken_languages": ["en"],
    "keywords": ["android"],
    "keyword_ids": [803],
    "request_fingerprint": "f",
    "fetched_at": AT,
    "checked_at": AT,
    "changed_at": AT,
    "unchanged_count": 0,
}

_DISCOVERED: dict[str, Any] = {
    **dict.fromkeys(DiscoveredMovie.__struct_fields__),
    "title": "Alien",
    "genre_ids": [27],
    "has_enough_votes": True,
    "has_theme_keyword": False,
    "discovered_at": AT,
}

_PLACE: dict[str, Any] = {
    **dict.fromkeys(CuratedCarousel.__struct_fields__),
    "title": "Alien",
    "poster_url": "https://image.example/t/p/w500/alien.jpg",
    "weighted_rating": 7.0,
    "vote_count": 100,
    "list_count": 0,
    "curated_at": AT,
}

_UPLOAD_ROW: dict[str, Any] = {
    **dict.fromkeys(EnrichedUpload.__struct_fields__),
    "list_title": "Watched",
    "status": "matched",
    "candidates": [],
    "genres": [],
    "directors": [],
    "cast": [],
    "tmdb_enriched": True,
}

_AUDIT: dict[str, Any] = {
    **{name: 0 for name in SyncAudit.__struct_fields__ if name.endswith("_count")},
    "run_id": "run",
    "asset": "movie_details",
    "year": 1979,
    "fingerprint": "f",
    "started_at": AT,
    "finished_at": AT,
    "waited_seconds": 1.25,
    "received_bytes": 5_000_000_000,
}


def detail(tmdb_id: int, year: int = 1979, **values: Any) -> MovieDetail:  # noqa: ANN401 -- any column
    """Return a film's details."""
    values = {"release_date": dt.date(year, 5, 25), **values}
    return MovieDetail(**{**_DETAIL, "tmdb_id": tmdb_id, "release_year": year, **values})


def discovered(tmdb_id: int, year: int = 1979, **values: Any) -> DiscoveredMovie:  # noqa: ANN401 -- any column
    """Return a discovered film."""
    return DiscoveredMovie(**{**_DISCOVERED, "tmdb_id": tmdb_id, "release_year": year, **values})


def place(theme: str, position: int, tmdb_id: int, year: int = 1979, **values: Any) -> CuratedCarousel:  # noqa: ANN401 -- any column
    """Return a film's place in a carousel."""
    of_theme = {"theme": theme, "theme_title": theme.title(), "slug": f"{theme}-{year}"}
    of_film = {"position": position, "tmdb_id": tmdb_id, "release_year": year}
    return CuratedCarousel(**{**_PLACE, **of_theme, **of_film, **values})


def upload_row(upload: str, row_number: int, tmdb_id: int | None, **values: Any) -> EnrichedUpload:  # noqa: ANN401 -- any column
    """Return a row of a film list, matched with a film."""
    of_file = {"upload": upload, "row_number": row_number, "line_number": row_number + 1, "tmdb_id": tmdb_id}
    return EnrichedUpload(**{**_UPLOAD_ROW, **of_file, **values})


def keyword(theme: str, keyword_id: int | None = None) -> KeywordId:
    """Return a theme's keyword."""
    return KeywordId(
        theme=theme,
        theme_title=theme.title(),
        keyword=theme,
        keyword_id=keyword_id,
        tmdb_name=theme if keyword_id else None,
        status="pinned" if keyword_id else "missing",
        checked_at=AT,
    )


def audit(**values: Any) -> SyncAudit:  # noqa: ANN401 -- any column
    """Return what a year took."""
    return SyncAudit(**{**_AUDIT, **values})
