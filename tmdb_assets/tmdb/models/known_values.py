"""Known values: fields of which TMDB documents every value, and what the numbers mean.

To a type checker and in an answer they are plain text or numbers. A value that is not listed here is kept as
it came, and never an error; ``tmdb-assets check-recordings`` reports it.
"""

from typing import Annotated, TypeAlias

from msgspec import Meta

__all__ = [
    "Department",
    "EpisodeType",
    "Gender",
    "MediaType",
    "MovieStatus",
    "ReleaseType",
    "VideoSite",
    "VideoType",
]

_JOBS = (
    "Actors",
    "Art",
    "Camera",
    "Costume & Make-Up",
    "Crew",
    "Directing",
    "Editing",
    "Lighting",
    "Production",
    "Sound",
    "Visual Effects",
    "Writing",
)
_MEDIA = ("collection", "movie", "person", "tv", "tv_episode", "tv_season")
_STATUSES = ("Canceled", "In Production", "Planned", "Post Production", "Released", "Rumored")
_VIDEOS = (
    "Behind the Scenes",
    "Bloopers",
    "Clip",
    "Featurette",
    "Opening Credits",
    "Recap",
    "Teaser",
    "Trailer",
)

Department: TypeAlias = Annotated[str | None, Meta(extra={"known": ("Acting", "Creator", *_JOBS)})]
"""A department of ``/configuration/jobs``; people are also known for acting, or for creating a series."""
EpisodeType: TypeAlias = Annotated[str | None, Meta(extra={"known": ("finale", "mid_season", "standard")})]
"""The place of an episode in its season."""
Gender: TypeAlias = Annotated[int | None, Meta(extra={"known": (0, 1, 2, 3)})]
"""0 not said, 1 female, 2 male, 3 non-binary."""
MediaType: TypeAlias = Annotated[str | None, Meta(extra={"known": _MEDIA})]
"""What an item of a mixed list is."""
MovieStatus: TypeAlias = Annotated[str | None, Meta(extra={"known": _STATUSES})]
"""How far a movie has come."""
ReleaseType: TypeAlias = Annotated[int | None, Meta(extra={"known": (1, 2, 3, 4, 5, 6)})]
"""1 premiere, 2 theatrical (limited), 3 theatrical, 4 digital, 5 physical, 6 TV."""
VideoSite: TypeAlias = Annotated[str | None, Meta(extra={"known": ("Vimeo", "YouTube")})]
"""Where a video can be seen."""
VideoType: TypeAlias = Annotated[str | None, Meta(extra={"known": _VIDEOS})]
"""What a video shows."""
