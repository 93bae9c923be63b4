"""Editors' lists: which uploads are carousels of their own, and what these are called in addresses."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

EDITORS_FOLDER = "curated/"
"""A file below this folder of the uploads is an editor's list."""

_YEAR = re.compile(r"-\d{4}$")
_ACCENTS = re.compile(r"[\u0300-\u036f]")  # of the Latin, Greek and Cyrillic alphabets
_UNNAMED = "list"


def editors_slugs(uploads: Iterable[str], themes: Iterable[str]) -> dict[str, str]:
    """Return the slug of each upload that is an editor's list, unlike any theme's and any other list's.

    A list that is called as a theme is gets ``-list`` after its name, and so does one whose name ends as a
    year's carousel does: ``queer-1999`` is the theme ``queer`` in 1999. A second list of a name gets ``-2``,
    in the order of their paths.

    Parameters
    ----------
    uploads
        The uploads' paths, in any order; those outside ``curated/`` are no editor's.
    themes
        The slugs that are taken.
    """
    of_themes = set(themes)
    slugs: dict[str, str] = {}
    for upload in sorted(set(uploads)):
        if not upload.startswith(EDITORS_FOLDER):
            continue
        name = slug_of(str(PurePosixPath(upload.removeprefix(EDITORS_FOLDER)).with_suffix("")))
        if name in of_themes or _YEAR.search(name):
            name += "-list"
        slug, count = name, 1
        while slug in of_themes or slug in slugs.values():
            count += 1
            slug = f"{name}-{count}"
        slugs[upload] = slug
    return slugs


def slug_of(text: str) -> str:
    """Return a text as a part of an address: its letters and digits in lower case, hyphens for the rest."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    words = unicodedata.normalize("NFC", _ACCENTS.sub("", plain))
    kept = "".join(character if _is_of_a_word(character) else " " for character in words)
    return "-".join(kept.split()) or _UNNAMED


def _is_of_a_word(character: str) -> bool:
    """Say whether it is a letter or a digit, or the vowel sign of a script that has such."""
    return character.isalnum() or unicodedata.category(character).startswith("M")
