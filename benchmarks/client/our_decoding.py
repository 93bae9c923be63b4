"""What our client does with a body; the bare libraries are measured with it, too."""

from tmdb_assets.tmdb.decoding import decode as decode_as
from tmdb_assets.tmdb.models import MovieDetails

__all__ = ["decode"]


def decode(body: bytes) -> int:
    """Return the id of the film that the body holds."""
    movie = decode_as(body, MovieDetails)
    if not isinstance(movie, MovieDetails):
        raise movie
    return movie.id
