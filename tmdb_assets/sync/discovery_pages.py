"""The pages of TMDB's lists of films, as it answers them."""

import dataclasses
from collections.abc import Collection

from tmdb_assets.sync.audit import Tally
from tmdb_assets.sync.discovery_plan import page_endpoint
from tmdb_assets.sync.list_totals import item_count
from tmdb_assets.tmdb import Answer, AsyncTMDBClient, AuthenticationError, DecodeError, TMDBError, endpoints
from tmdb_assets.tmdb.decoding import decode_readable
from tmdb_assets.tmdb.endpoints.discover import MovieFilters
from tmdb_assets.tmdb.models import MovieListItem, Page
from tmdb_assets.transforms.windows import Order, Window


@dataclasses.dataclass
class Pages:
    """Asks for pages of films that match some filters, and counts what it took."""

    client: AsyncTMDBClient
    tally: Tally
    filters: MovieFilters

    async def page(self, window: Window, order: Order, number: int) -> Page[MovieListItem]:
        """Return a page of a window; a film on it that cannot be read is left out.

        Raises
        ------
        TMDBError
            The page cannot be had, or does not say how many films there are.
        """
        endpoint = page_endpoint(window, self.filters, number, order)
        try:
            return _with_totals(await self.tally.ask_again(self.client, endpoint))
        except DecodeError as error:
            # One odd film does not take the others with it; it is missed, and counted.
            readable = decode_readable(error.body or b"", MovieListItem)
            if isinstance(readable, DecodeError):
                raise
            return readable

    async def languages(self) -> Collection[str]:
        """Return the codes of the original languages that TMDB knows; none where it does not say."""
        try:
            answer = await self.tally.ask_again(self.client, endpoints.configuration.languages())
        except AuthenticationError:
            raise
        except TMDBError:
            return ()
        return [language.iso_639_1 for language in answer.value if language.iso_639_1]


def _with_totals(answer: Answer[Page[MovieListItem]]) -> Page[MovieListItem]:
    """Return a page, unless its totals are missing: a year must not lose its films to an odd answer."""
    if not 0 < len(answer.value.results) <= answer.value.total_results:
        item_count(answer.body, "films")
    return answer.value
