"""The table ``movie_details`` and the people in its nested columns."""

import datetime as dt
from typing import Annotated, ClassVar

import msgspec

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant, Year


class CastMember(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A part in a film and who plays it."""

    person_id: Integer | None
    name: str | None
    character: str | None
    order: Integer | None


class CrewMember(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A job on a film and who does it."""

    person_id: Integer | None
    name: str | None
    department: str | None
    job: str | None


class MovieDetail(Row, frozen=True):
    """All that TMDB knows of a film, from one request."""

    table: ClassVar[str] = "movie_details"
    grain: ClassVar[str] = "One row per film; a film belongs to exactly one release year."
    key: ClassVar[tuple[str, ...]] = ("tmdb_id",)

    tmdb_id: Annotated[Integer, Column(description="TMDB's id of the film.")]
    imdb_id: Annotated[str | None, Column(description="IMDb's id, tt and digits.")]
    release_year: Annotated[Year, Column(description="Year of the primary release date; the partition.")]
    title: Annotated[str | None, Column(description="Title in the language of TMDB_LANGUAGE.")]
    original_title: Annotated[str | None, Column(description="Title in the original language.")]
    original_language: Annotated[str | None, Column(description="Original language, ISO 639-1.")]
    overview: Annotated[str | None, Column(description="What it is about; NULL where not translated.")]
    tagline: Annotated[str | None, Column(description="The film's slogan.")]
    homepage: Annotated[str | None, Column(description="URL of the film's own site.")]
    status: Annotated[str | None, Column(description="Released, Post Production, Rumored, …")]
    release_date: Annotated[dt.date, Column(description="Primary release date.")]
    runtime: Annotated[Integer | None, Column(description="Minutes; NULL when unknown.")]
    budget: Annotated[Integer | None, Column(description="US dollars; NULL when unknown.")]
    revenue: Annotated[Integer | None, Column(description="US dollars; NULL when unknown.")]
    adult: Annotated[bool | None, Column(description="Whether TMDB marks the film as adult.")]
    video: Annotated[bool | None, Column(description="Whether TMDB marks it as a video, not a feature.")]
    genres: Annotated[list[str], Column(description="Genre names, most fitting first.")]
    genre_ids: Annotated[list[Integer], Column(description="TMDB's genre ids, in the order of genres.")]
    directors: Annotated[list[str], Column(description="Names of the directors.")]
    director_ids: Annotated[list[Integer], Column(description="TMDB's ids of the directors.")]
    cast: Annotated[list[CastMember], Column(description="The cast in billing order.")]
    cast_ids: Annotated[list[Integer], Column(description="TMDB's ids of the cast, in billing order.")]
    crew: Annotated[list[CrewMember], Column(description="The crew; a person once per job.")]
    crew_ids: Annotated[list[Integer], Column(description="TMDB's ids of the crew, each once.")]
    production_companies: Annotated[list[str], Column(description="Names of the production companies.")]
    production_company_ids: Annotated[list[Integer], Column(description="TMDB's ids of the companies.")]
    production_countries: Annotated[list[str], Column(description="Countries, ISO 3166-1.")]
    spoken_languages: Annotated[list[str], Column(description="Spoken languages, ISO 639-1.")]
    collection_id: Annotated[Integer | None, Column(description="TMDB's id of the film's collection.")]
    collection: Annotated[str | None, Column(description="Name of the film's collection.")]
    keywords: Annotated[list[str], Column(description="Keyword names.")]
    keyword_ids: Annotated[list[Integer], Column(description="TMDB's keyword ids, in the order of keywords.")]
    certification: Annotated[
        str | None, Column(description="Age rating in TMDB_REGION, or in the US where no region is set.")
    ]
    trailer_url: Annotated[str | None, Column(description="URL of the trailer; an official one first.")]
    wikidata_id: Annotated[str | None, Column(description="Wikidata's id, Q and digits.")]
    facebook_id: Annotated[str | None, Column(description="Name of the film's Facebook page.")]
    instagram_id: Annotated[str | None, Column(description="Name of the film's Instagram account.")]
    twitter_id: Annotated[str | None, Column(description="Name of the film's X account.")]
    vote_average: Annotated[float | None, Column(description="Mean vote, 0 to 10.")]
    vote_count: Annotated[Integer | None, Column(description="Number of votes.")]
    popularity: Annotated[float | None, Column(description="TMDB's popularity; rescaled now and then.")]
    poster_url: Annotated[str | None, Column(description="URL of the poster, 500 pixels wide.")]
    backdrop_url: Annotated[str | None, Column(description="URL of the backdrop, 1,280 pixels wide.")]
    request_fingerprint: Annotated[
        str, Column(description="Hash of the request's language, region and appended names.")
    ]
    fetched_at: Annotated[UtcInstant, Column(description="When the answer in this row was received, UTC.")]
    checked_at: Annotated[UtcInstant, Column(description="When TMDB was last asked about the film, UTC.")]
    changed_at: Annotated[
        UtcInstant,
        Column(description="When the film was last seen changed, as the refresh policy means it, UTC."),
    ]
    unchanged_count: Annotated[
        Integer, Column(description="Checks in a row that found it unchanged; 0 after a change.")
    ] = 0


NEVER_COMPARED = frozenset(
    {
        *("tmdb_id", "release_year", "cast_ids", "crew_ids", "popularity"),
        *("request_fingerprint", "fetched_at", "checked_at", "changed_at", "unchanged_count"),
    }
)
"""Columns that are ours, follow from others or move for no reason: no policy can call them a change."""
