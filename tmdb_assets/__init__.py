"""A film warehouse that keeps itself: TMDB as Dagster assets, one partition per release year."""
