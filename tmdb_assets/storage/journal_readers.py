"""Reading a whole journal with several processes: decoding takes most of a rebuild's time."""

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Generator, Iterator, Mapping
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Self, cast

from tmdb_assets.settings import StoredDataError
from tmdb_assets.storage.journal_answers import Batch, Reading, batches
from tmdb_assets.storage.journal_lines import ALL, Share
from tmdb_assets.tmdb.images import ImageURLs
from tmdb_assets.transforms.shares import dealt

_WORTH_BYTES = 200 << 20
"""From here on several processes save more than their start takes."""
_MOST = 4
_KILLED = "A process that read the journal was killed: run the same again."
_Ends = tuple["Connection[Any, Any]", "Connection[Any, Any]"]
_SPAWN = multiprocessing.get_context("spawn")  # polars' threads do not outlive a fork


def readers_for(sizes: Mapping[Path, int]) -> int:
    """Return how many processes may read segments of so many bytes at a time; 1 means this one."""
    return min(_MOST, _processors()) if sum(sizes.values()) >= _WORTH_BYTES else 1


def _processors() -> int:
    if sys.platform == "linux":  # as many as this process may use, of a container's perhaps
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def without_collecting() -> Generator[None]:
    """Let Python look for no cycles of objects meanwhile: answers have none, and it takes time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Readers:
    """Reads segments with processes of its own, which begin when it is entered and end with it.

    Parameters
    ----------
    sizes
        The segments, and about how many bytes the lines of each have.
    reading
        How answers are read.
    count
        How many processes; with 1 this one reads.
    """

    def __init__(self, sizes: Mapping[Path, int], reading: Reading, count: int) -> None:
        self._sizes = sizes
        self._reading = reading
        self._count = count
        self._processes: dict[Connection[Any, Any], BaseProcess] = {}

    def batches(self) -> Iterator[Batch]:
        """Yield all answers, a thousand at a time, in no order.

        Raises
        ------
        OSError
            A segment cannot be read.
        StoredDataError
            A process was killed.
        """
        if not self._processes:
            yield from batches([*self._sizes], self._reading)
        reading = set(self._processes)
        while reading:
            for ready in cast("list[Connection[Any, Any]]", wait(reading)):
                try:
                    said = ready.recv()
                except EOFError:
                    raise StoredDataError(_KILLED) from None
                if isinstance(said, Batch):
                    yield said
                elif isinstance(said, str):
                    self._reading.on_problem(said)
                elif isinstance(said, OSError):
                    raise said
                else:
                    reading.remove(ready)

    def close(self) -> None:
        """End the processes."""
        for ours, process in self._processes.items():
            ours.close()
            process.terminate()
            process.join()
        self._processes.clear()

    def __enter__(self) -> Self:
        for paths, share in self._shares() if self._count > 1 else ():
            ours, theirs = cast("_Ends", _SPAWN.Pipe(duplex=False))
            question = (paths, self._reading.region, self._reading.images, share)
            process = _SPAWN.Process(target=_read, args=(theirs, *question), daemon=True)
            process.start()
            theirs.close()
            self._processes[ours] = process
        return self

    def _shares(self) -> list[tuple[list[Path], Share]]:
        """Return what each process reads: segments of its own, or some lines of each, which all unpack."""
        if hands := dealt(self._sizes, self._count):
            return [(paths, ALL) for paths in hands]
        return [([*self._sizes], Share(number, self._count)) for number in range(self._count)]

    def __exit__(self, *_: object) -> None:
        self.close()


def _read(answer: Connection, paths: list[Path], region: str | None, images: ImageURLs, share: Share) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the other process's to tell of
    gc.disable()
    try:
        for batch in batches(paths, Reading(region, images, answer.send), share):
            answer.send(batch)
        answer.send(None)
    except BrokenPipeError:  # nobody waits for it any more
        return
    except OSError as error:
        answer.send(error)
