"""A disk without room."""

import contextlib
import resource
from collections.abc import Generator


@contextlib.contextmanager
def room_for(size: int) -> Generator[None]:
    """Let no file grow beyond so many bytes, as a full disk would."""
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
