"""What a year keeps of the films that it had, where not all of its lists was asked for or could be had."""

from collections.abc import Iterable

import polars as pl

from tmdb_assets.tables import ListGap

_LISTED_BY = {"votes": "has_enough_votes", "keywords": "has_theme_keyword"}


def beside_gaps(found: pl.DataFrame, stored: pl.DataFrame, gaps: Iterable[ListGap]) -> pl.DataFrame:
    """Return the films of a year of which some windows could not be read wholly.

    Parameters
    ----------
    found
        Rows of ``discovered_movies`` that were found.
    stored
        All rows that the year had. One that such a window's list may still have stays as it was, until a
        complete list omits it; one that was found again is still listed for what it was listed for.
    gaps
        The windows; only their dates count, since votes may have changed.
    """
    kept = stored
    for list_name, reason in _LISTED_BY.items():
        is_hidden = pl.lit(value=False)
        for gap in gaps:
            if gap.listed_by == list_name:
                is_in_window = pl.col("release_date").is_between(gap.first_date, gap.last_date)
                is_hidden |= is_in_window.fill_null(value=True)
        kept = kept.with_columns(pl.col(reason) & is_hidden)
    kept = kept.filter(pl.any_horizontal(*_LISTED_BY.values()))
    reasons = kept.select("tmdb_id", *(pl.col(name).alias(f"had_{name}") for name in _LISTED_BY.values()))
    again = (
        found.join(reasons, on="tmdb_id", how="left", maintain_order="left")
        .with_columns(
            pl.col(name) | pl.col(f"had_{name}").fill_null(value=False) for name in _LISTED_BY.values()
        )
        .select(found.columns)
    )
    lost = stored.join(kept, on="tmdb_id", how="semi").join(found, on="tmdb_id", how="anti")
    return pl.concat([again, lost]).sort("tmdb_id")


def beside_stored(found: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Return the films of a year after only some themes were asked for.

    Parameters
    ----------
    found
        Rows of ``discovered_movies`` from the lists of these themes and from that of the votes.
    stored
        All rows that the year had. One that was not found again stays as it was, and a film that was known
        to carry a theme's keyword still does.
    """
    themed = stored.filter("has_theme_keyword").select("tmdb_id", had_theme_keyword=True)
    again = (
        found.join(themed, on="tmdb_id", how="left", maintain_order="left")
        .with_columns(pl.col("has_theme_keyword") | pl.col("had_theme_keyword").fill_null(value=False))
        .drop("had_theme_keyword")
    )
    return pl.concat([again, stored.join(found, on="tmdb_id", how="anti")]).sort("tmdb_id")
