"""Which films lead: ratings weighted by how many people gave them."""

import polars as pl

PRIOR_MEAN = 6.5
"""What a film is rated before anybody has voted: about the mean of TMDB's films with many votes."""

PRIOR_VOTES = 300
"""How many votes that prior counts for; a single 10.0 hardly moves it."""


def weighted_rating() -> pl.Expr:
    """Return the Bayesian mean of ``vote_average``, 0 to 10, from the columns of ``movie_details``."""
    votes = pl.col("vote_count").fill_null(0)
    average = pl.col("vote_average").fill_null(PRIOR_MEAN)
    return (average * votes + PRIOR_MEAN * PRIOR_VOTES) / (votes + PRIOR_VOTES)
