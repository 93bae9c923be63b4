"""Redaction: no record of the libraries beneath the client, and no answer, shows a credential.

The libraries log what a server sends, and a redirect or an error page may repeat the address that was
asked for.
"""

import logging
import re

__all__ = ["Redaction"]

_LOGGERS = (
    *("httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpx"),
    *("aiohttp.client", "aiohttp.internal", "asyncio", "concurrent.futures"),
)
_STARS = "***"
_LONGEST_WORD = 16
_SHORTEST_PART = 4


class Redaction(logging.Filter):
    """Puts stars in place of a credential, also where it was quoted for an address, in JSON or by ``repr``.

    Parameters
    ----------
    secret
        The credential.
    """

    def __init__(self, secret: str) -> None:
        super().__init__()
        words = "".join(map(_spellings, secret))
        if len(secret) < _SHORTEST_PART:  # no secret, and a part of nearly every word
            words = f"(?<![A-Za-z0-9]){words}(?![A-Za-z0-9])"
        self._is_surely_secret = len(secret) >= _LONGEST_WORD
        # To look for its longest plain part first costs an answer of 30 kB a microsecond.
        self._part = max(re.findall("[A-Za-z0-9]*", secret), key=len)
        self._pattern = re.compile(words, re.IGNORECASE)
        self._part_of_bytes = self._part.encode()
        self._pattern_of_bytes = re.compile(words.encode(), re.IGNORECASE)

    def of(self, text: str) -> str:
        """Return a text without the credential."""
        return self._pattern.sub(_STARS, text) if self._part in text else text

    def of_body(self, body: bytes, *, is_error: bool) -> bytes:
        """Return an answer without the credential; a film may hold a short one as a word of its own."""
        if self._part_of_bytes not in body or not (is_error or self._is_surely_secret):
            return body
        return self._pattern_of_bytes.sub(_STARS.encode(), body)

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass, without the credential."""
        message = record.getMessage()
        if (redacted := self.of(message)) != message:
            record.msg, record.args = redacted, None
        if record.exc_info:
            trace = record.exc_text or _PLAIN.formatException(record.exc_info)
            if (redacted := self.of(trace)) != trace:
                record.exc_text, record.exc_info = redacted, None
        return True

    def install(self) -> None:
        """Keep the credential out of what the libraries log, from now on."""
        _installed.setdefault(self._pattern.pattern, self)
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(_installed[self._pattern.pattern])


_PLAIN = logging.Formatter()
_installed: dict[str, Redaction] = {}


def _spellings(character: str) -> str:
    if character.isalnum():
        return character
    code = f"{ord(character):02x}"
    return rf"(?:\\*{re.escape(character)}|%(?:25)?{code}|\\u00{code})"
