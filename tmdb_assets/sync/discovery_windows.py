"""All films of a window, however many they are and however TMDB's pages move while they are read."""

import dataclasses
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from tmdb_assets.sync.discovery_listing import PER_PAGE, Found, Gap, Listing, most_said, still_open
from tmdb_assets.sync.together import together
from tmdb_assets.tmdb import AuthenticationError, TMDBError
from tmdb_assets.tmdb.models import MovieListItem, Page
from tmdb_assets.transforms.windows import REACHABLE, Order, Window, by_language, halves, parts

AskPage = Callable[[Window, Order, int], Awaitable[Page[MovieListItem]]]
AskLanguages = Callable[[], Awaitable[Iterable[str]]]

_PATIENCE = 3
"""How often in a row a short window is halved without a film being found that was not known."""

_UNFILTERED = 1.5
"""Parts that promise so many times the films of the whole are no parts: TMDB ignored what splits them."""


@dataclasses.dataclass
class WindowReader:
    """Reads windows of one of TMDB's lists.

    Parameters
    ----------
    ask
        Asks for a page of a window in an order.
    languages
        Asks for the original languages that there are.
    reachable
        How many films of one query TMDB serves.
    """

    ask: AskPage
    languages: AskLanguages
    reachable: int = REACHABLE
    _seen_movies: set[int] = dataclasses.field(default_factory=set[int], init=False)
    _seen_languages: set[str] = dataclasses.field(default_factory=set[str], init=False)

    async def read(self, window: Window) -> Found:
        """Return all films of a window that can be had.

        One that holds more than TMDB serves is split, as finely as it takes. One that gives fewer films than
        it promised is asked again in halves, and what is still short then from its end.

        Raises
        ------
        TMDBError
            Its first page could not be had. Any other page that could not leaves a gap.
        """
        listing = Listing(window, window.order)
        self._add(listing, await self.ask(window, window.order, 1))
        return await self._complete(listing, {}, _PATIENCE)

    async def _complete(self, listing: Listing, known: Mapping[int, MovieListItem], patience: int) -> Found:
        """Return all films of a window whose first page was asked for, beside those known of it."""
        window = listing.window
        pieces = await self._split(listing)
        is_split = bool(pieces)
        if not is_split:
            await self._read_on(listing)
        movies = {**known, **listing.movies}
        if listing.promised is not None and len(movies) >= listing.promised:
            return Found(movies)
        if listing.has_news:
            patience = _PATIENCE
        is_readable = (listing.promised or 0) <= self.reachable
        if is_readable and patience and not window.is_one_day:
            pieces = await self._first_pages(listing, halves(window))
        inner = await self._all_of(pieces, movies, patience)
        if pieces and listing.promised is None and not inner.gaps:
            return inner
        return await self._from_its_end(listing, inner, pieces, is_split=is_split)

    async def _split(self, listing: Listing) -> list[Listing]:
        """Return the first pages of the parts of a window that holds more than TMDB serves."""
        if (listing.promised or 0) <= self.reachable:
            return []
        window = listing.window
        windows = parts(window)
        if not windows and window.language is None:
            languages = {*await self.languages(), *self._seen_languages}
            windows = by_language(window, sorted(languages))
        pieces = await self._first_pages(listing, windows)
        if sum(piece.promised or 0 for piece in pieces) > _UNFILTERED * (listing.promised or 0):
            return []
        return pieces

    async def _first_pages(self, whole: Listing, windows: Sequence[Window]) -> list[Listing]:
        pieces = await together(self._first_page(window, window.order) for window in windows)
        failed = [piece for piece in pieces if piece.promised is None]
        if len(failed) == 1 and whole.promised is not None:
            failed[0].infer(max(0, whole.promised - sum(piece.promised or 0 for piece in pieces)))
        return pieces

    async def _all_of(
        self, pieces: Sequence[Listing], known: Mapping[int, MovieListItem], patience: int
    ) -> Found:
        """Return all films of the parts of a window, beside those known of the whole."""
        are_some_answered = not all(piece.failures for piece in pieces)
        found = await together(
            self._complete(
                piece,
                {tmdb_id: movie for tmdb_id, movie in known.items() if piece.window.holds(movie)},
                patience if piece.failures and are_some_answered else patience - 1,
            )
            for piece in pieces
        )
        movies = dict(known)
        for each in found:
            movies |= each.movies
        return Found(movies, tuple(gap for each in found for gap in each.gaps))

    async def _from_its_end(
        self, listing: Listing, inner: Found, pieces: Sequence[Listing], *, is_split: bool
    ) -> Found:
        """Return what is found when a window that is still short is asked for in reverse order, too."""
        movies, promised = inner.movies, listing.promised
        if promised is not None and len(movies) + inner.missing >= promised:
            return Found(movies, still_open([gap for gap in inner.gaps if gap.missing], movies))
        window = listing.window
        again = await self._first_page(window, window.reverse_order)
        movies |= again.movies
        if pieces and again.promised is not None and len(movies) + inner.missing >= again.promised:
            return Found(movies, inner.gaps)  # its parts and the newest word on the whole agree
        if not is_split or pieces[0].window.language != window.language:
            await together(self._read_on(each) for each in (listing, again))
            movies |= listing.movies | again.movies
        gaps = still_open(inner.gaps, movies)
        promised = min(most_said([*listing.totals, *again.totals]), default=None)
        missing = max(0, (promised or 0) - len(movies) - sum(gap.missing for gap in gaps))
        if missing or (promised is None and not gaps):
            reason = self._reason(listing, again, is_split=is_split)
            gaps += (Gap(window, promised, len(movies), missing, reason),)
        return Found(movies, gaps)

    def _reason(self, listing: Listing, again: Listing, *, is_split: bool) -> str:
        failures = listing.failures | again.failures
        if failures:
            page, sentence = min(failures.items())
            return f"Page {page} failed: {sentence}"
        if is_split:
            return "The parts of the window promise fewer films than the whole."
        if (listing.promised or 0) > self.reachable:
            return f"TMDB serves {self.reachable:,} films of one query, and it cannot be split any further."
        return "The pages moved while they were read, so that films were skipped."

    async def _read_on(self, listing: Listing) -> None:
        """Ask for the pages after the first, unless that was done."""
        last = 0 if listing.is_read else min(listing.page_count, self.reachable // PER_PAGE)
        listing.is_read = True
        await together(self._page(listing, number) for number in range(2, last + 1))

    async def _first_page(self, window: Window, order: Order) -> Listing:
        listing = Listing(window, order)
        await self._page(listing, 1)
        return listing

    async def _page(self, listing: Listing, number: int) -> None:
        try:
            page = await self.ask(listing.window, listing.order, number)
        except AuthenticationError:
            raise
        except TMDBError as error:
            listing.failures[number] = str(error)
        else:
            self._add(listing, page)

    def _add(self, listing: Listing, page: Page[MovieListItem]) -> None:
        listing.add(page)
        listing.has_news |= not listing.movies.keys() <= self._seen_movies
        self._seen_movies |= listing.movies.keys()
        self._seen_languages |= {movie.original_language or "" for movie in page.results} - {""}
