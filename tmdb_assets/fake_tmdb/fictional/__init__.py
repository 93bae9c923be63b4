"""Films that nobody made: invented from a seed."""

from tmdb_assets.fake_tmdb.fictional.films import FictionalFilms

__all__ = ["FictionalFilms"]
