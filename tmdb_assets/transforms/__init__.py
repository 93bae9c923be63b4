"""Pure: TMDB's models to our rows, date windows, refresh rules, curation."""
