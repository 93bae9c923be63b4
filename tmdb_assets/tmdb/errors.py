"""What can go wrong, sorted by what to do next: ask again later, change the request, or give up on the id."""

__all__ = [
    "AuthenticationError",
    "DecodeError",
    "NotFoundError",
    "RateLimitError",
    "ServerError",
    "TMDBError",
    "TransportError",
    "ValidationError",
]


class TMDBError(Exception):
    """Anything that kept TMDB from giving a usable answer; its text is one sentence that says what to do.

    Parameters
    ----------
    sentence
        What ``str`` shows, after the request; never with a credential in it.
    status, code, message
        HTTP's status, TMDB's own code and TMDB's words, where an answer came.
    method, path
        What was asked, without the query.
    attempts
        How often it was asked.
    body
        The answer, untouched and decompressed, where one came.

    Attributes
    ----------
    retryable
        Whether the same request may succeed later: ``except TMDBError as error: if error.retryable: …``.
    """

    retryable: bool = False
    """Whether the same request may succeed later."""

    def __init__(
        self,
        sentence: str = "",
        *,
        status: int | None = None,
        code: int | None = None,
        message: str | None = None,
        method: str | None = None,
        path: str | None = None,
        attempts: int = 1,
        body: bytes | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.message = message
        self.method = method
        self.path = path
        self.attempts = attempts
        self.body = body

    def about(self, method: str, path: str, attempts: int) -> "TMDBError":
        """Return this error, with a note of which request failed, and how often it was tried.

        Parameters
        ----------
        method, path
            What was asked, without the query.
        attempts
            How often, from 1.
        """
        self.method, self.path, self.attempts = method, path, attempts
        return self

    def __str__(self) -> str:
        request = f"{self.method} {self.path}: " if self.path else ""
        tried = f" (tried {self.attempts} times)" if self.attempts > 1 else ""
        return f"{request}{super().__str__()}{tried}"


class AuthenticationError(TMDBError):
    """TMDB refuses the credential, or there is none: set ``TMDB_API_KEY``."""


class NotFoundError(TMDBError):
    """TMDB has no such thing: the id was never used, or it was deleted or merged."""


class ValidationError(TMDBError):
    """TMDB refuses the request as it is: change its parameters."""


class RateLimitError(TMDBError):
    """TMDB asks to slow down; ``retry_after`` is for how many seconds, where it said so."""

    retryable = True
    retry_after: float | None = None


class ServerError(TMDBError):
    """TMDB has a problem of its own: ask later, after ``retry_after`` seconds where it said so."""

    retryable = True
    retry_after: float | None = None


class TransportError(TMDBError):
    """No complete answer came: refused, reset, cut, too slow. Check the network, or ask later.

    ``is_sent`` is False where nothing was sent, since all of the client's own connections were busy.
    """

    retryable = True
    is_sent: bool = True


class DecodeError(TMDBError):
    """An answer came that cannot be read.

    It is ``retryable`` when it was not JSON (empty, cut short, a page of HTML), and not when it was
    well-formed but of another shape than promised. ``where`` is the place in it, such as
    ``$.credits.cast[0].id``.
    """

    where: str = "$"
