"""A film as the indexes see it: what discover, search and sorting need, and no more."""

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Entry:
    """One film in the catalogue's indexes."""

    id: int
    title: str
    original_title: str
    original_language: str
    release_date: str
    genre_ids: tuple[int, ...] = ()
    keyword_ids: tuple[int, ...] = ()
    popularity: float = 0.0
    vote_average: float = 0.0
    vote_count: int = 0
    runtime: int = 0
    revenue: int = 0
    adult: bool = False
    video: bool = False
    imdb_id: str | None = None
    other_titles: tuple[str, ...] = ()
    """Translated and alternative titles, which search finds too."""
    release_years: tuple[int, ...] = ()
    """Every year with a release anywhere, the primary one included."""

    @property
    def year(self) -> int | None:
        """The year of the primary release date."""
        return year_of(self.release_date)


def year_of(release_date: str) -> int | None:
    """Return the year of a release date; an undated film has none."""
    year = release_date[:4]
    return int(year) if len(year) == len("YYYY") and year.isdecimal() else None
