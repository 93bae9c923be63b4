"""The domains: what stands after ``client.`` and before the operation."""

from typing import Generic, TypeVar, cast

from tmdb_assets.tmdb.endpoints.changes import Changes
from tmdb_assets.tmdb.endpoints.configuration import Configuration
from tmdb_assets.tmdb.endpoints.discover import Discover
from tmdb_assets.tmdb.endpoints.find import Find
from tmdb_assets.tmdb.endpoints.genres import Genres
from tmdb_assets.tmdb.endpoints.keywords import Keywords
from tmdb_assets.tmdb.endpoints.movies import Movies
from tmdb_assets.tmdb.endpoints.search import Search

__all__ = ["Domains"]

C = TypeVar("C")


class Domains(Generic[C]):
    """TMDB's domains, bound to the client that inherits this."""

    @property
    def changes(self) -> Changes[C]:
        """What was edited at TMDB lately."""
        return Changes(self._self)

    @property
    def configuration(self) -> Configuration[C]:
        """The image server and its sizes."""
        return Configuration(self._self)

    @property
    def discover(self) -> Discover[C]:
        """Movies by what they are."""
        return Discover(self._self)

    @property
    def find(self) -> Find[C]:
        """Things by the ids that other places give them."""
        return Find(self._self)

    @property
    def genres(self) -> Genres[C]:
        """The genres."""
        return Genres(self._self)

    @property
    def keywords(self) -> Keywords[C]:
        """The keywords."""
        return Keywords(self._self)

    @property
    def movies(self) -> Movies[C]:
        """Movies, and everything that TMDB keeps beside a movie."""
        return Movies(self._self)

    @property
    def search(self) -> Search[C]:
        """Things by their names."""
        return Search(self._self)

    @property
    def _self(self) -> C:
        return cast("C", self)
