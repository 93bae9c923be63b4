"""One request from arrival to answer: count, limit, authorize, answer, go wrong on purpose, take its time."""

import asyncio
import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from aiohttp import web

from tmdb_assets.fake_tmdb.answers import Answer, AnswerCache
from tmdb_assets.fake_tmdb.catalogue import Catalogue
from tmdb_assets.fake_tmdb.changes import Former
from tmdb_assets.fake_tmdb.credentials import is_authorized
from tmdb_assets.fake_tmdb.errors import ApiError
from tmdb_assets.fake_tmdb.exports import PREFIX as EXPORTS
from tmdb_assets.fake_tmdb.exports import export_of, send
from tmdb_assets.fake_tmdb.faults import Faults
from tmdb_assets.fake_tmdb.lists import Question
from tmdb_assets.fake_tmdb.mishaps import SLOW_SECONDS, answer_instead, break_off, reset
from tmdb_assets.fake_tmdb.pictures.gallery import PREFIX, picture
from tmdb_assets.fake_tmdb.rate_limit import SlidingWindow
from tmdb_assets.fake_tmdb.routes import Operation, operation_of
from tmdb_assets.fake_tmdb.statistics import Statistics

_OK = 200
_HOUR = 3600
_NOT_MODIFIED = 304


class LoggedRequest(NamedTuple):
    """One request that was answered; status 0 is a connection that was reset."""

    method: str
    path: str
    query: dict[str, str]
    status: int
    time: float


@dataclass(kw_only=True)
class Application:
    """The fake's HTTP handler."""

    catalogue: Catalogue
    faults: Faults
    limiter: SlidingWindow
    latency_seconds: float
    credential: str | None
    clock: Callable[[], dt.datetime]
    former: Former
    on_request: Callable[[int, str], object] | None = None
    log: list[LoggedRequest] | None = None

    def __post_init__(self) -> None:
        self.statistics = Statistics()
        self.lock = threading.RLock()
        self._cache = AnswerCache()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        if request.path == "/__stats__":
            return self._response(request, Answer.of_json(_OK, self.statistics.as_json()))
        if request.path.startswith(PREFIX):
            # TMDB's pictures are another server's: they need no key, and neither limit nor faults touch them.
            return self._response(request, self._picture(request))
        if request.path.startswith(EXPORTS):
            return await self._export(request)
        arrived = time.monotonic()
        operation = operation_of(request.path)
        query = dict(request.query)
        status = 0
        number = self.statistics.arrive(arrived)
        try:
            if self.on_request is not None:
                self.on_request(number, request.path)
            is_admitted = self.limiter.admit(arrived)
            answer = self._answer(request, operation, query, number, is_admitted=is_admitted)
            fault = self.faults.choose(number)
            if film_id := self._film_id(operation):
                self.statistics.ask_details(film_id)
                if answer.status == _OK and fault in {None, "slow"}:
                    self.statistics.answer_details(film_id)
            await self._wait(arrived, fault)
            if fault == "reset":
                reset(request)
                return web.Response()
            if fault == "reset_body":
                await break_off(request, self._response(request, answer))
                return web.Response()
            response = answer_instead(fault, lambda each: self._response(request, each), answer)
            status = response.status
            return response
        finally:
            self.statistics.finish(operation.template, status)
            if self.log is not None:
                query.pop("api_key", None)
                self.log.append(LoggedRequest(request.method, request.path, query, status, arrived))

    def _answer(
        self,
        request: web.BaseRequest,
        operation: Operation,
        query: dict[str, str],
        number: int,
        *,
        is_admitted: bool,
    ) -> Answer:
        if not is_admitted:
            return Answer.of_error(ApiError(25))
        if not is_authorized(request.headers.get("Authorization"), query, self.credential):
            return Answer.of_error(ApiError(7))
        if request.method not in {"GET", "HEAD"}:
            return Answer.of_error(ApiError(34))
        try:
            drift = self.faults.drift(number) if operation.is_list else 0
            return self._found(request, operation, query, drift)
        except ApiError as error:
            return Answer.of_error(error)

    def _picture(self, request: web.BaseRequest) -> Answer:
        if request.method not in {"GET", "HEAD"}:
            return Answer.of_error(ApiError(34))
        with self.lock:
            answer = self._cache.get(request.path, self.catalogue.version)
            if answer is None:
                svg = picture(self.catalogue, request.path)
                if svg is None:
                    return Answer.of_error(ApiError(34))
                answer = Answer(_OK, svg.encode(), _HOUR, "image/svg+xml")
                self._cache.keep(request.path, answer)
        return answer

    async def _export(self, request: web.BaseRequest) -> web.StreamResponse:
        """Send an export of ids; like pictures, it is another server's."""
        with self.lock:
            parts = export_of(self.catalogue, request.path, self.clock().date())
        if parts is None or request.method not in {"GET", "HEAD"}:
            return self._response(request, Answer.of_error(ApiError(34)))
        return await send(request, parts)

    def _found(
        self, request: web.BaseRequest, operation: Operation, query: dict[str, str], drift: int
    ) -> Answer:
        now = self.clock()
        asked = tuple(sorted(pair for pair in query.items() if pair[0] != "api_key"))
        with self.lock:
            former = self.former.of(self._film_id(operation), now)
            at = now if operation.is_of_now else None
            key = (request.host, request.path, drift, asked, at, former is not None)
            answer = self._cache.get(key, self.catalogue.version)
            if answer is None:
                question = Question(former or self.catalogue, query, drift, request.host, now)
                value = operation.answer(question)
                answer = Answer.of_json(_OK, value, operation.max_age)
                self._cache.keep(key, answer)
        return answer

    def _film_id(self, operation: Operation) -> int | None:
        if operation.film is None:
            return None
        if operation.film.isdecimal():
            return int(operation.film)
        return self.catalogue.by_imdb_id.get(operation.film)

    async def _wait(self, arrived: float, fault: str | None) -> None:
        seconds = self.latency_seconds + (SLOW_SECONDS if fault == "slow" else 0)
        left = arrived + seconds - time.monotonic()
        if seconds and left > 0:
            await asyncio.sleep(left)

    def _response(self, request: web.BaseRequest, answer: Answer) -> web.Response:
        headers = {
            "Content-Type": answer.content_type,
            "Server": "fake-tmdb",
            "Vary": "Accept-Encoding",
            "X-Fake-TMDB": f"{self.catalogue.label}; films={len(self.catalogue.entries)}",
        }
        if answer.status == ApiError(25).status:
            headers["Retry-After"] = "1"
        if answer.max_age:
            headers |= {"Cache-Control": f"public, max-age={answer.max_age}", "ETag": answer.etag}
            if request.headers.get("If-None-Match") == answer.etag:
                del headers["Content-Type"]
                return web.Response(status=_NOT_MODIFIED, headers=headers)
        body = answer.body
        if body and "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = answer.compressed
        return web.Response(status=answer.status, headers=headers, body=body)
