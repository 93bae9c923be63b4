"""Curation: which films make a year's carousels, and what each weighs.

A theme's carousel has every film of the year that carries any of the theme's keywords; adult films are left
out of all carousels. People's lists have a say: each rating in an upload counts as one vote more, and
``from-your-lists`` has every film that is in any of them. An upload below ``curated/`` is an editor's list: a
carousel of its own, and no vote.
"""

import datetime as dt
from collections.abc import Iterable

import polars as pl

from tmdb_assets.tables import CuratedCarousel
from tmdb_assets.transforms.carousel_order import in_order
from tmdb_assets.transforms.list_slugs import EDITORS_FOLDER, editors_slugs

PRIOR_MEAN = 6.5
"""What a film is rated before anybody has voted: about the mean of TMDB's films with many votes."""

PRIOR_VOTES = 300
"""How many votes that prior counts for; a single 10.0 hardly moves it."""

FROM_YOUR_LISTS = "from-your-lists"
"""The carousel of the films that are in any upload."""

FILM_COLUMNS = (
    "tmdb_id",
    "release_year",
    "title",
    "poster_url",
    "adult",
    "vote_average",
    "vote_count",
    "collection_id",
    "keyword_ids",
)
"""What curation needs of ``movie_details``."""

UPLOAD_COLUMNS = ("upload", "list_title", "row_number", "status", "tmdb_id", "rating")
"""What curation needs of ``enriched_uploads``."""

_MEMBERSHIP = ("theme", "theme_title", "tmdb_id", "list_position")


def curated_years(
    films: pl.DataFrame, keywords: pl.DataFrame, uploads: pl.DataFrame, *, at: dt.datetime
) -> pl.DataFrame:
    """Return the rows of ``curated_carousels``, year by year, the same whatever order the inputs have.

    Parameters
    ----------
    films
        The films of the years: ``FILM_COLUMNS`` of ``movie_details``.
    keywords
        All of ``keyword_ids``.
    uploads
        ``UPLOAD_COLUMNS`` of all of ``enriched_uploads``, the editors' lists among them.
    at
        Now, UTC.
    """
    return in_order(_places(films, keywords, uploads, at), carousel=("release_year", "theme"))


def _places(
    films: pl.DataFrame, keywords: pl.DataFrame, uploads: pl.DataFrame, at: dt.datetime
) -> pl.DataFrame:
    """Return the rows without their order."""
    films = films.filter(pl.col("adult").ne_missing(other=True))
    listed = uploads.filter(pl.col("status") == "matched").join(films, on="tmdb_id", how="semi")
    is_editors = pl.col("upload").str.starts_with(EDITORS_FOLDER)
    slugs = editors_slugs(uploads["upload"], theme_slugs(keywords))
    votes = _votes_of_lists(listed.filter(~is_editors))
    members = pl.concat(
        [
            _of_themes(films, keywords),
            votes.select(
                theme=pl.lit(FROM_YOUR_LISTS),
                theme_title=pl.lit("From your lists"),
                tmdb_id="tmdb_id",
                list_position=pl.lit(None, pl.Int64()),
            ),
            _of_editors(listed.filter(is_editors), slugs),
        ]
    )
    rows = members.join(films, on="tmdb_id").join(votes, on="tmdb_id", how="left")
    return _weighed(rows, at).select(CuratedCarousel.schema().names())


def theme_slugs(keywords: pl.DataFrame) -> list[str]:
    """Return the themes' slugs in their order of ``keyword_ids``, the one of people's lists last."""
    return list(dict.fromkeys([*keywords["theme"], FROM_YOUR_LISTS]))


def carousel_themes(keywords: pl.DataFrame, uploads: Iterable[str]) -> list[str]:
    """Return every theme that may have a carousel: the themes' slugs, then those of the editors' lists."""
    themes = theme_slugs(keywords)
    return [*themes, *editors_slugs(uploads, themes).values()]


def weighted_rating() -> pl.Expr:
    """Return the Bayesian mean of TMDB's votes and the lists' ratings, 0 to 10.

    It is made of ``vote_average`` and ``vote_count``, and of the lists' ``rating_sum`` and ``rating_count``;
    each may be NULL.
    """
    votes, ratings = _counted("vote_count"), _counted("rating_count")
    average = pl.col("vote_average").fill_null(PRIOR_MEAN)
    total = PRIOR_MEAN * PRIOR_VOTES + average * votes + pl.col("rating_sum").fill_null(0)
    # Not total / count: polars divides some columns by multiplying with the reciprocal, and a film's rating
    # must not depend, in its last bit, on the films beside it.
    return total * (1.0 / (PRIOR_VOTES + votes + ratings))


def _counted(column: str) -> pl.Expr:
    return pl.col(column).fill_null(0)


def _votes_of_lists(listed: pl.DataFrame) -> pl.DataFrame:
    """Return how many lists have each film, and what they rate it; a list that has it twice votes once."""
    rating = pl.when(pl.col("rating").is_between(0, 10)).then("rating")
    # Sorted before they are added up: floats give another sum in another order.
    by_list = listed.group_by("upload", "tmdb_id").agg(rating.sort().mean().alias("rating"))
    return by_list.group_by("tmdb_id").agg(
        list_count=pl.len().cast(pl.Int64()),
        rating_count=pl.col("rating").count().cast(pl.Int64()),
        rating_sum=pl.col("rating").sort().sum(),
        list_mean_rating=pl.col("rating").sort().mean(),
    )


def _of_themes(films: pl.DataFrame, keywords: pl.DataFrame) -> pl.DataFrame:
    return (
        films.select("tmdb_id", keyword_id="keyword_ids")
        .explode("keyword_id")
        .join(keywords, on="keyword_id")
        .unique(["theme", "tmdb_id"], keep="any")
        .with_columns(list_position=pl.lit(None, pl.Int64()))
        .select(_MEMBERSHIP)
    )


def _of_editors(listed: pl.DataFrame, slugs: dict[str, str]) -> pl.DataFrame:
    """Return the films of the editors' lists, each at its first place of a list."""
    return (
        listed.sort("upload", "row_number")
        .unique(["upload", "tmdb_id"], keep="first", maintain_order=True)
        .with_columns(
            theme=pl.col("upload").replace_strict(slugs, return_dtype=pl.String()),
            theme_title="list_title",
            list_position="row_number",
        )
        .select(_MEMBERSHIP)
    )


def _weighed(rows: pl.DataFrame, at: dt.datetime) -> pl.DataFrame:
    return rows.with_columns(
        slug=pl.format("{}-{}", "theme", "release_year"),
        position=pl.lit(None, pl.Int64()),
        weighted_rating=weighted_rating(),
        vote_count=_counted("vote_count") + _counted("rating_count"),
        list_count=_counted("list_count"),
        curated_at=pl.lit(at, pl.Datetime("us", "UTC")),
    )
