"""The table ``enriched_uploads``."""

import datetime as dt
from typing import Annotated, ClassVar, Literal

import msgspec

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant

MatchStatus = Literal["matched", "ambiguous", "not_found", "failed"]


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A film that a row of an upload may mean."""

    tmdb_id: Integer
    title: str | None
    original_title: str | None
    release_date: dt.date | None


class EnrichedUpload(Row, frozen=True):
    """A row of somebody's film list, and what TMDB knows of the film that it means."""

    table: ClassVar[str] = "enriched_uploads"
    grain: ClassVar[str] = "One row per row of an uploaded file."
    key: ClassVar[tuple[str, ...]] = ("upload", "row_number")

    upload: Annotated[str, Column(description="The file: its path in the uploads folder; the partition.")]
    list_title: Annotated[str, Column(description="The list's name as the file gives it, or the file's.")]
    row_number: Annotated[Integer, Column(description="Number of the row in the file, from 1.")]
    line_number: Annotated[Integer, Column(description="Line of the file on which the row begins, from 1.")]
    title: Annotated[str | None, Column(description="Title as in the file.")]
    year: Annotated[Integer | None, Column(description="Release year as in the file.")]
    uri: Annotated[str | None, Column(description="Address or id of the film as in the file.")]
    rating: Annotated[float | None, Column(description="The person's rating, 0 to 10; a star counts 2.")]
    listed_on: Annotated[dt.date | None, Column(description="Date that the file gives the row.")]
    status: Annotated[
        MatchStatus,
        Column(
            description="matched: one film has exactly this title and year; ambiguous: candidates says which "
            "films it may be; not_found: TMDB has none; failed: TMDB did not answer, asked again next time."
        ),
    ]
    problem: Annotated[str | None, Column(description="Why the row has no film or no details.")]
    score: Annotated[float | None, Column(description="How well the match fits, 0 to 1; 1 is exact.")]
    candidates: Annotated[list[Candidate], Column(description="Films that an ambiguous row may mean.")]
    tmdb_id: Annotated[Integer | None, Column(description="TMDB's id of the film.")]
    imdb_id: Annotated[str | None, Column(description="IMDb's id, tt and digits.")]
    matched_title: Annotated[str | None, Column(description="The film's title at TMDB.")]
    release_date: Annotated[dt.date | None, Column(description="Primary release date.")]
    genres: Annotated[list[str], Column(description="Genre names, most fitting first.")]
    runtime: Annotated[Integer | None, Column(description="Minutes; NULL when unknown.")]
    directors: Annotated[list[str], Column(description="Names of the directors.")]
    cast: Annotated[list[str], Column(description="Names of the ten leading actors, in billing order.")]
    popularity: Annotated[float | None, Column(description="TMDB's popularity; rescaled now and then.")]
    vote_average: Annotated[float | None, Column(description="Mean vote, 0 to 10.")]
    vote_count: Annotated[Integer | None, Column(description="Number of votes.")]
    poster_url: Annotated[str | None, Column(description="URL of the poster, 500 pixels wide.")]
    tmdb_enriched: Annotated[bool, Column(description="Whether the film's details are filled in.")]
    searched_at: Annotated[
        UtcInstant | None,
        Column(description="When TMDB was searched for it, UTC; NULL where it need not be."),
    ]
    enriched_at: Annotated[UtcInstant | None, Column(description="When its details were filled in, UTC.")]
