"""Answers as bytes: JSON, gzip and ETag, made once and kept while nothing changes."""

import zlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import msgspec

from tmdb_assets.fake_tmdb.errors import ApiError

_KEPT_BYTES = 64 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(slots=True)
class Answer:
    """A status, a body and for how long it may be cached."""

    status: int
    body: bytes
    max_age: int = 0
    content_type: str = "application/json;charset=utf-8"
    _compressed: bytes | None = None
    _etag: str | None = None

    @classmethod
    def of_json(cls, status: int, value: object, max_age: int = 0) -> "Answer":
        """Encode a JSON answer."""
        return cls(status, msgspec.json.encode(value), max_age)

    @classmethod
    def of_error(cls, error: ApiError) -> "Answer":
        """Encode a refusal."""
        return cls.of_json(error.status, error.body)

    @property
    def compressed(self) -> bytes:
        """The body as gzip."""
        if self._compressed is None:
            self._compressed = compressed(self.body)
        return self._compressed

    @property
    def etag(self) -> str:
        """The body's weak ETag."""
        if self._etag is None:
            self._etag = f'W/"{zlib.crc32(self.body):08x}{len(self.body):x}"'
        return self._etag


def compressed(body: bytes) -> bytes:
    """Return a body as gzip, quickly rather than small."""
    compressor = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    return compressor.compress(body) + compressor.flush()


class AnswerCache:
    """The answers that were made last, as long as the catalogue stays as it is."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Any, Answer] = OrderedDict()
        self._version = 0
        self._bytes = 0

    def get(self, key: object, version: int) -> Answer | None:
        """Return the answer that was kept for a request, if the catalogue has not changed since."""
        if version != self._version:
            self._answers.clear()
            self._version, self._bytes = version, 0
        return self._answers.get(key)

    def keep(self, key: object, answer: Answer) -> None:
        """Keep an answer, and let the oldest go when there are too many."""
        self._answers[key] = answer
        self._bytes += len(answer.body)
        while self._bytes > _KEPT_BYTES:
            self._bytes -= len(self._answers.popitem(last=False)[1].body)
