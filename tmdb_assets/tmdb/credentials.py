"""Credentials: a v3 key or a v4 token, told apart by shape, and never shown."""

from dataclasses import dataclass, field

from tmdb_assets.tmdb.errors import AuthenticationError

__all__ = ["Credential"]

_DOTS_OF_A_TOKEN = 2


@dataclass(frozen=True, slots=True)
class Credential:
    """What TMDB knows its user by.

    A v4 token (a JSON Web Token) goes into a header. A v3 key goes into the query, the only place where TMDB
    takes it; nothing that logs or raises may see an address with it.
    """

    secret: str = field(repr=False)

    @classmethod
    def parse(cls, text: str | None) -> "Credential":
        """Take a v3 key or a v4 token.

        Raises
        ------
        AuthenticationError
            When there is none, or it cannot be sent as it is.
        """
        secret = (text or "").strip()
        if not secret:
            raise AuthenticationError(
                "There is no TMDB credential: set TMDB_API_KEY, or pass api_key=, "
                "to a key or token from https://www.themoviedb.org/settings/api."
            )
        if not (secret.isascii() and secret.isprintable()) or " " in secret:
            raise AuthenticationError("The TMDB credential has characters that no key has: copy it again.")
        return cls(secret)

    @property
    def is_token(self) -> bool:
        """Whether this is a v4 token."""
        return self.secret.startswith("eyJ") and self.secret.count(".") == _DOTS_OF_A_TOKEN
