"""Finding films by title: case, accents and punctuation do not matter."""

import unicodedata
from collections.abc import Iterator

from tmdb_assets.fake_tmdb.entries import Entry

_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "&": " and "}
)
_DROPPED = "'`\u00b4\u2018\u2019\u02bc"  # apostrophes


def title_words(title: str) -> list[str]:
    """Return a title's words without case, accents and punctuation."""
    folded = unicodedata.normalize("NFKD", title.casefold().translate(_LETTERS))
    plain = (
        char if char.isalnum() else " "
        for char in folded
        if char not in _DROPPED and not unicodedata.combining(char)
    )
    return "".join(plain).split()


class TitleIndex:
    """Film ids by the words of their titles."""

    def __init__(self) -> None:
        self._by_word: dict[str, set[int]] = {}

    def add(self, entry: Entry) -> None:
        """Make a film findable."""
        for word in _words(entry):
            self._by_word.setdefault(word, set()).add(entry.id)

    def remove(self, entry: Entry) -> None:
        """Make a film unfindable."""
        for word in _words(entry):
            self._by_word[word].discard(entry.id)

    def find(self, query: str) -> set[int]:
        """Return the films that have every word of the query in their titles."""
        hits = [self._by_word.get(word, set[int]()) for word in title_words(query)]
        if not hits:
            return set()
        first, *others = sorted(hits, key=len)
        return first.intersection(*others)


def titles_of(entry: Entry) -> Iterator[str]:
    """Return every title by which search knows a film."""
    yield entry.title
    if entry.original_title != entry.title:
        yield entry.original_title
    yield from entry.other_titles


def _words(entry: Entry) -> set[str]:
    words: set[str] = set()
    for title in titles_of(entry):
        words.update(title_words(title))
        words.update("".join(title_words(word)) for word in title.split())  # "Spider-Man" is "spiderman" too
    words.discard("")
    return words
