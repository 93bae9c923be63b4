"""Text of others, such as titles, as it may reach a terminal."""

import re

_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """Return a text without control characters, which could move the cursor or hide what follows."""
    return _CONTROLS.sub("\ufffd", text)
