"""Caches: answers that are kept for as long as TMDB allows, for those who use the client alone."""
