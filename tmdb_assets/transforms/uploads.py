"""Rows of uploaded lists and what TMDB knows of their films, to rows of ``enriched_uploads``."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tmdb_assets.tables import Candidate, EnrichedUpload
from tmdb_assets.transforms.matching import Match
from tmdb_assets.transforms.upload_files import UploadedRow

FILLED_IN = (
    *("imdb_id", "release_date", "genres", "runtime", "directors"),
    *("popularity", "vote_average", "vote_count", "poster_url"),
)
"""The columns of ``movie_details`` that a matched row takes over as they are."""

_UNKNOWN: Mapping[str, Any] = dict.fromkeys(FILLED_IN) | {
    "matched_title": None,
    "genres": [],
    "directors": [],
    "cast": [],
}

_NO_DATE = "TMDB gives no release date, so the film belongs to no year."


class Found(msgspec.Struct, frozen=True):
    """What was found out about a row of a list.

    Attributes
    ----------
    match
        Which film it means; None when TMDB did not answer.
    film
        The matched film as the lake or TMDB's search has it.
    searched_at
        When TMDB was searched for it; None where it need not be.
    problem
        Why there is no match, or why the film's details could not be had.
    """

    match: Match | None
    film: Candidate | None = None
    searched_at: dt.datetime | None = None
    problem: str | None = None

    @property
    def tmdb_id(self) -> int | None:
        """TMDB's id of the film that the row means."""
        return self.match.tmdb_id if self.match else None


def enriched_row(
    upload: str,
    list_title: str,
    row: UploadedRow,
    found: Found,
    details: Mapping[str, Any] | None,
    *,
    failure: str | None = None,
    now: dt.datetime,
) -> EnrichedUpload:
    """Return the row of the table for a row of a list.

    Parameters
    ----------
    details
        The film's row of ``movie_details``, the leading actors' names as ``cast``; None where there is none.
    failure
        Why TMDB would not give the details.
    now
        The moment, UTC.
    """
    match = found.match
    film = {**_UNKNOWN, **(details or {})}
    problem = found.problem or row.problem or failure or (match.problem if match else None)
    return EnrichedUpload(
        upload=upload,
        list_title=list_title,
        row_number=row.row_number,
        line_number=row.line_number,
        title=row.title,
        year=row.year,
        uri=row.uri,
        rating=row.rating,
        listed_on=row.listed_on,
        status=match.status if match else "failed",
        problem=None if details else problem or _NO_DATE,
        score=match.score if match else None,
        candidates=list(match.candidates) if match else [],
        tmdb_id=match.tmdb_id if match else None,
        matched_title=film.pop("title", None),
        cast=film.pop("cast"),
        **{column: film[column] for column in FILLED_IN},
        tmdb_enriched=details is not None,
        searched_at=found.searched_at,
        enriched_at=now if details else None,
    )


def with_former_times(
    rows: Sequence[EnrichedUpload], former: Sequence[EnrichedUpload]
) -> list[EnrichedUpload]:
    """Return the rows; one that says what it said before keeps the time at which it was enriched."""
    before = {_placeless(row): row.enriched_at for row in former}
    return [
        msgspec.structs.replace(row, enriched_at=before.get(_placeless(row), row.enriched_at)) for row in rows
    ]


def _placeless(row: EnrichedUpload) -> bytes:
    """Return what a row says, wherever in the file it stands and whenever it was enriched."""
    return msgspec.json.encode(msgspec.structs.replace(row, row_number=0, line_number=0, enriched_at=None))
