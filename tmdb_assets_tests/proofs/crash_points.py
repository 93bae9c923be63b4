"""The instants at which a run is killed, in the order in which it comes to them."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

Kind = Literal["ask", "create", "write", "sync", "rename", "link", "unlink"]


@dataclass(frozen=True)
class CrashPoint:
    """Just before a run does something for the nth time since it began.

    Parameters
    ----------
    while_
        What the run is about then, in words.
    kind
        ``ask`` is a request, counted where it arrives; all else is a file operation.
    path
        A pattern for the request's path, or for one of the operation's.
    nth
        Which of those that match, from 1.
    """

    while_: str
    kind: Kind
    path: str
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.while_}, {self.kind} {self.path} {self.nth}"

    def matches(self, *paths: str) -> bool:
        """Say whether a request or a file operation is one of those that are counted."""
        return any(fnmatchcase(path, self.path) for path in paths)


_KEYWORDS = "looking up keywords"
_DISCOVERY = "discovering"
_DETAILS = "fetching films"
_YEAR = "storing a year"
_SEAL = "sealing the journal"
_CURATION = "curating"
_PUBLISHING = "publishing"

CRASH_POINTS = (
    CrashPoint(_KEYWORDS, "ask", "/3/*keyword*", 3),
    CrashPoint(_KEYWORDS, "create", "*/lake/keyword_ids/_delta_log/*"),
    CrashPoint(_KEYWORDS, "rename", "*/lake/keyword_ids/*.parquet"),
    CrashPoint(_KEYWORDS, "link", "*/lake/keyword_ids/_delta_log/*1.json"),
    CrashPoint(_KEYWORDS, "sync", "*/data/state.db-journal", 5),
    CrashPoint(_DISCOVERY, "ask", "/3/discover/movie"),
    CrashPoint(_DISCOVERY, "ask", "/3/discover/movie", 4),
    CrashPoint(_DISCOVERY, "create", "*/lake/discovered_movies/*.parquet#*", 2),
    CrashPoint(_DISCOVERY, "link", "*/lake/discovered_movies/_delta_log/*[1-9].json", 2),
    CrashPoint(_DISCOVERY, "unlink", "*/lake/discovered_movies/_delta_log/*[1-9].json#*"),
    CrashPoint(_DETAILS, "create", "*/raw/movie_details/*.new"),
    CrashPoint(_DETAILS, "unlink", "*/raw/movie_details/*.new"),
    CrashPoint(_DETAILS, "ask", "/3/movie/*"),
    CrashPoint(_DETAILS, "write", "*/raw/movie_details/*", 15),
    CrashPoint(_DETAILS, "ask", "/3/movie/*", 20),
    CrashPoint(_DETAILS, "ask", "/3/movie/*", 10),
    CrashPoint(_YEAR, "sync", "*/raw/movie_details/*"),
    CrashPoint(_YEAR, "write", "*/lake/movie_details/*.parquet*"),
    CrashPoint(_YEAR, "rename", "*/lake/movie_details/*.parquet"),
    CrashPoint(_YEAR, "link", "*/lake/movie_details/_delta_log/*[1-9].json"),
    CrashPoint(_YEAR, "create", "*/lake/failed_movies/_delta_log/*"),
    CrashPoint(_YEAR, "unlink", "*/data/state.db-journal", 6),
    CrashPoint(_SEAL, "create", "*/raw/movie_details/*.tmp"),
    CrashPoint(_SEAL, "rename", "*/raw/movie_details/*.tmp"),
    CrashPoint(_SEAL, "unlink", "*/raw/movie_details/*.ndjson"),
    CrashPoint(_CURATION, "create", "*/lake/curated_carousels/*.parquet#*"),
    CrashPoint(_CURATION, "link", "*/lake/curated_carousels/_delta_log/*[1-9].json"),
    CrashPoint(_PUBLISHING, "create", "*/data/.warehouse-*"),
    CrashPoint(_PUBLISHING, "write", "*/data/.warehouse-*", 5),
    CrashPoint(_PUBLISHING, "rename", "*/data/.warehouse-*"),
)
"""A run comes to each of them also after those before it, whichever of its years are ready first.

Three years of 57 to 59 films each are listed and stored at once. So at the second commit of discovery at most
one has been made before, and the kills while films are fetched let fewer answers in than any year has films.
"""
