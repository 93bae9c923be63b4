"""Bodies: what came over the wire as the bytes of an answer, never more than fifty megabytes of them."""

import zlib

__all__ = ["LARGEST_BYTES", "BodyError", "Received"]

LARGEST_BYTES = 50_000_000
"""A larger answer is refused, as it is sent and as it is decompressed; TMDB's are below one megabyte."""

_GZIP = 31


_MOST_MEMBERS = 100


class BodyError(Exception):
    """An answer that is refused; its text says why."""

    def __init__(self, why: str, *, may_pass: bool = False) -> None:
        super().__init__(why)
        self.may_pass = may_pass
        """Whether the next answer to the same question may be a good one."""


class Received:
    """The bytes of one answer while they come."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, chunk: bytes) -> None:
        """Take the next piece.

        Raises
        ------
        BodyError
            When it is too much.
        """
        self._bytes += chunk
        _check(len(self._bytes))

    def decompressed(self, encoding: str) -> bytes:
        """Return the answer; one that was cut short is as short as it was cut.

        Parameters
        ----------
        encoding
            What ``Content-Encoding`` says; only gzip is asked for.

        Raises
        ------
        BodyError
            When it is in another encoding, damaged, or too much.
        """
        if encoding.strip().lower() in {"", "identity"}:
            return bytes(self._bytes)
        if encoding.strip().lower() not in {"gzip", "x-gzip"}:
            raise BodyError("the answer is compressed in a way that was not asked for: check TMDB_BASE_URL")
        # All at once: decompressing piece by piece would let each of them grow a thousandfold unchecked.
        rest, whole = bytes(self._bytes), b""
        try:
            for _ in range(_MOST_MEMBERS):  # TMDB sends one; a million empty ones would take minutes
                if not rest:
                    return whole
                member = zlib.decompressobj(_GZIP)
                part = member.decompress(rest, LARGEST_BYTES + 1 - len(whole))
                whole = whole + part if whole else part
                _check(len(whole))
                rest = member.unused_data
        except zlib.error:
            pass
        raise BodyError("the answer was damaged on its way: ask later", may_pass=True)


def _check(size: int) -> None:
    if size > LARGEST_BYTES:
        raise BodyError(f"the answer is larger than {LARGEST_BYTES // 1_000_000} MB: report it")
