"""The themes file: which keywords make a theme."""

from collections.abc import Collection, Sequence

import msgspec


class ThemeKeyword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A keyword of a theme: its exact name, and its id when it is known."""

    name: str
    id: int | None = None


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme: a set of TMDB keywords under one title."""

    slug: str
    title: str
    keywords: tuple[ThemeKeyword, ...]


class _Themes(msgspec.Struct, forbid_unknown_fields=True):
    themes: tuple[Theme, ...]


class ThemesError(ValueError):
    """The themes file is not of its form."""


def parse_themes(text: bytes, *, source: str) -> tuple[Theme, ...]:
    """Read themes from YAML.

    Parameters
    ----------
    text
        The file's content.
    source
        Its name, for the error sentence.

    Raises
    ------
    ThemesError
        The text is not YAML, or not of the form of ``themes.yaml``, or names a theme twice.
    """
    try:
        themes = msgspec.yaml.decode(text, type=_Themes).themes
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        why = " ".join(str(error).split()).rstrip(".")  # YAML's own errors go over several lines
        raise ThemesError(f"{source} is not a themes file: {why}.") from None
    slugs = [theme.slug for theme in themes]
    if repeated := {slug for slug in slugs if slugs.count(slug) > 1}:
        raise ThemesError(f"{source} names {', '.join(sorted(repeated))} twice: a theme stands once.")
    return themes


def chosen_themes(themes: Sequence[Theme], slugs: Collection[str]) -> Sequence[Theme]:
    """Return the themes that are named, or all where none is.

    Raises
    ------
    ThemesError
        There is no such theme.
    """
    known = [theme.slug for theme in themes]
    if unknown := sorted(set(slugs) - set(known)):
        are_none = "is no theme" if len(unknown) == 1 else "are no themes"
        raise ThemesError(f"{', '.join(unknown)} {are_none}: the themes are {', '.join(known)}.")
    return [theme for theme in themes if theme.slug in slugs] if slugs else themes


def same_name(one: str, other: str) -> bool:
    """Say whether two keyword names are the same word; "trans" is not "transformation"."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
