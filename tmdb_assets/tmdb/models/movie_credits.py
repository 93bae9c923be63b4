"""Credits: who played in a movie, and who made it."""

from tmdb_assets.tmdb.models.base import Model
from tmdb_assets.tmdb.models.known_values import Department, Gender

__all__ = ["CastMember", "Credits", "CrewMember"]


class CastMember(Model, frozen=True, kw_only=True, gc=False):
    """A role.

    Attributes
    ----------
    character
        Who is played; several are parted by ``/``.
    order
        The place in the billing, from 0.
    cast_id
        TMDB's number of the role within the movie.
    """

    adult: bool | None = None
    cast_id: int | None = None
    character: str | None = None
    credit_id: str | None = None
    gender: Gender = None
    id: int | None = None
    known_for_department: Department = None
    name: str | None = None
    order: int | None = None
    original_name: str | None = None
    popularity: float | None = None
    profile_path: str | None = None


class CrewMember(Model, frozen=True, kw_only=True, gc=False):
    """One job of one person; somebody with two jobs is listed twice."""

    adult: bool | None = None
    credit_id: str | None = None
    department: Department = None
    gender: Gender = None
    id: int | None = None
    job: str | None = None
    known_for_department: Department = None
    name: str | None = None
    original_name: str | None = None
    popularity: float | None = None
    profile_path: str | None = None


class Credits(Model, frozen=True, kw_only=True):
    """The cast in order, and the crew."""

    id: int | None = None
    cast: tuple[CastMember, ...] = ()
    crew: tuple[CrewMember, ...] = ()
