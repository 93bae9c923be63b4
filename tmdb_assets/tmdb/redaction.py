"""Redaction: no record of the libraries beneath the client shows a credential.

They log what a server sends, and a redirect or an error page may repeat the address that was asked for.
"""

import logging

__all__ = ["redact"]

_LOGGERS = (
    *("httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpx"),
    *("aiohttp.client", "aiohttp.internal", "asyncio"),
)


class _Redaction(logging.Filter):
    """Puts stars in place of every credential that a client of this process has used."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: frozenset[str] = frozenset()

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if any(secret in message for secret in self.secrets):
            for secret in self.secrets:
                message = message.replace(secret, "***")
            record.msg, record.args = message, None
        return True


_redaction = _Redaction()


def redact(secret: str) -> None:
    """Keep a credential out of what the libraries log, from now on."""
    _redaction.secrets |= {secret}
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_redaction)  # once, however often it is added
