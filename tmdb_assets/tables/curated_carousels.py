"""The table ``curated_carousels``."""

from typing import Annotated, ClassVar

from tmdb_assets.tables.row import Column, Integer, Row, UtcInstant, Year


class CuratedCarousel(Row, frozen=True):
    """A film's place in a carousel of its release year."""

    table: ClassVar[str] = "curated_carousels"
    grain: ClassVar[str] = "One row per theme, release year and film."
    key: ClassVar[tuple[str, ...]] = ("theme", "release_year", "position")

    theme: Annotated[str, Column(description="The theme's slug, or that of an editor's list.")]
    theme_title: Annotated[str, Column(description="The theme's or the list's title, as people read it.")]
    release_year: Annotated[Year, Column(description="Year of the primary release date; the partition.")]
    slug: Annotated[str, Column(description="The carousel's name in addresses: theme, hyphen, year.")]
    position: Annotated[Integer, Column(description="Place in the carousel, from 1.")]
    tmdb_id: Annotated[Integer, Column(description="TMDB's id of the film.")]
    title: Annotated[str | None, Column(description="Title in the language of TMDB_LANGUAGE.")]
    poster_url: Annotated[str | None, Column(description="URL of the poster, 500 pixels wide.")]
    weighted_rating: Annotated[
        float, Column(description="Bayesian mean of TMDB's votes and the uploads' ratings, 0 to 10.")
    ]
    vote_average: Annotated[float | None, Column(description="Mean vote at TMDB, 0 to 10.")]
    vote_count: Annotated[Integer, Column(description="Votes that weigh in: TMDB's and the uploads'.")]
    list_count: Annotated[Integer, Column(description="Uploaded lists that have the film.")]
    list_mean_rating: Annotated[
        float | None, Column(description="Mean of the ratings in uploaded lists, 0 to 10.")
    ]
    collection_id: Annotated[Integer | None, Column(description="TMDB's id of the film's collection.")]
    list_position: Annotated[
        Integer | None, Column(description="Place in the editor's list; NULL in a carousel of a theme.")
    ]
    curated_at: Annotated[UtcInstant, Column(description="When the carousel was made, UTC.")]
