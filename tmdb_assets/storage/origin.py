"""The origin of a data folder: one TMDB per folder, and fiction never beside real films."""

import datetime as dt
import os
import shutil
from pathlib import Path

import msgspec

from tmdb_assets.settings import Settings, SettingsError
from tmdb_assets.storage.leftovers import remove_leftovers

_KEPT = {"origin.json", "uploads", ".gitkeep"}
_FILMS = ("lake", "raw", "keyword_ids", "movie_details")
"""What lies in a folder that holds films: a data folder, or a lake or journal of its own."""


class Origin(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which TMDB a folder's films come from.

    Attributes
    ----------
    base_url
        Its base URL; a fake that a command starts by itself has a name instead, without its port.
    is_fictional
        Whether its films are invented.
    """

    base_url: str
    is_fictional: bool = False


DEMO_KEY = b"fake-tmdb-demo!!".hex()
"""The credential of the fake TMDB that commands start by themselves when there is no other."""

DEMO = Origin("fake-tmdb", is_fictional=True)
"""The origin of its films, whatever port it has."""


def origin_of(settings: Settings) -> Origin:
    """Return the origin of the films that these settings fetch."""
    return DEMO if settings.api_key == DEMO_KEY else Origin(settings.effective_base_url)


class OriginError(SettingsError):
    """The data folder holds films of another origin; nothing was changed."""


def claim_storage(
    settings: Settings, *, set_aside: bool = False, origin: Origin | None = None
) -> Path | None:
    """Make sure that the data folder, and a lake or journal outside of it, hold films of one origin only.

    The parameters, the result and the error are those of :func:`claim`; only the data folder's own films can
    be set aside. The origin is by default that of the films that the settings fetch.
    """
    origin = origin or origin_of(settings)
    for outside in _outside(settings):
        claim(outside, origin)
    return claim(settings.data, origin, set_aside=set_aside)


def check_storage(settings: Settings) -> None:
    """Make sure of the same as :func:`claim_storage`, without a change to any folder.

    Raises
    ------
    OriginError
        A folder holds films of another origin.
    """
    for folder in (*_outside(settings), settings.data):
        holds_other_films(folder, origin_of(settings))


def _outside(settings: Settings) -> list[Path]:
    """Return the folders outside the data folder that films are kept in."""
    named = (settings.lake, settings.journal)
    return [Path(outside) for outside in named if outside and "://" not in outside]


def holds_other_films(folder: Path, origin: Origin, *, set_aside: bool = False) -> bool:
    """Say whether a folder's films are of another origin and will be set aside.

    Raises
    ------
    OriginError
        They are of another origin, and they are not to be set aside.
    """
    known = read(folder)
    if known == origin or not holds_films(folder):
        return False
    if known is None:
        raise OriginError(f"{folder} holds films, but {_says_from_where(folder)}")
    if not (set_aside and known.is_fictional):
        raise OriginError(
            f"{folder} holds films from {known.base_url}, not from {origin.base_url}: name another "
            f"data folder with TMDB_ASSETS_DATA, or go back to {known.base_url}."
        )
    return True


def claim(folder: Path, origin: Origin, *, set_aside: bool = False) -> Path | None:
    """Make sure that a data folder holds films of one origin only.

    Parameters
    ----------
    folder
        The data folder; made when missing.
    origin
        Where films are about to be fetched from.
    set_aside
        Whether fictional data may be moved out of the way: not while Dagster's server has it open.

    Returns
    -------
    Path | None
        Where fictional data was set aside because real films are about to come, if there was any.

    Raises
    ------
    OriginError
        The folder holds films of another origin, and they are not to be set aside.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{folder} cannot hold data ({error.strerror}): name another folder.") from None
    file = folder / "origin.json"
    if read(folder) == origin:
        return None
    aside = _set_aside(folder) if holds_other_films(folder, origin, set_aside=set_aside) else None
    remove_leftovers(folder.glob("origin.*.tmp"))
    writing = file.with_suffix(f".{os.getpid()}.tmp")
    writing.write_bytes(msgspec.json.encode(origin))
    writing.rename(file)
    return aside


def read(folder: Path) -> Origin | None:
    """Return a data folder's origin; None where nothing was fetched yet."""
    file = folder / "origin.json"
    try:
        return msgspec.json.decode(file.read_bytes(), type=Origin)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise OriginError(f"{file} is damaged: {_says_from_where(folder)}") from None


def _says_from_where(folder: Path) -> str:
    return (
        f"nothing says from where: write the base URL that they come from into {folder / 'origin.json'}, as "
        '{"base_url": "https://api.themoviedb.org/3"}.'
    )


def holds_films(folder: Path) -> bool:
    """Say whether films were stored in a folder."""
    return any((folder / name).exists() for name in _FILMS)


def _set_aside(folder: Path) -> Path:
    aside = folder / f"fictional-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}"
    aside.mkdir(exist_ok=True)
    shutil.copy(folder / "origin.json", aside)
    # The films go last and the origin stays: when this is killed, the next claim goes on with it.
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name in _FILMS):
        if entry.name not in _KEPT and not entry.name.startswith("fictional-"):
            entry.rename(aside / entry.name)
    return aside
