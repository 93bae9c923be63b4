"""Which columns of an uploaded file mean what, by the names in its header."""

import re
import unicodedata
from collections.abc import Sequence

import msgspec


def folded(name: str) -> str:
    """Return a column's name without case, accents, spaces, underscores and hyphens."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return re.sub(r"[\s_-]+", "", plain.casefold())


def _names(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded(name) for name in names))


_TITLE = _names(
    *(
        "title",
        "movie title",
        "film title",
        "primary title",
        "name",
        "movie name",
        "film name",
        "movie",
        "film",
    ),
    *(
        "titles",
        "names",
        "movies",
        "films",
        "English title",
        "titre",
        "titel",
        "filmtitel",
        "título",
        "titolo",
    ),
    *("tytuł", "titul", "název", "tittel", "название", "назва", "nom", "nombre", "nome", "película", "filme"),
)
_ORIGINAL_TITLE = _names(
    *("original title", "original name", "titre original", "Originaltitel", "título original"),
    *("titolo originale", "оригинальное название"),
)
_YEAR = _names(
    *("year", "release year", "movie year", "film year", "start year", "year released", "year of release"),
    *("année", "Jahr", "año", "ano", "anno", "jaar", "år", "rok", "год", "рік", "Erscheinungsjahr"),
    *("released", "release date", "date released", "release", "premiere", "premiered", "premiere date"),
)
_URI = _names(
    *("Letterboxd URI", "const", "tconst", "IMDb id", "IMDb", "uri", "url", "IMDb URL", "Letterboxd URL"),
    *("link", "href"),
)
_RATING = _names(
    *("your rating", "my rating", "you rated", "user rating", "rating", "score", "my score", "stars"),
    *("Bewertung", "calificación", "оценка"),
)
_LISTED_ON = _names(
    *("watched date", "date watched", "watched on", "last watched", "date rated", "rated on", "rated at"),
    *("date", "date added", "added", "listed at", "created", "watched at"),
)


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Where a row has what: positions from 0, the ones to ask first in front.

    Attributes
    ----------
    count
        Columns of the header; empty names at its end are not counted.
    title
        The title, then the original title, which stands in where there is no title.
    is_imdb
        Whether it is an export of IMDb's, by a column that only those have.
    """

    count: int
    title: tuple[int, ...]
    year: tuple[int, ...]
    uri: tuple[int, ...]
    rating: tuple[int, ...]
    listed_on: tuple[int, ...]
    is_imdb: bool

    @property
    def known_count(self) -> int:
        """How many columns have a meaning."""
        return sum(map(len, (self.title, self.year, self.uri, self.rating, self.listed_on)))


def columns_of(header: Sequence[str]) -> Columns:
    """Return where a file with this header has what; compared are whole names, without case and accents."""
    names = [folded(name) for name in header]
    return Columns(
        count=max((place for place, name in enumerate(names, 1) if name), default=0),
        title=(*_places(names, _TITLE)[:1], *_places(names, _ORIGINAL_TITLE)[:1]),
        year=_places(names, _YEAR),
        uri=_places(names, _URI),
        rating=_places(names, _RATING)[:1],
        listed_on=_places(names, _LISTED_ON),
        is_imdb="const" in names,
    )


def _places(names: Sequence[str], wanted: Sequence[str]) -> tuple[int, ...]:
    return tuple(names.index(name) for name in wanted if name in names)
