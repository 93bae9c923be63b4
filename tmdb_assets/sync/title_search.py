"""Which film a title means: what the lake knows, then TMDB's search with the year, then without."""

import asyncio
import datetime as dt
from collections import deque
from collections.abc import Collection, Iterable, Mapping

import msgspec
import polars as pl

from tmdb_assets.storage.folder import Storage
from tmdb_assets.sync.audit import SyncRun, Tally
from tmdb_assets.sync.together import together
from tmdb_assets.tables import Candidate, MovieDetail, TitleSearch
from tmdb_assets.tmdb import AsyncTMDBClient, AuthenticationError, TMDBError, endpoints
from tmdb_assets.tmdb.models import MovieListItem
from tmdb_assets.transforms.matching import Match, index_by_title, match, normalised_title
from tmdb_assets.transforms.movies import whole_date
from tmdb_assets.transforms.uploads import Found

Question = tuple[str, int | None]
"""A title and its release year, which may be missing."""

_FAILURES_IN_A_ROW = 10
_FILMS = msgspec.json.Decoder(list[Candidate])


class TitleSearcher:
    """Finds out which films titles mean; every answer of TMDB's is kept the moment it arrives.

    Parameters
    ----------
    questions
        What will be asked, each title as the list has it.
    """

    def __init__(
        self,
        client: AsyncTMDBClient,
        storage: Storage,
        questions: Collection[Question],
        run: SyncRun,
        tally: Tally,
    ) -> None:
        self._client = client
        self._state = storage.state
        self._run = run
        self._tally = tally
        self._known = _known_films(storage, questions)
        now = run.clock()
        since = now if run.refresh else now - storage.policy.searches_age
        self._searches = {
            (search.title, search.year): search
            for search in storage.state.searches(language=client.language, between=(since, now))
        }
        self._open = deque(dict.fromkeys(questions))
        self._total = len(self._open)
        self._found: dict[Question, Found] = {}
        self._failures_in_a_row = 0

    async def find_all(self) -> Mapping[Question, Found]:
        """Return what was found out about each question; one that TMDB did not answer has no match.

        Raises
        ------
        AuthenticationError
            TMDB refuses the credential.
        """
        await together(self._work() for _ in range(self._client.max_concurrent))
        return self._found

    @property
    def is_down(self) -> bool:
        """Whether TMDB stopped to answer, so that the rest was not asked for."""
        return self._failures_in_a_row >= _FAILURES_IN_A_ROW

    async def _work(self) -> None:
        while self._open:
            question = self._open.popleft()
            try:
                self._found[question] = await self._find(*question)
            except AuthenticationError:
                raise
            except TMDBError as error:
                self._found[question] = Found(None, problem=str(error))
            self._run.on_progress(len(self._found), self._total)

    async def _find(self, title: str, year: int | None) -> Found:
        # Of a title without a year the lake cannot tell whether it is the only one.
        known = self._known.get(normalised_title(title), []) if year is not None else []
        if year is not None and _is_decided(best := match(title, year, known), year):
            return _found(best, known)
        films, searched_at = list(known), None
        for searched_year in (year, None) if year is not None else (None,):
            search = await self._search(title, searched_year)
            films += _FILMS.decode(search.films)
            searched_at = search.searched_at
            if _is_decided(best := match(title, year, films), year):
                break
        return _found(match(title, year, films), films, searched_at)

    async def _search(self, title: str, year: int | None) -> TitleSearch:
        if known := self._searches.get((title, year)):
            return known
        if self.is_down:
            raise TMDBError("TMDB did not answer for other titles, so this one was not asked for.")
        language = self._client.language
        try:
            page = await self._tally.ask(
                self._client, endpoints.search.movie(title, language=language, primary_release_year=year)
            )
        except TMDBError as error:
            self._failures_in_a_row += error.retryable
            raise
        self._failures_in_a_row = 0
        search = TitleSearch(
            title=title,
            year=year,
            language=language,
            films=msgspec.json.encode([_candidate(film) for film in page.value.results]).decode(),
            searched_at=page.answered_at,
        )
        await asyncio.to_thread(self._state.keep_search, search)
        self._searches[title, year] = search
        return search


def _is_decided(best: Match, year: int | None) -> bool:
    """Say whether no further search can change a match: one film of that year, or several."""
    exact = [film for film in best.candidates if film.release_date and film.release_date.year == year]
    return best.status == "matched" or len(exact) > 1


def _found(best: Match, films: Iterable[Candidate], searched_at: dt.datetime | None = None) -> Found:
    film = next((film for film in films if film.tmdb_id == best.tmdb_id), None)
    return Found(best, film, searched_at)


def _candidate(film: MovieListItem) -> Candidate:
    return Candidate(
        tmdb_id=film.id,
        title=film.title,
        original_title=film.original_title,
        release_date=whole_date(film.release_date),
    )


def _known_films(storage: Storage, questions: Collection[Question]) -> dict[str, list[Candidate]]:
    """Return the lake's films of the years in question, by title."""
    years = {year + near for _, year in questions if year is not None for near in (-1, 0, 1)}
    films = (
        storage.lake.scan(MovieDetail)
        .filter(pl.col("release_year").is_in(sorted(years)))
        .select("tmdb_id", "title", "original_title", "release_date")
        .collect()
    )
    return index_by_title(Candidate(**film) for film in films.iter_rows(named=True))
