"""Recordings: recorded answers, read with the models to see where TMDB has moved."""
