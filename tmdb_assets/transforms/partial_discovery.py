"""Films found for some themes, beside those that a year had before."""

import polars as pl


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
