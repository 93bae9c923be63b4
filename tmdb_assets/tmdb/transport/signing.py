"""Signing: questions as requests with the credential in them, and replies without it.

A v3 key goes into the address, where TMDB wants it; so whatever shows an address shows the key. The
credential is nowhere before a request is made here.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from urllib.parse import quote, urlencode, urlsplit

from tmdb_assets.tmdb.credentials import Credential
from tmdb_assets.tmdb.exchange import HEADERS, Reply
from tmdb_assets.tmdb.transport.bodies import Received
from tmdb_assets.tmdb.transport.redaction import Redaction

__all__ = ["NO_HEADERS", "Signer"]

NO_HEADERS: Mapping[str, str] = {}


class Signer:
    """Makes requests to one server, as one user.

    Parameters
    ----------
    base_url, credential
        Where, and as whom.
    """

    def __init__(self, base_url: str, credential: Credential) -> None:
        parts = urlsplit(base_url)
        self.is_encrypted = parts.scheme == "https"
        host = parts.hostname or ""
        self.host = host if host.isascii() else host.encode("idna").decode()
        self.port = parts.port
        self._prefix = parts.path.rstrip("/")
        self._signature = {} if credential.is_token else {"api_key": credential.secret}
        name = f"[{self.host}]" if ":" in self.host else self.host
        self._headers = {
            "host": f"{name}:{self.port}" if self.port else name,
            "accept": "application/json",
            "accept-encoding": "gzip",
            "user-agent": "tmdb_assets",
        }
        if credential.is_token:
            self._headers["authorization"] = f"Bearer {credential.secret}"
        self._redaction = Redaction(credential.secret)
        self._redaction.install()

    def target(self, path: str, params: Mapping[str, str]) -> str:
        """Return what stands after the host in the address, with a v3 key in it."""
        query = urlencode({**params, **self._signature})
        target = self._prefix + (path if path.isascii() else quote(path, safe="/%"))
        return f"{target}?{query}" if query else target

    def headers(self, more: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
        """Return the headers of a request, with a v4 token in them."""
        return [(name.encode(), value.encode()) for name, value in {**self._headers, **more}.items()]

    def reply(self, status: int, headers: Iterable[tuple[bytes, bytes]], received: Received) -> Reply:
        """Return what came, decompressed, without the credential.

        Raises
        ------
        BodyError
            When the body is refused.
        """
        named: dict[str, str] = {}
        for name, value in headers:  # one that comes twice is a list
            lower, text = name.decode("latin-1").lower(), value.decode("latin-1")
            named[lower] = f"{named[lower]}, {text}" if lower in named else text
        body = received.decompressed(named.get("content-encoding", ""))
        # A page of a gateway may repeat the address; its words end in errors and logs.
        is_error = status >= HTTPStatus.MULTIPLE_CHOICES
        return Reply(
            status,
            self._redaction.of_body(body, is_error=is_error),
            {name: named[name] for name in HEADERS & named.keys()},
        )
