"""The fenced blocks of a page, and what comes of running them."""

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Snippet(NamedTuple):
    """A block, and what the page shows as its output: the block ``text`` right below it."""

    language: str
    line: int
    code: str
    output: str


def snippets(page: Path) -> Iterator[Snippet]:
    """Yield the blocks of a page that are not themselves an output."""
    text = page.read_text()
    fences = list(_FENCE.finditer(text))
    for fence, below in zip(fences, [*fences[1:], None], strict=True):
        is_shown = below and below[1] == "text" and not text[fence.end() : below.start()].strip()
        if fence[1] != "text":
            line = text.count("\n", 0, fence.start(2))
            yield Snippet(fence[1], line, fence[2], below[2] if below and is_shown else "")


def printed(snippet: Snippet, page: Path, names: dict[str, Any]) -> str:
    """Run a block of Python among the names of those above it, and return what it prints."""
    # As many empty lines go before as stand above it, so that a traceback names the page's line.
    code = compile("\n" * snippet.line + snippet.code, str(page), "exec", dont_inherit=True)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(code, names)  # noqa: S102 -- the project's own page
    return out.getvalue()
