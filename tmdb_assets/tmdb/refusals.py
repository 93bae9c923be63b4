"""Refusals: replies that are no answer, as the errors that say what to do next."""

from http import HTTPStatus

import msgspec

from tmdb_assets.tmdb.errors import (
    AuthenticationError,
    NotFoundError,
    RateLimitError,
    ServerError,
    TMDBError,
    TransportError,
    ValidationError,
)

__all__ = ["refusal"]

_LONGEST_MESSAGE = 300


class _ErrorBody(msgspec.Struct):
    status_code: int | None = None
    status_message: str | None = None
    errors: list[str] = []


def refusal(status: int, body: bytes, wait_seconds: float | None = None) -> TMDBError:
    """Return the error for a reply that is no answer.

    Parameters
    ----------
    status
        HTTP's status, outside of 200 to 299.
    body
        JSON as TMDB sends it, or anything that stands in between.
    wait_seconds
        How long TMDB wants to be left alone, where it said so.
    """
    kind, advice = _kind(status)
    said = _error_body(body)
    message = said.status_message or "; ".join(said.errors) or None
    code = f", code {said.status_code}" if said.status_code is not None else ""
    words = f" {' '.join(message.split())[:_LONGEST_MESSAGE]!r}" if message else ""
    error = kind(
        f"TMDB answered HTTP {status}{code}{words}: {advice}.",
        status=status,
        code=said.status_code,
        message=message,
        body=body,
    )
    if isinstance(error, TransportError):
        error.retryable = False
    if isinstance(error, (RateLimitError, ServerError)):
        error.retry_after = wait_seconds
    return error


def _kind(status: int) -> tuple[type[TMDBError], str]:
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return AuthenticationError, "check TMDB_API_KEY"
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            return NotFoundError, "the id was never used, or it was deleted or merged"
        case HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimitError, "ask later, or lower TMDB_REQUESTS_PER_SECOND"
        case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return ServerError, "ask later"
        case _ if status >= HTTPStatus.BAD_REQUEST:
            return ValidationError, "change the parameters"
        case _:
            return TransportError, "TMDB's API does not redirect, so check TMDB_BASE_URL"


def _error_body(body: bytes) -> _ErrorBody:
    try:
        return msgspec.json.decode(body, type=_ErrorBody)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _ErrorBody()  # HTML of a CDN, or nothing
