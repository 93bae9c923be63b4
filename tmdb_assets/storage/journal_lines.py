"""Reading the whole journal: every line of every segment, sealed or not."""

import contextlib
import fcntl
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

import msgspec
import zstandard

from tmdb_assets.storage.journal import Journal
from tmdb_assets.storage.segment import SEALED, JournalLine

_CHUNK = 1 << 20
_PACKED_CHUNK = 1 << 13
_UNPACKED_CHUNK = 1 << 17
"""What is unpacked at a time: so little is still in the processor's cache when it is decoded."""
_BODY = b',"body":'
_NONE = b"null"
_SHORT = 512
_LINE_BYTES = 25_000
_GROWTH = 5.0
"""How many times larger a segment is, as a rule, before it is sealed."""

OnProblem = Callable[[str], None]


class Share(NamedTuple):
    """One of several equal parts of a journal's lines, by its number from 0."""

    number: int
    of: int


ALL = Share(0, 1)


@contextlib.contextmanager
def kept_in_place(journal: Journal) -> Generator[None]:
    """Make sure that nobody compacts the journal meanwhile; others may read it at the same time."""
    with _lock_file(journal) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@contextlib.contextmanager
def to_oneself(journal: Journal) -> Generator[bool]:
    """Let nobody else read or compact the whole journal meanwhile; say whether that could be had at once."""
    with _lock_file(journal) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            is_ours = False
        else:
            is_ours = True
        yield is_ours


def _lock_file(journal: Journal) -> TextIO:
    journal.folder.mkdir(parents=True, exist_ok=True)
    return (journal.folder / "compaction.lock").open("a")


def unpacked_sizes(journal: Journal) -> dict[Path, int]:
    """Return about how many bytes each segment's lines have, from how much the first ones of one grow."""
    sizes = {path: path.stat().st_size for path in journal.segments()}
    sealed = {path: size for path, size in sizes.items() if path.name.endswith(SEALED)}
    growth = _growth(max(sealed, key=sealed.__getitem__)) if any(sealed.values()) else 1
    return sizes | {path: int(size * growth) for path, size in sealed.items()}


def expected_lines(journal: Journal) -> int:
    """Return about how many lines there are; at least one."""
    return 1 + sum(unpacked_sizes(journal).values()) // _LINE_BYTES


def _growth(sealed: Path) -> float:
    """Return how many times larger the beginning of a segment is before it is sealed."""
    with sealed.open("rb") as file:
        packed = file.read(_CHUNK)
    with contextlib.suppress(zstandard.ZstdError):
        return max(1.0, len(zstandard.ZstdDecompressor().decompressobj().decompress(packed)) / len(packed))
    return _GROWTH


def lines_of(
    paths: list[Path], on_problem: OnProblem, share: Share = ALL
) -> Iterator[tuple[JournalLine, memoryview]]:
    """Yield the answers of segments, or a share of them, without their bodies, and the bodies.

    A damaged line is left out and named; of a sealed segment that is cut, what is whole is taken. A last line
    that a kill has torn was never acknowledged, and no word is lost on it.
    """
    # The head alone: the body is decoded once, and only by who wants it.
    decoder = msgspec.json.Decoder(JournalLine)
    for path in paths:
        for line in _whole_lines(path, on_problem, share):
            try:
                at = _length_of_head(line)
                head, body = decoder.decode(bytes(line[:at]) + b"}"), line[at + len(_BODY) : -1]
            except ValueError:  # no body, or no JSON
                try:
                    head, body = decoder.decode(line), memoryview(_NONE)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    on_problem(f"{path} has a damaged line: that answer is left out.")
                    continue
            yield head, body


def _length_of_head(line: memoryview) -> int:
    """Return where a line's body begins; most heads are short."""
    at = bytes(line[:_SHORT]).find(_BODY)
    return at if at >= 0 else bytes(line).index(_BODY)


def _whole_lines(path: Path, on_problem: OnProblem, share: Share) -> Iterator[memoryview]:
    """Yield a segment's lines as they lie in memory; to copy each takes half as long as to decode it."""
    rest, count = b"", 0
    # What is wrong with a segment is said once, by whoever has the first share.
    for chunk in _chunks(path, on_problem if share.number == 0 else _ignore):
        end = chunk.find(b"\n")
        if end < 0:
            rest += chunk
            continue
        line, view, start = memoryview(rest + chunk[:end]), memoryview(chunk), 0
        while end >= 0:
            if count % share.of == share.number:
                yield line
            count += 1
            start, end = end + 1, chunk.find(b"\n", end + 1)
            line = view[start:end]
        rest = chunk[start:]


def _ignore(_problem: str) -> None:
    pass


def _chunks(path: Path, on_problem: OnProblem) -> Iterator[bytes]:
    file, is_sealed = _opened(path)
    with file:
        if not is_sealed:
            while chunk := file.read(_CHUNK):
                yield chunk
            return
        unpacking = _unpacking()
        try:
            while packed := file.read(_PACKED_CHUNK):
                while packed:
                    if unpacking.eof:  # another frame: compactions of earlier releases wrote an empty one
                        unpacking = _unpacking()
                    yield unpacking.decompress(packed)
                    packed = unpacking.unused_data
        except zstandard.ZstdError as error:
            on_problem(f"{path} is damaged ({error}): what follows in it is left out.")
        else:
            if not unpacking.eof:
                on_problem(f"{path} is cut: its last answers are left out.")


def _unpacking() -> "zstandard.ZstdDecompressionObj":  # which only the types know by that name
    return zstandard.ZstdDecompressor().decompressobj(write_size=_UNPACKED_CHUNK)


def _opened(path: Path) -> tuple[BinaryIO, bool]:
    """Open a segment, which another process may have sealed just now."""
    if not path.name.endswith(SEALED):
        with contextlib.suppress(FileNotFoundError):
            return path.open("rb"), False
        path = path.with_suffix(SEALED)
    return path.open("rb"), True
