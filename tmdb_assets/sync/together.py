"""Several requests at once, with one error at most."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


async def together(asking: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Wait for all and return their results in order.

    Raises
    ------
    BaseException
        The first error that one of them raised; the others are stopped before.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in asking]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
