"""Settings: the environment and ``.env`` as one typed, checked object; below everything, above nothing."""

import ipaddress
import math
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

__all__ = [
    "DEFAULT_BASE_URL",
    "DEFAULT_EXPORT_BASE_URL",
    "DEFAULT_IMAGE_BASE_URL",
    "Settings",
    "SettingsError",
    "checked_base_url",
    "checked_redis_url",
]

T = TypeVar("T")

DEFAULT_BASE_URL = "https://api.themoviedb.org/3"
DEFAULT_IMAGE_BASE_URL = "https://image.tmdb.org/t/p"
DEFAULT_EXPORT_BASE_URL = "https://files.tmdb.org/p/exports"
_LAKE_SCHEMES = ("s3", "gs", "az", "abfss")
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class SettingsError(ValueError):
    """A setting has a value that is not allowed; its text is one sentence that names the variable."""


class StoredDataError(SettingsError):
    """The settings are right, and what is stored cannot be used; the text says what to do."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the environment says; every field has the variable's meaning in the contract, and its default.

    ``repr`` shows whether a secret is set, never the secret.
    """

    api_key: str | None = None
    base_url: str | None = None
    image_base_url: str | None = None
    """Where pictures are; TMDB's own image server when None."""
    export_base_url: str | None = None
    """Where the daily exports of ids are; TMDB's own file server when None."""
    language: str = "en-US"
    region: str | None = None
    requests_per_second: float = 38.0
    max_concurrent: int = 20
    timeout_seconds: float = 30.0
    data: Path = Path("data")
    limiter: str = "local"
    state: str | None = None
    lake: str | None = None
    journal: str | None = None
    themes: Path | None = None
    refresh_policy: Path | None = None
    omdb_api_key: str | None = None
    log_level: str = "WARNING"
    nightly_requests: int = 10_000
    daily_requests: int | None = None

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, dotenv: Path = Path(".env")) -> "Settings":
        """Read every setting; the environment wins over the file, and an empty text means not set.

        Parameters
        ----------
        environ
            The variables; by default the process's own.
        dotenv
            A file of ``NAME=value`` lines; it need not exist.

        Raises
        ------
        SettingsError
            When a variable has a value that is not allowed, or the file cannot be read.
        """
        found = {**_from_file(dotenv), **_given(os.environ if environ is None else environ)}
        return cls(
            **{field: read(name, found[name]) for name, (field, read) in _VARIABLES.items() if name in found}
        )

    @property
    def effective_base_url(self) -> str:
        """The address that requests go to, without a trailing slash."""
        return self.base_url or DEFAULT_BASE_URL

    @property
    def effective_image_base_url(self) -> str:
        """The address that pictures are found under, without a trailing slash."""
        return self.image_base_url or DEFAULT_IMAGE_BASE_URL

    @property
    def effective_export_base_url(self) -> str:
        """The address that exports of ids are found under, without a trailing slash.

        Raises
        ------
        SettingsError
            The films come from another server than TMDB's, whose exports name other films.
        """
        if self.export_base_url is None and self.effective_base_url != DEFAULT_BASE_URL:
            raise SettingsError(
                f"TMDB_BASE_URL is {self.base_url}, whose films are not those of TMDB's exports: set "
                "TMDB_EXPORT_BASE_URL to where its own are."
            )
        return self.export_base_url or DEFAULT_EXPORT_BASE_URL

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{name}={shown}' for name, shown in self.__rich_repr__())})"

    def __rich_repr__(self) -> Any:  # noqa: ANN401 - msgspec's own would show the secrets to rich
        for name, value in msgspec.structs.asdict(self).items():
            yield name, _shown(name, value)


def checked_base_url(url: str, name: str = "base_url", example: str = DEFAULT_BASE_URL) -> str:
    """Return the address without a trailing slash, or say why it cannot be used.

    Parameters
    ----------
    url
        ``https://host[:port][/path]``; plain ``http`` only on the loopback, since a key travels in it.
    name
        What the caller calls this value.
    example
        An address of the kind that is meant, for the sentence that says what is wrong.

    Raises
    ------
    SettingsError
        When the address is of another form.
    """
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname or "", parts.port  # reading the port checks it
        if not host.isascii():
            host.encode("idna")  # this checks it, too
    except ValueError:
        parts, host = urlsplit(""), ""
    if not host or parts.scheme not in {"http", "https"} or parts.query or parts.fragment or parts.username:
        # The value is not repeated: a key may have been pasted into it.
        raise SettingsError(f"{name} must be an address such as {example}, without user name or query.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise SettingsError(
            f"{name} must begin with https:// unless it is this machine; its host is {host!r}."
        )
    return url.strip().rstrip("/")


def checked_redis_url(url: str, name: str = "The address of Redis") -> str:
    """Return the address of a Redis, or say why it cannot be used; it is not repeated: passwords stand in it.

    Parameters
    ----------
    url
        ``redis://[user:password@]host[:port][/database]``, likewise ``rediss://``, or ``unix:///path``.
    name
        What the caller calls this value.

    Raises
    ------
    SettingsError
        When the address is of another form.
    """
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # reading it checks it
    except ValueError:
        parts = urlsplit("")
    has_database = re.fullmatch(r"(/\d*)?", parts.path)
    is_server = parts.scheme in {"redis", "rediss"} and parts.hostname and has_database
    is_socket = parts.scheme == "unix" and parts.path.startswith("/")
    if not (is_server or is_socket) or parts.fragment or re.search(r"\s", url.strip()):
        raise SettingsError(
            f"{name} must be an address such as redis://host:6379/0 or unix:///path/to/socket."
        )
    return url.strip()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _given(variables: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value.strip() for name, value in variables.items() if value and value.strip()}


def _from_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    from dotenv import dotenv_values  # noqa: PLC0415 - most processes have no such file

    try:
        return _given(dotenv_values(path, interpolate=False))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read as text: {type(error).__name__}.") from None


def _number(
    kind: Callable[[str], T], allowed: str, *, least: float, most: float = math.inf
) -> Callable[..., T]:
    def read(name: str, text: str) -> T:
        try:
            value = kind(text)
            if least <= float(value) <= most and math.isfinite(float(value)):  # type: ignore[arg-type] -- int and float both take text
                return value
        except ValueError:
            pass
        raise SettingsError(f"{name} is {text!r}; it must be {allowed}.")

    return read


def _matching(pattern: str, allowed: str) -> Callable[[str, str], str]:
    def read(name: str, text: str) -> str:
        if re.fullmatch(pattern, text):
            return text
        raise SettingsError(f"{name} is {text!r}; it must be {allowed}.")

    return read


def _text(_name: str, text: str) -> str:
    return text


def _path(_name: str, text: str) -> Path:
    return Path(text).expanduser()


def _lake(name: str, text: str) -> str:
    scheme, _, place = text.rpartition("://")
    if place and scheme in {"", *_LAKE_SCHEMES}:
        return text
    raise SettingsError(f"{name} must be a folder, or begin with {', '.join(_LAKE_SCHEMES)} and ://.")


def _folder(name: str, text: str) -> str:
    if "://" in text:
        raise SettingsError(f"{name} must be a folder: this version cannot keep answers at an address.")
    return text


def _address(example: str) -> Callable[[str, str], str]:
    return lambda name, text: checked_base_url(text, name, example)


def _limiter(name: str, text: str) -> str:
    return text if text == "local" else checked_redis_url(text, f"{name}, when not 'local',")


def _log_level(name: str, text: str) -> str:
    if text.upper() in _LOG_LEVELS:
        return text.upper()
    raise SettingsError(f"{name} is {text!r}; it must be one of {', '.join(_LOG_LEVELS)}.")


def _shown(name: str, value: object) -> str:
    if isinstance(value, str) and (name.endswith("api_key") or "@" in value or "password=" in value):
        return "'***'"
    return repr(value)


_COUNT = _number(int, "a whole number from 1 upwards", least=1)

_VARIABLES: dict[str, tuple[str, Callable[[str, str], Any]]] = {
    "TMDB_API_KEY": ("api_key", _text),
    "TMDB_BASE_URL": ("base_url", _address(DEFAULT_BASE_URL)),
    "TMDB_IMAGE_BASE_URL": ("image_base_url", _address(DEFAULT_IMAGE_BASE_URL)),
    "TMDB_EXPORT_BASE_URL": ("export_base_url", _address(DEFAULT_EXPORT_BASE_URL)),
    "TMDB_LANGUAGE": ("language", _matching(r"[a-z]{2}(-[A-Z]{2})?", "a language such as 'en' or 'pt-BR'")),
    "TMDB_REGION": ("region", _matching(r"[A-Z]{2}", "a country such as 'US'")),
    "TMDB_REQUESTS_PER_SECOND": ("requests_per_second", _number(float, "a number from 0.01 on", least=0.01)),
    "TMDB_MAX_CONCURRENT": ("max_concurrent", _number(int, "a number from 1 to 1000", least=1, most=1000)),
    "TMDB_TIMEOUT_SECONDS": ("timeout_seconds", _number(float, "seconds, from 0.01 upwards", least=0.01)),
    "TMDB_ASSETS_DATA": ("data", _path),
    "TMDB_ASSETS_LIMITER": ("limiter", _limiter),
    "TMDB_ASSETS_STATE": ("state", _text),
    "TMDB_ASSETS_LAKE": ("lake", _lake),
    "TMDB_ASSETS_JOURNAL": ("journal", _folder),
    "TMDB_ASSETS_THEMES": ("themes", _path),
    "TMDB_ASSETS_REFRESH": ("refresh_policy", _path),
    "OMDB_API_KEY": ("omdb_api_key", _text),
    "TMDB_ASSETS_LOG_LEVEL": ("log_level", _log_level),
    "TMDB_ASSETS_NIGHTLY_REQUESTS": ("nightly_requests", _COUNT),
    "TMDB_ASSETS_DAILY_REQUESTS": ("daily_requests", _COUNT),
}
