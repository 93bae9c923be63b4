"""Faults on the wire: wrong answers, torn answers, broken connections."""

import asyncio
import socket
import struct
from collections.abc import Callable

from aiohttp import web

from tmdb_assets.fake_tmdb.answers import Answer
from tmdb_assets.fake_tmdb.errors import ApiError

SLOW_SECONDS = 1.5
_ERRORS = {"429": 25, "500": 11, "503": 46, "504": 24}
_HTML = "text/html"


def answer_instead(
    fault: str | None, respond: Callable[[Answer], web.Response], answer: Answer
) -> web.Response:
    """Return the response to send: the answer, or what a fault makes of it."""
    if fault in _ERRORS:
        response = respond(Answer.of_error(ApiError(_ERRORS[fault])))
        response.headers.pop("Retry-After", None)  # only the rate limit says how long to wait
        return response
    match fault:
        case "truncate":
            answer = Answer(answer.status, answer.body[: len(answer.body) // 2])
        case "empty":
            answer = Answer(200, b"")
        case "html200":
            answer = Answer(200, _page("One moment, please"), content_type=_HTML)
        case "502html":
            answer = Answer(502, _page("502 Bad Gateway"), content_type=_HTML)
        case _:
            pass
    response = respond(answer)
    if fault == "truncate_gzip" and isinstance(response.body, bytes):
        response.body = response.body[: len(response.body) // 2]
    return response


def reset(request: web.BaseRequest) -> None:
    """Reset the connection: the client reads ECONNRESET, not an end."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def break_off(request: web.BaseRequest, response: web.Response) -> None:
    """Send half of a response, then reset the connection."""
    body = response.body if isinstance(response.body, bytes) else b""
    torn = web.StreamResponse(status=response.status, headers=response.headers)
    torn.content_length = len(body)
    await torn.prepare(request)
    await torn.write(body[: len(body) // 2])
    await asyncio.sleep(0)  # the bytes leave before the reset overtakes them
    reset(request)


def _page(title: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>".encode()
