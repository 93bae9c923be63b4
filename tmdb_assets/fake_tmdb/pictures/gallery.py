"""Which path is which picture: ``/t/p/<size>/<file>``, as at TMDB's image server."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tmdb_assets.fake_tmdb.catalogue import Catalogue
from tmdb_assets.fake_tmdb.documents import Json
from tmdb_assets.fake_tmdb.pictures.designs import Subject
from tmdb_assets.fake_tmdb.pictures.portraits import mark, portrait
from tmdb_assets.fake_tmdb.pictures.posters import backdrop, logo, poster
from tmdb_assets.fake_tmdb.pictures.svg import Point
from tmdb_assets.fake_tmdb.reference import IMAGE_SIZES

PREFIX = "/t/p/"
_BILLED = 3

Kind = Literal["poster", "backdrop", "profile", "logo", "mark"]
_SHAPES: dict[Kind, tuple[float, float]] = {
    "poster": (1000, 1500),
    "backdrop": (1920, 1080),
    "profile": (600, 900),
    "logo": (1200, 400),
    "mark": (300, 300),
}
_SIZES = frozenset(size for sizes in IMAGE_SIZES.values() for size in sizes)
_WIDE_SIZES = frozenset({"w300", "w1280"})
_PROFILE_SIZES = frozenset({"w45", "h632"})
_FILE = re.compile(r"[\w.~%-]+\.(?:jpg|png|svg)")
_OF_FILM = re.compile(r"fake-(\d+)(-backdrop|-logo)?((?:-\d+)?)\.\w+")
_OF_COLLECTION = re.compile(r"fake-collection-(\d+)(-backdrop)?\.\w+")
_OF_PERSON = re.compile(r"fake-person-(\d+)\.\w+")
_OF_OTHERS = re.compile(r"fake-(avatar|company|provider)-(\w+)\.\w+")


@dataclass(frozen=True, slots=True)
class Picture:
    """What a file shows."""

    kind: Kind
    subject: Subject


def picture(catalogue: Catalogue, path: str) -> str | None:
    """Return the SVG at a path; None when the size is unknown or the file's name is no picture's.

    A film's own pictures show its title; a file that nobody knows is a drawing without words.
    """
    size, _, file = path.removeprefix(PREFIX).partition("/")
    if size not in _SIZES or not _FILE.fullmatch(file):
        return None
    found = _known(catalogue, file) or Picture(_kind_by(size), Subject(file))
    shown = _shown(found.kind, size)
    match found.kind:
        case "poster":
            return poster(found.subject, shown)
        case "backdrop":
            return backdrop(found.subject, shown)
        case "logo":
            return logo(found.subject, shown)
        case "profile":
            return portrait(found.subject.key, found.subject.title, shown)
        case "mark":
            return mark(found.subject.key, shown)


def _known(catalogue: Catalogue, file: str) -> Picture | None:
    if named := catalogue.by_image.get(f"/{file}"):
        film_id, kind = named
        return Picture("backdrop" if kind == "backdrop_path" else "poster", _film(catalogue, film_id, ""))
    if (of_film := _OF_FILM.fullmatch(file)) and (film_id := int(of_film[1])) in catalogue.entries:
        kinds: dict[str | None, Kind] = {None: "poster", "-backdrop": "backdrop", "-logo": "logo"}
        return Picture(kinds[of_film[2]], _film(catalogue, film_id, of_film[3]))
    if of_collection := _OF_COLLECTION.fullmatch(file):
        title = catalogue.collection_name(int(of_collection[1]))
        return Picture(
            "backdrop" if of_collection[2] else "poster", Subject(f"collection {of_collection[1]}", title)
        )
    if of_person := _OF_PERSON.fullmatch(file):
        return Picture("profile", Subject(of_person[1], catalogue.person_name(int(of_person[1]))))
    if _OF_OTHERS.fullmatch(file):
        return Picture("mark", Subject(file))
    return None


def _film(catalogue: Catalogue, film_id: int, variant: str) -> Subject:
    entry = catalogue.entries[film_id]
    credits = catalogue.part(film_id, "credits")  # noqa: A001 -- TMDB's word
    return Subject(
        key=f"{film_id}{variant}",
        title=entry.title.strip(),
        year=entry.year,
        directors=_names(each for each in credits["crew"] if each.get("job") == "Director"),
        cast=_names(credits["cast"][:_BILLED]),
        genre=entry.genre_ids[0] if entry.genre_ids else None,
    )


def _names(people: Iterable[Json]) -> tuple[str, ...]:
    return tuple(each["name"] for each in people if each.get("name"))


def _kind_by(size: str) -> Kind:
    """Guess what a file shows that nobody knows: some sizes are of one kind only."""
    if size in _WIDE_SIZES:
        return "backdrop"
    return "profile" if size in _PROFILE_SIZES else "poster"


def _shown(kind: Kind, size: str) -> Point:
    """Return the width and height of a picture at a size: ``w500`` gives the width, ``h632`` the height."""
    width, height = _SHAPES[kind]
    if size == "original":
        return width, height
    pixels = int(size[1:])
    return (pixels, pixels * height / width) if size[0] == "w" else (pixels * width / height, pixels)
