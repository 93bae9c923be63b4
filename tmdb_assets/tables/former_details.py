"""The table ``former_details``: what ``movie_details`` said of films that left it unwanted."""

from typing import ClassVar

from tmdb_assets.tables.movie_details import MovieDetail


class FormerDetail(MovieDetail, frozen=True):
    """The last row of a film that no list and no upload names any more; with it the film goes on one day."""

    table: ClassVar[str] = "former_details"
    grain: ClassVar[str] = "One row per film that had details and that nobody wants any more."
