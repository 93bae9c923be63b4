"""The films that the fake knows, their keywords, and the indexes over them."""

from collections.abc import Iterable, Iterator

import msgspec

from tmdb_assets.fake_tmdb.change_log import ChangeLog
from tmdb_assets.fake_tmdb.documents import (
    PART_NAMES,
    Json,
    details_of,
    entry_of,
    part_of,
    release_dates_in,
)
from tmdb_assets.fake_tmdb.entries import Entry
from tmdb_assets.fake_tmdb.fictional import FictionalFilms
from tmdb_assets.fake_tmdb.kept import Kept
from tmdb_assets.fake_tmdb.titles import TitleIndex

_KEPT_SELECTIONS = 256
_KEPT_ITEMS = 50_000


class Catalogue:
    """Films by id, keyword, year and title.

    A film is either a document (from a file, added, changed) or fictional and written when it is asked for.

    Parameters
    ----------
    label
        Where the films come from; every answer says so.
    documents
        Films as JSON objects.
    fictional
        Invented films.
    changes
        Which films changed when; by default none did.
    """

    def __init__(
        self,
        label: str,
        documents: Iterable[Json] = (),
        fictional: FictionalFilms | None = None,
        changes: ChangeLog | None = None,
    ) -> None:
        self.label = label
        self.entries: dict[int, Entry] = {}
        self.keywords: dict[int, str] = dict(fictional.keywords) if fictional else {}
        self.by_keyword: dict[int, dict[int, Entry]] = {}
        self.by_year: dict[int, dict[int, Entry]] = {}
        self.by_imdb_id: dict[str, int] = {}
        self.by_image: dict[str, tuple[int, str]] = {}
        """Films of documents by the path of a picture, and the field that names it."""
        self.titles = TitleIndex()
        self.selections = Kept[list[int]](_KEPT_SELECTIONS)
        self.list_items = Kept[msgspec.Raw](_KEPT_ITEMS)
        self.changes = changes or ChangeLog()
        self.version = 0
        self._documents: dict[int, Json] = {}
        self._fictional = fictional
        for entry in fictional.entries if fictional else ():
            self._index(entry)
        for document in documents:
            self.put(document)

    def details(self, film_id: int) -> Json:
        """Return a film's details without sub-resources."""
        document = self._documents.get(film_id)
        if document is not None or self._fictional is None:
            return details_of(document or {})
        return self._fictional.details(self.entries[film_id])

    def part(self, film_id: int, name: str) -> Json:
        """Return one sub-resource of a film, as ``append_to_response`` shows it."""
        document = self._documents.get(film_id)
        if document is not None or self._fictional is None:
            return part_of(document or {}, name)
        return self._fictional.part(self.entries[film_id], name)

    def release_dates(self, entry: Entry) -> set[str]:
        """Return the days on which a film was released anywhere."""
        return {entry.release_date, *release_dates_in(self.part(entry.id, "release_dates"))}

    def person_name(self, person_id: int) -> str:
        """Return the name of someone in the fictional films; nothing when there is no such person."""
        return self._fictional.person_name(person_id) if self._fictional else ""

    def collection_name(self, collection_id: int) -> str:
        """Return the name of a fictional collection; nothing when there is no such collection."""
        return self._fictional.collection_name(collection_id) if self._fictional else ""

    def put(self, document: Json) -> None:
        """Add a film, or put it in the place of the one with its id."""
        self.remove(document["id"])
        for keyword in part_of(document, "keywords")["keywords"]:
            self.keywords.setdefault(keyword["id"], keyword["name"])
        self._documents[document["id"]] = document
        for field, path in _images_of(document):
            self.by_image[path] = document["id"], field
        self._index(entry_of(document))
        self.touch()

    def document(self, film_id: int) -> Json:
        """Return a film, details and sub-resources together; KeyError when there is no such film."""
        entry = self.entries[film_id]
        document = self._documents.get(film_id)
        if document is None:
            document = self.details(entry.id) | {name: self.part(entry.id, name) for name in PART_NAMES}
        return document

    def change(self, film_id: int, fields: Json) -> None:
        """Change fields of a film; KeyError when there is no such film."""
        self.put(self.document(film_id) | fields)

    def remove(self, film_id: int) -> bool:
        """Remove a film, and say whether there was one."""
        entry = self.entries.pop(film_id, None)
        if entry is None:
            return False
        for _, path in _images_of(self._documents.pop(film_id, {})):
            self.by_image.pop(path, None)
        for keyword_id in entry.keyword_ids:
            self.by_keyword[keyword_id].pop(film_id, None)
        for year in entry.release_years:
            self.by_year[year].pop(film_id, None)
        if entry.imdb_id:
            self.by_imdb_id.pop(entry.imdb_id, None)
        self.titles.remove(entry)
        self.touch()
        return True

    def touch(self) -> None:
        """Forget what was computed before a change."""
        self.version += 1
        self.selections.clear()
        self.list_items.clear()

    def _index(self, entry: Entry) -> None:
        self.entries[entry.id] = entry
        for keyword_id in entry.keyword_ids:
            self.by_keyword.setdefault(keyword_id, {})[entry.id] = entry
        for year in entry.release_years:
            self.by_year.setdefault(year, {})[entry.id] = entry
        if entry.imdb_id:
            self.by_imdb_id[entry.imdb_id] = entry.id
        self.titles.add(entry)


def _images_of(document: Json) -> Iterator[tuple[str, str]]:
    for field in ("poster_path", "backdrop_path"):
        if path := document.get(field):
            yield field, path
